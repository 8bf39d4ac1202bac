"""Handing in: a learner's text and files, from the draft to what waits for its grade.

Of one learner at one assignment at most one submission is open. Everybody who writes one holds the row of the
enrollment, so of two tabs the second sees what the first has done.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.announcements import announce
from core.errors import Refused
from courses.files.kept import HANDED_IN
from courses.models import Assignment, ContentItem, Enrollment, Submission, SubmissionFile
from courses.models.assignment import SubmissionState
from courses.models.enrollment import Reason
from courses.services.keeping import remove_later, stored
from courses.services.progress import complete_item

TEXT_CHARACTERS = 100_000


def save_draft(assignment: Assignment, *, enrollment: Enrollment, text: str) -> Submission:
    """Keep what was written so far; begins a submission where none is open. What was handed in stays as it is.

    Raises Refused: no_text, text_too_long; handed_in, none_left (409).
    """
    tidy = _checked_text(assignment, text)
    with transaction.atomic():
        latest = _latest(assignment, enrollment)
        if latest is not None and latest.is_waiting and latest.text == tidy:
            return latest
        draft = _opened(assignment, enrollment, latest)
        draft.text = tidy
        draft.save(update_fields=["text", "updated_at"])
    return draft


def attach_file(assignment: Assignment, *, enrollment: Enrollment, file: UploadedFile) -> SubmissionFile:
    """Add a file to the open submission, or to a new one.

    Raises Refused: empty_file, too_many_files; file_too_large, storage_full (413); handed_in, none_left (409).
    """
    with stored(file, keeper=HANDED_IN) as kept:
        draft = open_draft(assignment, enrollment=enrollment)
        _refuse_more_files(assignment, draft)
        return SubmissionFile.objects.create(submission=draft, **asdict(kept))


def remove_file(file: SubmissionFile) -> None:
    """Take a file out of a draft. Raises Refused: handed_in (409)."""
    with transaction.atomic():
        hold_enrollment(file.submission.enrollment_id)
        drafts = SubmissionFile.objects.filter(submission__state=SubmissionState.DRAFT)
        removed, _by_model = drafts.filter(pk=file.pk).delete()
        if not removed:
            raise _handed_in()
        remove_later(file.path)


def submit(assignment: Assignment, *, enrollment: Enrollment) -> Submission:
    """Hand in the draft, judged by the clock of the database. Once more answers what was handed in.

    Without a pass mark that completes the item. Raises Refused: nothing_to_hand_in; too_late, none_left (409).
    """
    with transaction.atomic():
        latest = _latest(assignment, enrollment)
        if latest is not None and latest.is_waiting:
            return latest
        draft = _opened(assignment, enrollment, latest)
        _refuse_empty(draft)
        _hand_in(draft, assignment)
        announce("assignment_submitted", assignment, submission=draft)
        if assignment.pass_mark is None and (item := item_of(assignment)):
            complete_item(item, enrollment=enrollment, reason=Reason.HANDED_IN)
    return draft


def open_draft(assignment: Assignment, *, enrollment: Enrollment) -> Submission:
    """The draft that is open, or a new one. In a transaction. Raises Refused: handed_in, none_left (409)."""
    return _opened(assignment, enrollment, _latest(assignment, enrollment))


def take_in_hand(submission: Submission) -> None:
    """Whoever names a submission means that one. Raises Refused: handed_in (409) where it is no draft."""
    if submission.state != SubmissionState.DRAFT:
        raise _handed_in()


def deadline_of(assignment: Assignment, submissions: Iterable[Submission]) -> datetime | None:
    """Until when a learner with these submissions (the last one first) hands in; None: whenever.

    What was returned is asked for again, however late.
    """
    return None if _asked_again(submissions) else assignment.due_at


def _asked_again(submissions: Iterable[Submission]) -> Submission | None:
    """What was returned, where the next one is the answer to it."""
    handed_in = next((one for one in submissions if one.state != SubmissionState.DRAFT), None)
    return handed_in if handed_in is not None and handed_in.state == SubmissionState.RETURNED else None


def submissions_left(assignment: Assignment, handed_in: list[Submission]) -> int | None:
    """How many more may be handed in; None: any number. What was returned does not count: it was asked for again."""
    if assignment.max_submissions is None:
        return None
    spent = [one for one in handed_in if one.state not in (SubmissionState.DRAFT, SubmissionState.RETURNED)]
    return max(0, assignment.max_submissions - len(spent))


def item_of(assignment: Assignment) -> ContentItem | None:
    """Where it stands in a course, with its chapter and course; None once it was taken out."""
    items = ContentItem.objects.select_related("chapter__course")
    found: ContentItem | None = items.filter(assignment=assignment.pk).first()
    return found


def hold_enrollment(enrollment_id: UUID) -> Enrollment:
    """Its row until the end of the transaction: taken before submissions are read."""
    held: Enrollment = Enrollment.objects.select_for_update().get(pk=enrollment_id)
    return held


def _latest(assignment: Assignment, enrollment: Enrollment) -> Submission | None:
    hold_enrollment(enrollment.pk)
    return _of(assignment, enrollment).first()


def _of(assignment: Assignment, enrollment: Enrollment) -> Any:
    return Submission.objects.filter(assignment=assignment, enrollment=enrollment)


def _opened(assignment: Assignment, enrollment: Enrollment, latest: Submission | None) -> Submission:
    if latest is not None and latest.state == SubmissionState.DRAFT:
        return latest
    if latest is not None and latest.is_waiting:
        raise _handed_in()
    if submissions_left(assignment, list(_of(assignment, enrollment))) == 0:
        raise Refused("none_left", _("You have handed this in as often as it may be."), status=409)
    number = latest.number + 1 if latest else 1
    return Submission.objects.create(assignment=assignment, enrollment=enrollment, number=number)


def _hand_in(draft: Submission, assignment: Assignment) -> None:
    """The moment that is written down is the one that is judged; an answer to returned work is as late as that was."""
    asked_again = _asked_again(_of(assignment, draft.enrollment))
    draft.state, draft.submitted_at = SubmissionState.SUBMITTED, Now()
    draft.save(update_fields=["state", "submitted_at", "updated_at"])
    draft.refresh_from_db(fields=["submitted_at"])
    draft.is_late = asked_again.is_late if asked_again else _is_after(draft.submitted_at, assignment.due_at)
    if draft.is_late and not asked_again and not assignment.accepts_late:
        words = _("The time to hand this in is over. Your draft is kept; nothing was handed in.")
        raise Refused("too_late", words, status=409)
    draft.save(update_fields=["is_late"])


def _is_after(moment: datetime | None, due_at: datetime | None) -> bool:
    return moment is not None and due_at is not None and moment > due_at


def _checked_text(assignment: Assignment, text: str) -> str:
    tidy = text.replace("\r\n", "\n")
    if tidy.strip() and not assignment.takes_text:
        words = _("This assignment takes files only.")
        raise Refused("no_text", words, fields={"text": [words]})
    if len(tidy) > TEXT_CHARACTERS:
        words = _("A text may have %(most)d characters at most; this one has %(count)d.")
        words %= {"most": TEXT_CHARACTERS, "count": len(tidy)}
        raise Refused("text_too_long", words, fields={"text": [words]})
    return tidy


def _refuse_more_files(assignment: Assignment, draft: Submission) -> None:
    most = assignment.max_files
    if draft.files.count() < most:
        return
    words = ngettext("At most %(count)d file may be handed in.", "At most %(count)d files may be handed in.", most)
    words = words % {"count": most} if most else _("This assignment takes no files.")
    raise Refused("too_many_files", words, fields={"file": [words]})


def _refuse_empty(draft: Submission) -> None:
    if not draft.text.strip() and not draft.files.exists():
        raise Refused("nothing_to_hand_in", _("There is nothing to hand in yet: write something or add a file."))


def _handed_in() -> Refused:
    return Refused("handed_in", _("You have handed this in; it waits for its grade and cannot be changed."), status=409)
