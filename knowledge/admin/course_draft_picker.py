"""Choosing media for a draft, without a script: what is ticked goes along with each search."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest

from media_library.links import audience_of
from media_library.models import Media
from media_library.player import MediaAddresses
from media_library.wording import clock_time

FOUND_AT_ONCE = 24


def picking(request: HttpRequest, told: Any) -> dict[str, Any]:
    """What is chosen, in its order, and what `q` finds besides. Three statements."""
    words = told.get("q", "").replace("\x00", "").strip()
    keys = _keys(told.getlist("videos"))
    chosen = Media.objects.present().for_list().in_bulk(keys)
    found = Media.objects.present().for_list().search(words).exclude(pk__in=keys).order_by("-id")
    page = Paginator(found, FOUND_AT_ONCE).get_page(told.get("page"))
    return {
        "words": words,
        "page": page,
        "chosen": [_row(request, chosen[key]) for key in keys if key in chosen],
        "found": [_row(request, media) for media in page],
    }


def _keys(texts: Iterable[str]) -> list[UUID]:
    """Each once; what is no key is nothing."""
    keys = []
    for text in dict.fromkeys(texts):
        try:
            keys.append(UUID(text))
        except ValueError:
            continue
    return keys


def _row(request: HttpRequest, media: Media) -> dict[str, Any]:
    address = MediaAddresses(media, request.organization.slug, audience_of(request))  # type: ignore[attr-defined]
    return {
        "media": media,
        "picture": address.thumbnail if media.thumbnail_path else "",
        "length": clock_time(media.duration),
    }
