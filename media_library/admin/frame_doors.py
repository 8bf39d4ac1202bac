"""Who gets to frames in the back office, and where they go from there."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.permissions import can
from media_library.models import UploadBatch

PAGE = "back_office_frames"
MOST_TARGETS = 500


def refused(request: HttpRequest) -> HttpResponse | None:
    """A superuser who chose no organization is led to the choice. Raises PermissionDenied."""
    organization = request.organization  # type: ignore[attr-defined]
    if organization is None and request.user.is_superuser:
        return redirect("admin:index")
    if organization is None or not can(request.user, "content.view", organization):
        raise PermissionDenied
    return None


def require_maker(request: HttpRequest) -> Any:
    """The organization one works in. Raises PermissionDenied."""
    organization = request.organization  # type: ignore[attr-defined]
    if organization is None or not can(request.user, "content.edit", organization):
        raise PermissionDenied
    return organization


def way_back(request: HttpRequest) -> str:
    """The page the form says it came from, if that is one of ours."""
    told = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(told, allowed_hosts=None) and told.startswith(reverse(PAGE))
    return told if is_ours else reverse(PAGE)


def targets() -> QuerySet[UploadBatch]:
    """Batches to move to, with `frame_count`."""
    batches: QuerySet[UploadBatch] = UploadBatch.objects.select_related("project").annotate(frame_count=Count("frames"))
    return batches.order_by("project__title", "project", "position", "pk")[:MOST_TARGETS]
