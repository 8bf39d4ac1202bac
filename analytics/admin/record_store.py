"""Where what is watched is told: one learning record store for an organization, for its owners."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import can
from analytics.forms import RecordStoreForm
from analytics.models import RecordStore
from analytics.services.record_stores import (
    forget_store,
    is_being_pushed,
    push_again,
    refused,
    set_store,
    store_here,
    waiting,
)
from core.errors import Refused

View = Callable[..., HttpResponse]
PAGE = "back_office_record_store"
REFUSED_SHOWN = 10


def record_store_urls() -> list[Any]:
    """Below `/admin/record-store/`."""
    doors: dict[str, tuple[View, str]] = {
        "": (store_page, PAGE),
        "push/": (push_now, "back_office_record_store_push"),
        "forget/": (forget, "back_office_record_store_forget"),
    }
    return [path(below, admin.site.admin_view(view), name=name) for below, (view, name) in doors.items()]


@require_http_methods(["GET", "HEAD", "POST"])
def store_page(request: HttpRequest) -> HttpResponse:
    _refuse_unless_owner(request)
    store = store_here()
    form = RecordStoreForm(request.POST or None, store=store)
    if request.method == "POST" and form.is_valid() and _is_taken(request, form):
        return redirect(PAGE)
    return render(request, "admin/analytics/record_store.html", _context(request, store, form))


@require_POST
def push_now(request: HttpRequest) -> HttpResponse:
    if push_again(_store_or_404(request)):
        messages.success(request, _("The record store is being told."))
    else:
        messages.info(request, _("There is nothing to tell."))
    return redirect(PAGE)


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    forget_store(_store_or_404(request), by=request.user)
    messages.success(request, _("The record store is forgotten."))
    return redirect(PAGE)


def _is_taken(request: HttpRequest, form: RecordStoreForm) -> bool:
    try:
        set_store(form.terms, by=request.user)
    except Refused as refusal:
        for name, words in refusal.fields.items():
            form.add_error(name, words)
        return False
    messages.success(request, _("Stored."))
    return True


def _context(request: HttpRequest, store: RecordStore | None, form: RecordStoreForm) -> dict[str, Any]:
    return {
        **admin.site.each_context(request),
        "title": _("Learning record store"),
        "store": store,
        "form": form,
        "waiting": waiting().count() if store else 0,
        "refused": refused().count() if store else 0,
        "refusals": list(refused().order_by("-pk")[:REFUSED_SHOWN]) if store else [],
        "is_pushing": store is not None and is_being_pushed(store),
    }


def _store_or_404(request: HttpRequest) -> RecordStore:
    _refuse_unless_owner(request)
    store = store_here()
    if store is None:
        raise Http404
    return store


def _refuse_unless_owner(request: HttpRequest) -> None:
    organization = request.organization  # type: ignore[attr-defined]
    if organization is None or not (request.user.is_superuser or can(request.user, "sources.manage", organization)):
        raise PermissionDenied
