"""What happens here is put in line for the programs that asked for it, in the transaction that made it true.

Only where one did is more asked of the database than who that is.
"""

from typing import Any

from accounts.models import Membership
from analytics.services.deliveries import give_up, tell
from analytics.webhooks.payloads import (
    of_attempt,
    of_certificate,
    of_course,
    of_failure,
    of_grade,
    of_item,
    of_media,
    of_member,
    of_submission,
    of_titled,
)
from core.announcements import hears
from core.models import Job
from core.models.job import JobState
from courses.models import Assignment, Attempt, Certificate, ContentItem, Course, Enrollment, Quiz, Submission
from media_library.models import Media


@hears("media_completed")
def tell_ready(media: Media) -> None:
    tell("media.ready", lambda: {"media": of_media(media)})


@hears("media_failed")
def tell_failed(media: Media) -> None:
    tell("media.failed", lambda: {"media": of_media(media), "error": of_failure(media)})


@hears("member_joined")
def tell_joined(membership: Membership, *, addresses: frozenset[str]) -> None:
    tell("member.joined", lambda: {"member": of_member(membership)}, person=lambda: membership.user)


@hears("learner_enrolled")
def tell_enrolled(course: Course, *, user: Any) -> None:
    tell("learner.enrolled", lambda: {"course": of_course(course)}, person=lambda: user)


@hears("item_completed")
def tell_item(item: ContentItem, *, enrollment: Enrollment) -> None:
    tell(
        "item.completed",
        lambda: {"course": of_course(enrollment.course), "item": of_item(item)},
        person=lambda: enrollment.user,
    )


@hears("course_completed")
def tell_course(course: Course, *, enrollment: Enrollment) -> None:
    tell("course.completed", lambda: {"course": of_course(course)}, person=lambda: enrollment.user)


@hears("quiz_submitted")
def tell_quiz(quiz: Quiz, *, attempt: Attempt) -> None:
    tell(
        "quiz.submitted",
        lambda: {
            "course": of_course(attempt.enrollment.course),
            "quiz": of_titled(quiz),
            "attempt": of_attempt(attempt),
        },
        person=lambda: attempt.enrollment.user,
    )


@hears("assignment_submitted")
def tell_submission(assignment: Assignment, *, submission: Submission) -> None:
    tell(
        "assignment.submitted",
        lambda: _handed_in(assignment, submission),
        person=lambda: submission.enrollment.user,
    )


@hears("assignment_graded")
def tell_grade(assignment: Assignment, *, submission: Submission) -> None:
    tell(
        "assignment.graded",
        lambda: {**_handed_in(assignment, submission), "grade": of_grade(submission)},
        person=lambda: submission.enrollment.user,
    )


@hears("certificate_issued")
def tell_certificate(certificate: Certificate) -> None:
    tell(
        "certificate.issued",
        lambda: {"course": of_course(certificate.enrollment.course), "certificate": of_certificate(certificate)},
        person=lambda: certificate.enrollment.user,
    )


@hears("job_changed")
def tell_undelivered(job: Job) -> None:
    """Its workers died one after the other, or somebody stopped it."""
    if job.kind == "deliver_webhook" and job.subject_id and job.state in (JobState.FAILED, JobState.CANCELLED):
        give_up(job.subject_id, turn=job.payload["turn"])


def _handed_in(assignment: Assignment, submission: Submission) -> dict[str, Any]:
    return {
        "course": of_course(submission.enrollment.course),
        "assignment": of_titled(assignment),
        "submission": of_submission(submission),
    }
