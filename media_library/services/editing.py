"""What creators say about their media."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from core.errors import Refused
from media_library.models import Media, Publication
from media_library.services.crediting import CreditLine, credit_people
from media_library.services.publishing import archive_media, publish_media, unpublish_media
from media_library.services.shelving import put_in_categories, tag_media


@transaction.atomic
def edit_media(
    media: Media,
    *,
    title: str | None = None,
    description: str | None = None,
    categories: Sequence[UUID] | None = None,
    tags: Sequence[str] | None = None,
    credits: Sequence[CreditLine] | None = None,
    by: Any,
) -> None:
    """Change what is given, leave the rest. `categories` are keys, `tags` names; each list replaces the whole.

    Raises Refused for an empty title, and like the verbs of `shelving` and `crediting`.
    """
    if title is not None and not title.strip():
        raise Refused("invalid", "Media needs a title.", fields={"title": ["This field may not be blank."]})
    if tags is not None:
        tag_media(media, tags, by=by)
    if categories is not None:
        put_in_categories(media, categories, by=by)
    if credits is not None:
        credit_people(media, credits, by=by)
    words = {"title": title and title.strip(), "description": description}
    given = {name: value for name, value in words.items() if value is not None}
    for name, value in given.items():
        setattr(media, name, value)
    media.save(update_fields=[*given, "updated_at"])


def move_to(media: Media, publication: str, *, by: Any) -> None:
    """Bring media into a state of publication. Raises Refused like the verb that does it."""
    verbs = {
        Publication.DRAFT: unpublish_media,
        Publication.PUBLISHED: publish_media,
        Publication.ARCHIVED: archive_media,
    }
    verbs[Publication(publication)](media, by=by)
