"""How often the lessons of a course were downloaded by apps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper

from courses.models import ContentItem
from media_library.podcasts.downloads import CONTEXT, Tally, tallies
from media_library.podcasts.sounds import heard


@dataclass(frozen=True)
class LessonDownloads:
    lesson: UUID
    title: str
    tally: Tally


def downloads_of(course_id: UUID, *, since: date | None = None) -> list[LessonDownloads]:
    """Of lessons with sound in order, and of those without it by now that were downloaded before. Two statements."""
    sounds = ExpressionWrapper(heard("media"), output_field=BooleanField())
    items = ContentItem.objects.of_course(course_id).filter(media__isnull=False).annotate(sounds=sounds)
    rows = list(items.in_order().values_list("pk", "title", "sounds"))
    counted = tallies(CONTEXT, [key for key, _title, _sounds in rows], since=since)
    told = [row for row in rows if row[2] or row[0] in counted]
    return [LessonDownloads(key, title, counted.get(key, Tally())) for key, title, _sounds in told]


def total_of(lessons: Iterable[LessonDownloads]) -> Tally:
    """Of all of them."""
    every = [one.tally for one in lessons]
    return Tally(sum(one.total for one in every), sum(one.private for one in every))
