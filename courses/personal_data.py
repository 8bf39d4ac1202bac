"""What courses hold about people: what they learn, what they have done, what they made."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.holdings import Deleted, Holding, Kept, Person, Record, Unnamed, holding
from courses.models import (
    Attempt,
    Certificate,
    CodeUse,
    Completion,
    Course,
    CourseCompletion,
    CourseInvitation,
    Enrollment,
    EnrollmentCode,
    Grade,
    Note,
    Submission,
    SubmissionFile,
)
from courses.services.keeping import remove_later


@holding
class Enrollments(Kept):
    name = "enrollments"
    about = _("Courses you are or were enrolled in.")
    fate = _("Stays without your name: learners of a course are counted from it.")
    columns = ("courses.Enrollment.user",)
    exported = (
        "organization__name", "course__title", "is_active", "source", "started_at", "last_accessed_at", "ends_at",
        "ended_by_owner_at", "course_completion__completed_at",
    )  # fmt: skip

    def rows(self, person: Person) -> QuerySet[Enrollment]:
        return Enrollment.objects.filter(user=person.user)


@holding
class Completions(Kept):
    name = "completions"
    about = _("Lessons you have done.")
    fate = _("Stays without your name.")
    columns = ("courses.Completion.enrollment",)
    exported = ("organization__name", "item__title", "reason", "completed_at")

    def rows(self, person: Person) -> QuerySet[Completion]:
        return Completion.objects.filter(enrollment__user=person.user)


@holding
class Excuses(Unnamed):
    name = "excuses_given"
    about = _("Lessons you excused somebody from.")
    fate = _("Stays without you.")
    columns = ("courses.Completion.by",)
    exported = ("organization__name", "item__title", "completed_at")

    def rows(self, person: Person) -> QuerySet[Completion]:
        return Completion.objects.filter(by=person.user)


@holding
class CourseCompletions(Kept):
    name = "course_completions"
    about = _("Courses you have completed.")
    fate = _("Stays without your name.")
    columns = ("courses.CourseCompletion.enrollment",)
    exported = ("organization__name", "enrollment__course__title", "completed_at")

    def rows(self, person: Person) -> QuerySet[CourseCompletion]:
        return CourseCompletion.objects.filter(enrollment__user=person.user)


@holding
class Grades(Kept):
    name = "grades"
    about = _("Your grades at quizzes and assignments.")
    fate = _("Stays without your name.")
    columns = ("courses.Grade.enrollment",)
    exported = ("organization__name", "item__title", "percent", "updated_at")

    def rows(self, person: Person) -> QuerySet[Grade]:
        return Grade.objects.filter(enrollment__user=person.user)


@holding
class Certificates(Holding):
    name = "certificates"
    about = _("Certificates you earned.")
    fate = _("Stays without your name: its page then shows nobody's.")
    columns = ("courses.Certificate.enrollment", "courses.Certificate.learner_name", "courses.Certificate.revoked_by")
    exported = (
        "organization__name", "number", "learner_name", "course_title", "completed_at", "issued_at", "revoked_at",
        "revoked_because",
    )  # fmt: skip

    def rows(self, person: Person) -> QuerySet[Certificate]:
        return Certificate.objects.filter(enrollment__user=person.user)

    def erase(self, person: Person) -> None:
        self.rows(person).update(learner_name="", revoked_because="")
        Certificate.objects.filter(revoked_by=person.user).update(revoked_by=None)


@holding
class Notes(Deleted):
    name = "notes"
    about = _("Notes and bookmarks you made in courses.")
    fate = _("Deleted.")
    columns = ("courses.Note.user",)
    exported = ("organization__name", "course__title", "item_title", "at", "text", "created_at", "updated_at")

    def rows(self, person: Person) -> QuerySet[Note]:
        return Note.objects.filter(user=person.user)


@holding
class Submissions(Holding):
    name = "submissions"
    about = _("What you handed in at assignments, with the grades and feedback you were shown.")
    fate = _("Your texts, your files and the feedback are deleted; the points stay without your name.")
    columns = ("courses.Submission.enrollment", "courses.SubmissionFile.submission", "courses.Submission.text")

    def export(self, person: Person) -> Iterable[Record]:
        for one in self._handed_in(person).prefetch_related("files").select_related("organization", "assignment"):
            yield {
                "organization": one.organization.name, "assignment": one.assignment.title, "number": one.number,
                "state": one.shown_state, "text": one.text, "submitted_at": one.submitted_at, "is_late": one.is_late,
                "points": one.shown_points, "feedback": one.shown_feedback,
                "files": [{"name": file.name, "size_bytes": file.size_bytes} for file in one.files.all()],
            }  # fmt: skip

    def erase(self, person: Person) -> None:
        files = SubmissionFile.objects.filter(submission__enrollment__user=person.user)
        for path in files.values_list("path", flat=True):
            remove_later(path)
        files.delete()
        self._handed_in(person).update(text="", feedback="")

    def _handed_in(self, person: Person) -> QuerySet[Submission]:
        return Submission.objects.filter(enrollment__user=person.user)


@holding
class Gradings(Unnamed):
    name = "gradings"
    about = _("Submissions of others that you graded (not whose).")
    fate = _("Stays without you.")
    columns = ("courses.Submission.graded_by",)
    exported = ("organization__name", "assignment__title", "graded_at")

    def rows(self, person: Person) -> QuerySet[Submission]:
        return Submission.objects.filter(graded_by=person.user)


@holding
class CourseInvitations(Holding):
    name = "course_invitations"
    about = _("Courses you were invited into, and that you have invited to some (not whom).")
    fate = _("Those to you are deleted; those you sent stay without you.")
    columns = (
        "courses.CourseInvitation.email", "courses.CourseInvitation.invited_by", "courses.CourseInvitation.user",
    )  # fmt: skip
    exported = ("organization__name", "course__title", "created_at", "expires_at", "accepted_at", "ends_at")

    def export(self, person: Person) -> Iterable[Record]:
        for direction, found in (("to you", self._received(person)), ("by you", self._sent(person))):
            for record in found.values(*self.exported):
                yield {"direction": direction, **record}

    def erase(self, person: Person) -> None:
        self._received(person).delete()
        self._sent(person).update(invited_by=None)

    def _received(self, person: Person) -> QuerySet[CourseInvitation]:
        theirs = Q(user=person.user)
        for address in person.addresses:
            theirs |= Q(email__iexact=address)
        return CourseInvitation.objects.filter(theirs)

    def _sent(self, person: Person) -> QuerySet[CourseInvitation]:
        return CourseInvitation.objects.filter(invited_by=person.user)


@holding
class EnrollmentCodes(Unnamed):
    name = "enrollment_codes"
    about = _("Codes into courses that you made.")
    fate = _("Stays without you.")
    columns = ("courses.EnrollmentCode.created_by",)
    exported = ("organization__name", "course__title", "code", "created_at")

    def rows(self, person: Person) -> QuerySet[EnrollmentCode]:
        return EnrollmentCode.objects.filter(created_by=person.user)


@holding
class CodeUses(Kept):
    name = "enrollment_code_uses"
    about = _("Codes that you came into courses with.")
    fate = _("Stays without your name.")
    columns = ("courses.CodeUse.enrollment",)
    exported = ("organization__name", "enrollment__course__title", "code__code", "used_at")

    def rows(self, person: Person) -> QuerySet[CodeUse]:
        return CodeUse.objects.filter(enrollment__user=person.user)


@holding
class Attempts(Holding):
    name = "quiz_attempts"
    about = _("Quizzes you handed in: your answers, and the points they earned. Not what would have been right.")
    fate = _("Your answers are deleted; the points stay without your name.")
    columns = ("courses.Attempt.enrollment", "courses.Attempt.answers")
    exported = (
        "organization__name", "quiz__title", "number", "state", "answers", "points", "points_possible", "passed",
        "started_at", "submitted_at",
    )  # fmt: skip

    def rows(self, person: Person) -> QuerySet[Attempt]:
        return Attempt.objects.filter(enrollment__user=person.user)

    def erase(self, person: Person) -> None:
        self.rows(person).update(answers={})


@holding
class CoursesMade(Holding):
    name = "courses"
    about = _("Courses you made, or stand in as an instructor.")
    fate = _("Stays with the organization, without you.")
    columns = ("courses.Course.created_by", "courses.Course.instructors", "courses.Course_instructors.user")
    exported = ("organization__name", "title", "description", "created_at")

    def export(self, person: Person) -> Iterable[Record]:
        made = Course.objects.filter(created_by=person.user)
        taught = Course.objects.filter(instructors=person.user)
        for part, found in (("made", made), ("instructor", taught)):
            for record in found.values(*self.exported):
                yield {"part": part, **record}

    def erase(self, person: Person) -> None:
        Course.objects.filter(created_by=person.user).update(created_by=None)
        Course.instructors.through.objects.filter(user=person.user).delete()
