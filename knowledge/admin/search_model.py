"""The model that search asks, for whoever runs the installation: the same verbs as `switch_embeddings`."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import Refused
from knowledge.services.search_model_status import discard_building, request_switch, search_models


def search_model_urls() -> list[Any]:
    """Below `/admin/search-model/`."""
    doors: dict[str, tuple[Callable[..., HttpResponse], str]] = {
        "": (search_model_page, "back_office_search_model"),
        "build/": (build, "back_office_search_model_build"),
        "flip/": (flip, "back_office_search_model_flip"),
        "discard/": (discard, "back_office_search_model_discard"),
    }
    return [path(below, admin.site.admin_view(view), name=name) for below, (view, name) in doors.items()]


@require_safe
def search_model_page(request: HttpRequest) -> HttpResponse:
    _refuse_all_but_superusers(request)
    context = {**admin.site.each_context(request), "title": _("Search model"), "status": search_models()}
    return render(request, "admin/knowledge/search_model.html", context)


@require_POST
def build(request: HttpRequest) -> HttpResponse:
    return _requested(request, flips=False)


@require_POST
def flip(request: HttpRequest) -> HttpResponse:
    return _requested(request, flips=True)


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    _refuse_all_but_superusers(request)
    discard_building()
    messages.success(request, _("Given up. Search goes on with the model that is live."))
    return redirect("back_office_search_model")


def _requested(request: HttpRequest, *, flips: bool) -> HttpResponse:
    _refuse_all_but_superusers(request)
    try:
        request_switch(flips=flips)
        messages.success(request, _("In line. Search goes on with the model that is live."))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("back_office_search_model")


def _refuse_all_but_superusers(request: HttpRequest) -> None:
    if not request.user.is_superuser:
        raise PermissionDenied
