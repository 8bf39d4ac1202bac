"""Work to hand in: what is asked, what one has so far, and what came back."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from courses.handing_in.rules import passes, percent_of, plain_points, words_for_due
from courses.learn_space.lessons import Lesson
from courses.markdown import render as markdown
from courses.models import Assignment, Submission
from courses.models.assignment import SubmissionState
from courses.services.submissions import deadline_of, submissions_left
from courses.views.stages.unmet import grade_at, unmet_at


def assignment_stage(request: Any, lesson: Lesson) -> dict[str, Any]:
    """Three statements, however much was handed in."""
    assignment = Assignment.objects.annotate(grade=grade_at(lesson)).get(item=lesson.item.id)
    mine = Submission.objects.filter(assignment=assignment, enrollment=lesson.item.enrollment_id)
    submissions = list(mine.prefetch_related("files")) if lesson.item.enrollment_id else []
    draft = next((one for one in submissions if one.state == SubmissionState.DRAFT), None)
    latest = submissions[0] if submissions else None
    handed_in = [one for one in submissions if one is not draft]
    last = handed_in[0] if handed_in else None
    left = submissions_left(assignment, submissions)
    return {
        "assignment": assignment,
        "instructions": markdown(assignment.instructions),
        "due": _due(deadline_of(assignment, submissions)),
        "draft": draft,
        "latest": latest,
        "takes_more": draft is not None or not (left == 0 or (latest and latest.is_waiting)),
        "left": left,
        "kept_files": any(one.state == SubmissionState.RETURNED and one.files.all() for one in submissions[1:2]),
        "handed_in": [_shown(one, assignment) for one in handed_in],
        "largest_file": settings.COURSE_FILE_BYTES,
        "unmet": unmet_at(
            lesson,
            grade=assignment.grade,
            pass_mark=assignment.pass_mark,
            submission=last.state if last else "",
            is_released=last is not None and last.is_released,
        ),
    }


def _due(at: datetime | None) -> dict[str, Any] | None:
    if at is None:
        return None
    now = timezone.now()
    return {"at": at, "words": words_for_due(at, now=now), "is_over": at < now}


def _shown(submission: Submission, assignment: Assignment) -> dict[str, Any]:
    """As the learner may see it: nothing of a grade before its release."""
    points, mark = submission.shown_points, assignment.pass_mark
    graded = points is not None
    return {
        "number": submission.number,
        "state": submission.shown_state,
        "submitted_at": submission.submitted_at,
        "is_late": submission.is_late,
        "text": submission.text,
        "files": submission.files.all(),
        "id": submission.pk,
        "points": plain_points(points),
        "percent": plain_points(percent_of(points, out_of=assignment.points)) if points is not None else "",
        "passed": passes(points, out_of=assignment.points, pass_mark=mark) if points is not None else False,
        "has_verdict": graded and mark is not None,
        "feedback": submission.shown_feedback,
    }
