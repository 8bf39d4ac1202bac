"""Answering what was handed in: points and feedback, given out apart from being written.

Until its release nothing of a grade is the learner's; from then on each change of it stands in the activity.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.announcements import announce
from core.audit import record
from core.errors import Refused
from courses.handing_in.rules import passes, percent_of, plain_points
from courses.models import ContentItem, Grade, Submission
from courses.models.assignment import SubmissionState
from courses.models.enrollment import Reason
from courses.services.feedback_mail import tell_of_feedback
from courses.services.progress import complete_item
from courses.services.submissions import hold_enrollment, item_of

ANSWERABLE = (SubmissionState.SUBMITTED, SubmissionState.GRADED)


def grade(submission: Submission, *, points: Decimal, by: Any, feedback: str | None = None) -> Submission:
    """Write points (0 to those of the assignment) and feedback. Unseen until the release; afterwards seen at once.

    Without feedback what was written stays; where nothing is new, nobody hears of it.
    Raises Refused: points_out_of_range; not_handed_in, was_returned (409).
    """
    _refuse_points(points, submission.assignment.points)
    with transaction.atomic():
        held = _held(submission)
        before, told = held.points, held.feedback if feedback is None else feedback
        if (held.state, before, held.feedback) == (SubmissionState.GRADED, points, told):
            return held
        held.state, held.points, held.feedback = SubmissionState.GRADED, points, told
        _sign(held, by)
        if held.is_released:
            detail = _("%(before)s → %(after)s of %(all)d points")
            facts = {"before": plain_points(before), "after": plain_points(points), "all": held.assignment.points}
            record("regraded", by=by, row=held, detail=detail % facts)
            _give_out(held)
        else:
            record("graded", by=by, row=held)
    return held


def release(submission: Submission, *, by: Any) -> bool:
    """Show the learner their grade; reaching the pass mark completes the item. Answers False if it was shown before.

    Raises Refused: not_graded, not_handed_in, was_returned (409).
    """
    with transaction.atomic():
        held = _held(submission)
        if held.state != SubmissionState.GRADED:
            raise Refused("not_graded", _("This has no grade yet: save one first."), status=409)
        if held.is_released:
            return False
        held.released_at = Now()
        held.save(update_fields=["released_at", "updated_at"])
        held.refresh_from_db(fields=["released_at"])
        record("released", by=by, row=held)
        _give_out(held)
    return True


def release_all(submissions: Iterable[Submission], *, by: Any) -> int:
    """Those that have a grade nobody has shown yet, each by itself. Answers how many."""
    graded = [one for one in submissions if one.state == SubmissionState.GRADED and not one.is_released]
    return sum(release(one, by=by) for one in graded)


def return_for_rework(submission: Submission, *, feedback: str, by: Any) -> Submission:
    """Give it back with feedback, seen at once; the learner goes on with the same text under the next number.

    Its files stay where they were handed in: what comes next is another version of them. The page says so.
    Raises Refused: feedback_missing; not_handed_in, was_returned, grade_released (409).
    """
    if not feedback.strip():
        words = _("Say what is to be done: whoever gets work back needs to know why.")
        raise Refused("feedback_missing", words, fields={"feedback": [words]})
    with transaction.atomic():
        held = _held(submission)
        if held.is_released:
            raise Refused("grade_released", _("The learner has seen the grade of this one already."), status=409)
        held.state, held.points, held.feedback = SubmissionState.RETURNED, None, feedback
        held.released_at = Now()
        _sign(held, by)
        record("returned", by=by, row=held)
        Submission.objects.create(
            assignment=held.assignment, enrollment=held.enrollment, number=held.number + 1, text=held.text
        )
        tell_of_feedback(held, item=item_of(held.assignment))
    return held


def _held(submission: Submission) -> Submission:
    hold_enrollment(submission.enrollment_id)
    rows = Submission.objects.select_related("assignment", "enrollment__user")
    held: Submission = rows.get(pk=submission.pk)
    if held.state == SubmissionState.RETURNED:
        raise Refused("was_returned", _("This was returned; what comes next is a submission of its own."), status=409)
    if held.state not in ANSWERABLE:
        raise Refused("not_handed_in", _("This is a draft: it was not handed in."), status=409)
    return held


def _sign(held: Submission, by: Any) -> None:
    held.graded_by, held.graded_at = by, Now()
    held.save(update_fields=["state", "points", "feedback", "graded_by", "graded_at", "released_at", "updated_at"])
    held.refresh_from_db(fields=["graded_at", "released_at"])


def _give_out(held: Submission) -> None:
    """What follows from a grade that its learner sees."""
    assignment = held.assignment
    announce("assignment_graded", assignment, submission=held)
    item = item_of(assignment)
    if item is not None:
        _write_grade(held, item)
        if passes(held.points or Decimal(0), out_of=assignment.points, pass_mark=assignment.pass_mark):
            complete_item(item, enrollment=held.enrollment, reason=Reason.GRADED)
    tell_of_feedback(held, item=item)


def _write_grade(held: Submission, item: ContentItem) -> None:
    """The best of what was released: handing in once more harms nobody."""
    shown = Submission.objects.filter(assignment=held.assignment, enrollment=held.enrollment)
    released = shown.filter(state=SubmissionState.GRADED, released_at__isnull=False)
    best = released.aggregate(best=Max("points"))["best"]
    percent = percent_of(best, out_of=held.assignment.points)
    Grade.objects.update_or_create(enrollment=held.enrollment, item=item, defaults={"percent": percent})


def _refuse_points(points: Decimal, most: int) -> None:
    if not points.is_finite() or not 0 <= points <= most:
        words = _("Give 0 to %(most)d points.") % {"most": most}
        raise Refused("points_out_of_range", words, fields={"points": [words]})
