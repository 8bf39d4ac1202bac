"""A course as the channel that its private feed tells: serial, a season a chapter, an episode a lesson with sound."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from courses.feeds.squares import square_name
from courses.markdown import render as markdown
from courses.models import ContentItem, Course
from media_library.podcasts.addresses import Addresses, absolute
from media_library.podcasts.channel import Channel, InSeason, Item, Sound
from media_library.podcasts.channels import PAGE_ITEMS, NoSuchPage, pages_of
from media_library.podcasts.guid import guid_of
from media_library.podcasts.sounds import sounds_of

OTHERWISE = "en"  # where no lesson has words in a language
LESSONS_A_CHAPTER = CHAPTERS = 1000
BEFORE_PUBLICATION = timedelta(seconds=CHAPTERS * LESSONS_A_CHAPTER)
#: An app does not know on which site a path begins.
PATH = re.compile(r'(?<=\s)(href|src)="(?=/)')


def channel_of_course(course: Any, items: Sequence[ContentItem], addresses: Addresses, *, page: int) -> Channel:
    """One page of the lessons, which come with chapter and media, in order; the course is read `with_square`.

    Two queries. Raises NoSuchPage.
    """
    pages = max(1, -(-len(items) // PAGE_ITEMS))
    if not 1 <= page <= pages:
        raise NoSuchPage
    shown = items[(page - 1) * PAGE_ITEMS : page * PAGE_ITEMS]
    sounds = sounds_of({one.pk: one.media for one in shown if one.media is not None}, addresses)
    return Channel(
        address=addresses.feed(page),
        title=course.title,
        description=_words(course.description) or course.title,
        link=addresses.page,
        language=_language(sounds.values()),
        guid=str(guid_of(str(course.pk))),  # it has no public address, so its own key stands for one
        author=course.organization.name,
        artwork=addresses.artwork(square_name(course)),
        category="Education/Courses",
        type="serial",
        medium="course",
        is_private=True,
        pages=pages_of(addresses, page=page, last=pages),
        items=tuple(_item(one, course, sounds[one.pk]) for one in shown if one.pk in sounds),
    )


def _item(item: ContentItem, course: Course, sound: Sound) -> Item:
    page = reverse("courses:lesson", args=[course.organization.slug, course.slug, item.pk])
    return Item(
        guid=str(item.pk),
        title=item.title,
        sound=sound,
        published_at=_moment(item, course),
        description=_words(item.description),
        link=absolute(page),
        season=InSeason(item.chapter.position, item.chapter.title),
        number=item.position,
    )


def _words(text: str) -> str:
    """Markdown as what an app shows, with whole addresses."""
    return PATH.sub(rf'\1="{settings.SITE_URL.rstrip("/")}', markdown(text))


def _moment(item: ContentItem, course: Course) -> datetime:
    """In the past and in the order of the course, because many apps order by nothing else; a second a lesson."""
    place = item.chapter.position * LESSONS_A_CHAPTER + item.position
    return (course.published_at or course.created_at) - BEFORE_PUBLICATION + timedelta(seconds=place)


def _language(sounds: Iterable[Sound]) -> str:
    spoken = (one.words.language for one in sounds if one.words and one.words.language)
    return next(spoken, OTHERWISE)
