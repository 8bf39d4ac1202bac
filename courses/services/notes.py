"""Notes and bookmarks: what a learner writes down for themselves. Nobody else ever sees them, whatever their role."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.services.locking import lock_person
from core.errors import Refused
from courses.learn_space.lessons import LessonItem
from courses.models import Note
from media_library.played import LATEST_SECOND

MOST_CHARACTERS = 10_000
MOST_NOTES = 2_000  # of one person in one course


def notes_of(user: Any) -> QuerySet[Note]:
    """The one way to read notes: those of this person."""
    return Note.objects.filter(user=user.pk)


def add_note(item: LessonItem, *, by: Any, text: str = "", at: float | None = None) -> Note:
    """Write something down at `at` seconds of the item's media, or without a time. Without words it is a bookmark.

    Raises Refused: invalid_note; too_many_notes (409).
    """
    if at is not None and item.media_id is None:
        raise _invalid("at", _("Nothing plays here, so a note has no time."))
    values = {"text": _checked_text(text, at), "at": _checked_second(at)}
    with transaction.atomic():
        lock_person(by.pk)
        _refuse_more(notes_of(by).filter(course=item.course_id))
        return Note.objects.create(user=by, course_id=item.course_id, item_id=item.id, item_title=item.title, **values)


def _refuse_more(mine: QuerySet[Note]) -> None:
    """The person is held: of two notes at once the second sees the first."""
    if mine.count() >= MOST_NOTES:
        words = _("There are %(most)d notes of yours in this course. Delete some first.")
        raise Refused("too_many_notes", words % {"most": MOST_NOTES}, status=409)


def rewrite_note(note: Note, *, by: Any, text: str) -> Note:
    """Another text at the same time. Raises Refused: invalid_note, not_found (404) for somebody else's."""
    _refuse_foreign(note, by)
    note.text = _checked_text(text, note.at)
    note.save(update_fields=["text", "updated_at"])
    return note


def delete_note(note: Note, *, by: Any) -> None:
    """Raises Refused: not_found (404) for somebody else's."""
    _refuse_foreign(note, by)
    note.delete()


def notes_of_item(user: Any, item_id: UUID) -> list[Note]:
    """In the order of time, those without a time at the end. One statement."""
    return list(notes_of(user).filter(item=item_id).order_by("at", "created_at"))


def _refuse_foreign(note: Note, by: Any) -> None:
    if note.user_id != by.pk:
        raise Refused("not_found", _("There is nothing here."), status=404)


def _checked_text(text: str, at: float | None) -> str:
    written = text.replace("\r\n", "\n").strip()
    if len(written) > MOST_CHARACTERS:
        raise _invalid("text", _("A note has at most %(most)d characters.") % {"most": MOST_CHARACTERS})
    if "\0" in written:
        raise _invalid("text", _("A note cannot hold that character."))
    if not written and at is None:
        raise _invalid("text", _("Write something, or keep the time as a bookmark."))
    return written


def _checked_second(at: float | None) -> float | None:
    if at is not None and not 0 <= at <= LATEST_SECOND:
        raise _invalid("at", _("A time looks like 12:40 or 1:02:03."))
    return at


def _invalid(field: str, message: str) -> Refused:
    return Refused("invalid_note", message, fields={field: [message]})
