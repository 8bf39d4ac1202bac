"""Chapters of a media item: where its parts begin, on its page, in feeds and in lessons without marks of their own."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.announcements import announce
from core.errors import Refused
from core.lines import one_line
from media_library.chapter_marks import MOST_MARKS, TITLE_CHARACTERS, Mark, kept_marks, marks_in, read_marks
from media_library.models import Media
from media_library.podcasts.changes import touch_shows_of


@transaction.atomic
def save_chapters(media: Media, told: Sequence[Mark] | str, *, by: Any) -> list[Mark]:
    """Give media these chapters and no others: marks, or lines as makers type them. Answers them in order of time.

    Whoever goes by chapters follows here, or hears `chapters_marked`; the same ones once more change nothing. Raises
    Refused like `checked_marks`.
    """
    marks = checked_marks(media, told)
    if marks == marks_in(media.chapters):
        return marks
    media.chapters = kept_marks(marks)
    media.save(update_fields=["chapters", "updated_at"])
    touch_shows_of(media.pk)
    announce("chapters_marked", media, by=by)
    return marks


def checked_marks(media: Media, told: Sequence[Mark] | str) -> list[Mark]:
    """In order of time. Raises Refused, with the field `chapters`: unreadable_marks, too_many, behind_the_end."""
    marks = _read(told) if isinstance(told, str) else sorted(_tidy(mark) for mark in told)
    if len(marks) > MOST_MARKS:
        raise _refusal("too_many", [_("At most %(most)d chapters, please.") % {"most": MOST_MARKS}])
    if media.duration is not None and marks and marks[-1].at >= media.duration:
        words = _("“%(title)s” would begin when everything is over.") % {"title": marks[-1].title}
        raise _refusal("behind_the_end", [words])
    return marks


def _read(lines: str) -> list[Mark]:
    marks, faults = read_marks(lines)
    if faults:
        raise _refusal("unreadable_marks", faults)
    return marks


def _tidy(mark: Mark) -> Mark:
    title = one_line(mark.title)[:TITLE_CHARACTERS]
    if not title:
        raise _refusal("unreadable_marks", [_("A chapter needs a title.")])
    return Mark(round(float(mark.at), 3), title)


def _refusal(code: str, faults: list[str]) -> Refused:
    return Refused(code, " ".join(faults), fields={"chapters": faults})
