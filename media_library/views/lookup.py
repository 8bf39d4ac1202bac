"""Finding the media a page is about, for the person who asks."""

from uuid import UUID

from django.http import Http404, HttpRequest

from media_library.models import Media
from media_library.querysets import MediaQuerySet


def watchable_media(request: HttpRequest, media_id: UUID, media: MediaQuerySet | None = None) -> Media:
    """The media of an address. Raises Http404 where there is none, or none that this person may watch."""
    rows = Media.objects.all() if media is None else media
    found = rows.visible_to(request.user, request.organization).filter(pk=media_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found
