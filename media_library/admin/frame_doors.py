"""Who gets to frames in the back office, and where they go from there."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.permissions import can
from media_library.frames.finding import Counts, batches_in_order
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


def targets() -> list[UploadBatch]:
    """Batches to move to."""
    return list(batches_in_order()[:MOST_TARGETS])


def with_counts(batches: Iterable[Any], counts: dict[UUID, Counts]) -> list[Any]:
    """Each with `counts` of its frames."""
    shown = list(batches)
    for batch in shown:
        batch.counts = counts.get(batch.pk, Counts(0, 0))
    return shown
