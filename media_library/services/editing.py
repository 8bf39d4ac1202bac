"""What creators say about their media."""

from typing import Any

from django.db import transaction

from core.errors import Refused
from media_library.models import Media, Publication
from media_library.services.publishing import archive_media, publish_media, unpublish_media


@transaction.atomic
def edit_media(media: Media, *, title: str | None = None, description: str | None = None, by: Any) -> None:
    """Change what is given, leave the rest. Raises Refused for an empty title."""
    if title is not None and not title.strip():
        raise Refused("invalid", "Media needs a title.", fields={"title": ["This field may not be blank."]})
    media.title = media.title if title is None else title.strip()
    media.description = media.description if description is None else description
    media.save(update_fields=["title", "description", "updated_at"])


def move_to(media: Media, publication: str, *, by: Any) -> None:
    """Bring media into a state of publication. Raises Refused like the verb that does it."""
    verbs = {
        Publication.DRAFT: unpublish_media,
        Publication.PUBLISHED: publish_media,
        Publication.ARCHIVED: archive_media,
    }
    verbs[Publication(publication)](media, by=by)
