"""Where a moment is opened: in a lesson of a course the person takes, else on the page of the media itself, or of the
episode by which alone it is open.

What is written is read in its lesson.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.models import Organization
from courses.links import lesson_of
from courses.markdown import anchor_of
from courses.models import ContentItem, Course, ItemType
from knowledge.services.moments import Moment, Reading
from knowledge.services.search import SearchResult
from media_library.models import Publication
from media_library.podcasts.hearing import episode_pages


@dataclass(frozen=True)
class Destination:
    """The address that plays a moment or shows what is written, and the course that is in, if any."""

    url: str
    course: str = ""


def destinations(result: SearchResult, *, user: Any, organization: Organization) -> dict[Moment | Reading, Destination]:
    """Of each moment and reading, in three statements at most however many there are."""
    found = {moment.media.pk for moment in result.moments}
    lessons = lesson_of(user, found) if found else {}
    drafts = {one.media.pk for one in result.moments if one.media.publication != Publication.PUBLISHED}
    episodes = episode_pages(user, organization, drafts - lessons.keys()) if drafts - lessons.keys() else {}
    slugs = {slug for slug, _ in lessons.values()}
    titles = dict(Course.objects.filter(slug__in=slugs).values_list("slug", "title")) if slugs else {}
    places: dict[Moment | Reading, Destination] = {
        one: _heard(one, episodes[one.media.pk], organization)
        if one.media.pk in episodes
        else _destination(one, lessons.get(one.media.pk), titles, organization)
        for one in result.moments
    }
    return places | {one: _lesson(one, organization) for one in result.readings}


def _lesson(reading: Reading, organization: Organization) -> Destination:
    course = reading.item.chapter.course
    url = reverse("courses:lesson", args=[organization.slug, course.slug, reading.item.pk])
    return Destination(url + anchor_in(reading.item, reading.heading), course.title)


def anchor_in(item: ContentItem, heading: str) -> str:
    """What leads to a heading of a text; empty for a file, and for what stands before the first heading."""
    anchor = anchor_of(heading) if item.type == ItemType.TEXT else ""
    return f"#{anchor}" if anchor else ""


def _heard(moment: Moment, episode: tuple[str, UUID], organization: Organization) -> Destination:
    """On the page of the episode that it is open by."""
    page = reverse("media_library:episode", args=[organization.slug, *episode])
    return Destination(f"{page}?t={int(moment.start)}&ref=search")


def _destination(
    moment: Moment, lesson: tuple[str, UUID] | None, titles: dict[str, str], organization: Organization
) -> Destination:
    when = f"?t={int(moment.start)}&ref=search"
    if lesson is None:
        return Destination(reverse("media_library:watch", args=[organization.slug, moment.media.pk]) + when)
    slug, item_id = lesson
    return Destination(reverse("courses:lesson", args=[organization.slug, slug, item_id]) + when, titles[slug])
