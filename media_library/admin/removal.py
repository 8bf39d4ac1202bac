"""Deleting for good in the back office: asked once more, with what goes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from core.errors import Refused
from media_library.models import Media, WatchRecord
from media_library.services.purging import purge_media, refuse_purge
from media_library.services.storage_report import bytes_of


def removal_urls(model_admin: Any) -> list[URLPattern]:
    def page(request: HttpRequest, media_id: UUID) -> HttpResponse:
        return _purge_page(model_admin, request, media_id)

    view = model_admin.admin_site.admin_view(page)
    return [path("<uuid:media_id>/purge/", view, name="media_library_media_purge")]


def _purge_page(model_admin: Any, request: HttpRequest, media_id: UUID) -> HttpResponse:
    media = get_object_or_404(Media, pk=media_id)
    if not model_admin.has_change_permission(request, media):
        raise PermissionDenied
    try:
        refuse_purge(media)
        return _purge(request, media) if request.method == "POST" else _question(model_admin, request, media)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("admin:media_library_media_change", media.pk)


def _purge(request: HttpRequest, media: Media) -> HttpResponse:
    purge_media(media, by=request.user)
    messages.success(request, _("“%(title)s” is gone for good.") % {"title": media})
    return redirect("admin:media_library_media_changelist")


def _question(model_admin: Any, request: HttpRequest, media: Media) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Delete for good"),
        "opts": model_admin.opts,
        "media_item": media,
        "bytes": bytes_of(media),
        "learners": WatchRecord.objects.filter(media=media).count(),
    }
    return render(request, "admin/media_library/media/purge.html", context)
