"""What courses hold about people: what they learn, what they have done, what they made."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.holdings import Holding, Kept, Person, Record, holding
from courses.models import Attempt, Completion, Course, Enrollment


@holding
class Enrollments(Kept):
    name = "enrollments"
    about = _("Courses you are or were enrolled in.")
    fate = _("Stays without your name: learners of a course are counted from it.")
    columns = ("courses.Enrollment.user",)
    exported = (
        "organization__name", "course__title", "is_active", "started_at", "last_accessed_at", "completed_at",
        "ended_by_owner_at",
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
class Attempts(Holding):
    name = "quiz_attempts"
    about = _("Quizzes you handed in: your answers, and the points they earned. Not what would have been right.")
    fate = _("Your answers are deleted; the points stay without your name.")
    columns = ("courses.Attempt.enrollment", "courses.Attempt.answers")
    exported = (
        "organization__name", "quiz__title", "number", "answers", "points", "points_possible", "passed", "submitted_at",
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
