"""The hosts that videos come from: how it goes with each, and what the organization gave for it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import can
from core.errors import Refused
from media_library.forms import CredentialsForm
from media_library.models import Import, SourceAccount
from media_library.services.hosts import credentials_at
from media_library.services.source_accounts import (
    findings_on,
    forget_credentials,
    give_credentials,
    is_being_checked,
    request_check,
    source_named,
)
from media_library.services.source_health import health_of_sources
from media_library.services.syncing import last_sync, request_sync
from media_library.sources import Source

View = Callable[..., HttpResponse]


def source_urls() -> list[Any]:
    """Below `/admin/sources/`."""
    doors: dict[str, tuple[View, str]] = {
        "": (source_list, "back_office_sources"),
        "<slug:source>/": (source_page, "back_office_source"),
        "<slug:source>/findings/": (findings, "back_office_source_findings"),
        "<slug:source>/check/": (check, "back_office_source_check"),
        "<slug:source>/forget/": (forget, "back_office_source_forget"),
        "<slug:source>/sync/": (sync, "back_office_source_sync"),
    }
    return [path(below, admin.site.admin_view(view), name=name) for below, (view, name) in doors.items()]


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    """Every host, for those who make content."""
    _refuse_unless(request, "content.view")
    health = health_of_sources()
    context = {"title": _("Sources"), "health": health, "may_manage": _may(request, "sources.manage")}
    return render(request, "admin/media_library/sources.html", admin.site.each_context(request) | context)


@require_http_methods(["GET", "HEAD", "POST"])
def source_page(request: HttpRequest, source: str) -> HttpResponse:
    """One host's credentials, for owners."""
    _refuse_unless(request, "sources.manage")
    host = _source_or_404(source)
    stored = frozenset(credentials_at(host.name))
    form = CredentialsForm(host, request.POST or None, stored=stored)
    if request.method == "POST" and form.is_valid() and _is_taken(request, host, form):
        return redirect("back_office_source", host.name)
    return render(request, "admin/media_library/source.html", _context(request, host, form))


@require_safe
def findings(request: HttpRequest, source: str) -> HttpResponse:
    """What the page asks for again while a test is under way."""
    account = _account(request, source)
    context = {"account": account, "findings": findings_on(account), "is_checking": is_being_checked(account)}
    return render(request, "admin/media_library/source_findings.html", context)


@require_POST
def check(request: HttpRequest, source: str) -> HttpResponse:
    request_check(_account(request, source))
    return redirect("back_office_source", source)


@require_POST
def forget(request: HttpRequest, source: str) -> HttpResponse:
    account = _account(request, source)
    forget_credentials(account, by=request.user)
    messages.success(request, _("The credentials are forgotten."))
    return redirect("back_office_sources")


@require_POST
def sync(request: HttpRequest, source: str) -> HttpResponse:
    try:
        request_sync(_account(request, source), by=request.user)
        messages.success(request, _("Its lessons are being read. They appear among the media as they come."))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("back_office_source", source)


def _is_taken(request: HttpRequest, source: Source, form: CredentialsForm) -> bool:
    try:
        give_credentials(source, form.given, by=request.user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, _("Stored, and being tested."))
    return True


def _context(request: HttpRequest, source: Source, form: CredentialsForm) -> dict[str, Any]:
    account = SourceAccount.objects.filter(source=source.name).first()
    sync = account and last_sync(account)
    slug = request.organization.slug  # type: ignore[attr-defined]
    return {
        **admin.site.each_context(request),
        "title": source.label,
        "source": source,
        "form": form,
        "account": account,
        "findings": findings_on(account) if account else [],
        "sync": sync,
        "has_answers": sync is not None and Import.objects.filter(pk=sync.pk).exists(),
        "is_checking": account is not None and is_being_checked(account),
        "messages_url": _messages_url(request, slug, account) if account and source.has_webhooks else "",
    }


def _messages_url(request: HttpRequest, slug: str, account: SourceAccount) -> str:
    return request.build_absolute_uri(reverse("source_messages", args=[slug, account.pk]))


def _account(request: HttpRequest, name: str) -> SourceAccount:
    _refuse_unless(request, "sources.manage")
    return get_object_or_404(SourceAccount, source=_source_or_404(name).name)


def _source_or_404(name: str) -> Source:
    try:
        return source_named(name)
    except Refused as refusal:
        raise Http404 from refusal


def _may(request: HttpRequest, action: str) -> bool:
    return can(request.user, action, request.organization)  # type: ignore[attr-defined]


def _refuse_unless(request: HttpRequest, action: str) -> None:
    """A superuser who chose no organization has none to look at."""
    organization = request.organization  # type: ignore[attr-defined]
    if organization is None or not (request.user.is_superuser or can(request.user, action, organization)):
        raise PermissionDenied
