"""Pictures of frames, for whoever may watch the film they were taken out of."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.middleware import opens_own_scope
from media_library.frames.pictures import small_picture
from media_library.links import Files
from media_library.models import Frame, Media
from media_library.views.delivery import FOREVER
from media_library.views.lookup import media_behind_link
from media_library.views.sending import INERT, send_file


@require_safe
def frame_picture(request: HttpRequest, organization: str, frame_id: UUID) -> HttpResponseBase:
    return _picture(request, _path(frame_id, _watchable(request)))


@require_safe
def small_frame(request: HttpRequest, organization: str, frame_id: UUID) -> HttpResponseBase:
    """At most 320 pixels wide and high; what cannot be made smaller as it is."""
    path = _path(frame_id, _watchable(request))
    try:
        picture = small_picture(path)
    except FileNotFoundError as error:
        raise Http404 from error
    if picture is None:
        return _picture(request, path)
    headers = {"Cache-Control": FOREVER, "Content-Security-Policy": INERT}
    return HttpResponse(picture, content_type="image/jpeg", headers=headers)


@opens_own_scope
@login_not_required
@require_safe
def linked_frame(request: HttpRequest, organization: str, media_id: UUID, frame_id: UUID, token: str) -> Any:
    """For programs, which are not logged in."""
    with media_behind_link(request, Files(organization, media_id, frame_id), token, is_seen=True) as media:
        return _picture(request, _path(frame_id, Media.objects.filter(pk=media.pk)))


def _watchable(request: HttpRequest) -> Any:
    return Media.objects.watchable_by(request.user, request.organization)  # type: ignore[attr-defined]


def _path(frame_id: UUID, media: Any) -> str:
    """Raises Http404 where there is no such frame, or none of this media."""
    path: str | None = Frame.objects.filter(pk=frame_id, media__in=media).values_list("path", flat=True).first()
    if path is None:
        raise Http404
    return path


def _picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """The file never changes; only this person's browser may keep it."""
    response = send_file(request, path, content_type="image/jpeg")
    response.headers.setdefault("Cache-Control", FOREVER)
    return response
