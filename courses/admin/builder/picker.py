"""Choosing media for a chapter: a searchable list with pictures."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from courses.models import ContentItem, Course
from media_library.links import audience_of
from media_library.models import Media
from media_library.player import MediaAddresses
from media_library.wording import clock_time

MEDIA_A_PAGE = 24


def picker(request: HttpRequest, course: Course) -> HttpResponse:
    """`q` are words, `chapter` is where they go, `page` from 1. Three statements, however large the library is."""
    taken = _taken(course, request.GET.get("chapter", ""))
    words = request.GET.get("q", "").replace("\x00", "").strip()
    found = Media.objects.present().for_list().search(words).order_by("-id")
    page = Paginator(found, MEDIA_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [_row(request, media, taken) for media in page], "words": words}
    return render(request, "admin/courses/picker.html", context)


def _taken(course: Course, chapter: str) -> set[UUID]:
    """What the chapter holds already. Raises Http404."""
    try:
        key = UUID(chapter)
    except ValueError as error:
        raise Http404 from error
    return set(ContentItem.objects.of_course(course).filter(chapter=key).values_list("media", flat=True))


def _row(request: HttpRequest, media: Media, taken: set[UUID]) -> dict[str, Any]:
    address = MediaAddresses(media, request.organization.slug, audience_of(request))  # type: ignore[attr-defined]
    return {
        "media": media,
        "picture": address.thumbnail if media.thumbnail_path else "",
        "length": clock_time(media.duration),
        "is_taken": media.pk in taken,
    }
