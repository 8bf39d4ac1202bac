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
from media_library.podcasts.hearing import Heard, heard_as


@dataclass(frozen=True)
class Destination:
    """The address that plays a moment or shows what is written, what that is called, and the course it is in, if any.

    `is_heard`: its picture is not to be seen there.
    """

    url: str
    title: str
    course: str = ""
    is_heard: bool = False


def destinations(result: SearchResult, *, user: Any, organization: Organization) -> dict[Moment | Reading, Destination]:
    """Of each moment and reading, in three statements at most however many there are."""
    found = {moment.media.pk for moment in result.moments}
    lessons = lesson_of(user, found) if found else {}
    alone = (one.media for one in result.moments if one.media.pk not in lessons)
    episodes = heard_as(user, organization, alone)
    slugs = {slug for slug, _ in lessons.values()}
    titles = dict(Course.objects.filter(slug__in=slugs).values_list("slug", "title")) if slugs else {}
    places: dict[Moment | Reading, Destination] = {
        one: _heard(one, episodes[one.media.pk], organization.slug)
        if one.media.pk in episodes
        else _destination(one, lessons.get(one.media.pk), titles, organization)
        for one in result.moments
    }
    return places | {one: _lesson(one, organization) for one in result.readings}


def _lesson(reading: Reading, organization: Organization) -> Destination:
    course = reading.item.chapter.course
    url = reverse("courses:lesson", args=[organization.slug, course.slug, reading.item.pk])
    return Destination(url + anchor_in(reading.item, reading.heading), reading.item.title, course.title)


def anchor_in(item: ContentItem, heading: str) -> str:
    """What leads to a heading of a text; empty for a file, and for what stands before the first heading."""
    anchor = anchor_of(heading) if item.type == ItemType.TEXT else ""
    return f"#{anchor}" if anchor else ""


def _heard(moment: Moment, episode: Heard, slug: str) -> Destination:
    """On the page of the episode that it is open by."""
    return Destination(episode.page(slug) + _when(moment), episode.title, is_heard=True)


def _destination(
    moment: Moment, lesson: tuple[str, UUID] | None, titles: dict[str, str], organization: Organization
) -> Destination:
    media = moment.media
    if lesson is None:
        page = reverse("media_library:watch", args=[organization.slug, media.pk])
        return Destination(page + _when(moment), media.title)
    slug, item_id = lesson
    page = reverse("courses:lesson", args=[organization.slug, slug, item_id])
    return Destination(page + _when(moment), media.title, titles[slug])


def _when(moment: Moment) -> str:
    return f"?t={int(moment.start)}&ref=search"
