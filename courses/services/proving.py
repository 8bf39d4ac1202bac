"""Proving that what is stored about progress is what the rows it came from say: recomputed from scratch, in Python."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any
from uuid import UUID

from courses.models import (
    Attempt,
    Certificate,
    Chapter,
    Completion,
    ContentItem,
    Course,
    CourseCompletion,
    Enrollment,
    Grade,
    ItemType,
    Reason,
)
from courses.models.attempt import AttemptState
from courses.progress.counting import Standing, standings_of
from courses.quizzes.attempt_rules import exactly_earned
from media_library.models import WatchRecord


@dataclass(frozen=True)
class Difference:
    """`what` in a few words, of one enrollment or course; `stored` and `recomputed` as texts."""

    what: str
    course: str
    row: UUID
    stored: str
    recomputed: str

    def __str__(self) -> str:
        return f"{self.course}: {self.what} ({self.row}): stored {self.stored}, recomputed {self.recomputed}"


def differences(course: Course) -> Iterator[Difference]:
    """Everything of a course whose stored form differs from its recomputation."""
    book = _Book(course)
    for check in CHECKS:
        yield from check(book)


class _Book:
    """Every row of a course that progress comes from, read plainly; nothing of it is counted in SQL."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.chapters = list(Chapter.objects.filter(course=course).order_by("position"))
        self.items = list(ContentItem.objects.of_course(course).in_order())
        self.enrollments = list(Enrollment.objects.filter(course=course))
        done = Completion.objects.filter(enrollment__course=course).values_list("enrollment", "item", "reason")
        self.settled: dict[UUID, dict[UUID, str]] = defaultdict(dict)
        for enrollment, item, reason in done:
            self.settled[enrollment][item] = reason

    def standing(self, enrollment: Enrollment) -> Standing:
        settled = self.settled[enrollment.pk]
        owed = [one.pk for one in self.items if one.state == "published" and one.is_required]
        counting = [key for key in owed if settled.get(key) != Reason.EXCUSED]
        return Standing(len([key for key in counting if key in settled]), len(counting))

    def difference(self, what: str, row: UUID, stored: Any, recomputed: Any) -> Difference:
        return Difference(what, str(self.course), row, str(stored), str(recomputed))


def _standings(book: _Book) -> Iterator[Difference]:
    counted = standings_of(one.pk for one in book.enrollments)
    for enrollment in book.enrollments:
        recomputed = book.standing(enrollment)
        if counted[enrollment.pk] != recomputed:
            yield book.difference("progress", enrollment.pk, counted[enrollment.pk], recomputed)


def _course_completions(book: _Book) -> Iterator[Difference]:
    """A completion once written stays, whatever was added to the course since; one that is missing is a difference."""
    written = set(CourseCompletion.objects.filter(enrollment__course=book.course).values_list("enrollment", flat=True))
    for enrollment in book.enrollments:
        is_owed = enrollment.is_active and book.standing(enrollment).is_complete
        if is_owed and enrollment.pk not in written:
            yield book.difference("completion of the course", enrollment.pk, "none", "completed")


def _watched(book: _Book) -> Iterator[Difference]:
    """Who watched media to the end has done the items that show it."""
    films = [one for one in book.items if one.type == ItemType.VIDEO and one.state == "published"]
    records = WatchRecord.objects.filter(media__in=[one.media_id for one in films], completed_at__isnull=False)
    watched = set(records.values_list("user", "media"))
    if not book.course.is_published:
        return
    for enrollment in (one for one in book.enrollments if one.is_active):
        for film in films:
            if (enrollment.user_id, film.media_id) in watched and film.pk not in book.settled[enrollment.pk]:
                yield book.difference(f"completion of “{film}”", enrollment.pk, "none", "watched")


def _grades(book: _Book) -> Iterator[Difference]:
    """What is kept as the grade of a quiz is what its attempts come to."""
    stored = dict(_keyed(Grade.objects.filter(enrollment__course=book.course), "percent"))
    quizzes = {one.quiz_id: one for one in book.items if one.type == ItemType.QUIZ}
    graded = Attempt.objects.filter(quiz__in=quizzes, enrollment__course=book.course, state=AttemptState.GRADED)
    attempts: dict[tuple[UUID, UUID], list[Attempt]] = defaultdict(list)
    for attempt in graded.select_related("quiz").defer("results").order_by("number"):
        attempts[attempt.enrollment_id, attempt.quiz_id].append(attempt)
    for (enrollment, quiz), tries in attempts.items():
        recomputed = grade_of(tries, tries[0].quiz.grade_method)
        kept = stored.get((enrollment, quizzes[quiz].pk))
        if kept != recomputed:
            yield book.difference(f"grade of “{quizzes[quiz]}”", enrollment, kept, recomputed)


def grade_of(attempts: list[Attempt], method: str) -> Decimal:
    """Percent 0–100 with two places, rounded down; the attempts in their order."""
    earned = [exactly_earned(one) if method == "average" else Fraction(one.points) for one in attempts]
    percents = [
        100 * points / one.points_possible if one.points_possible else Fraction(0)
        for one, points in zip(attempts, earned, strict=True)
    ]
    chosen = {
        "highest": max(percents), "last": percents[-1], "first": percents[0], "average": sum(percents) / len(percents),
    }[method]  # fmt: skip
    return Decimal(int(100 * chosen)) / 100


def _certificates(book: _Book) -> Iterator[Difference]:
    """Nobody holds a certificate without having completed the course."""
    held = Certificate.objects.filter(enrollment__course=book.course)
    for certificate in held.filter(enrollment__course_completion__isnull=True):
        yield book.difference("certificate", certificate.enrollment_id, certificate.number, "not completed")


def _positions(book: _Book) -> Iterator[Difference]:
    """Places are 1, 2, 3 … without gaps and doubles."""
    yield from _gaps(book, "places of the chapters", book.course.pk, book.chapters)
    for chapter in book.chapters:
        inside = [one for one in book.items if one.chapter_id == chapter.pk]
        yield from _gaps(book, f"places in “{chapter}”", chapter.pk, inside)


def _gaps(book: _Book, what: str, row: UUID, rows: Iterable[Any]) -> Iterator[Difference]:
    places = [0, *(one.position for one in rows)]
    if any(after != before + 1 for before, after in pairwise(places)):
        yield book.difference(what, row, places[1:], list(range(1, len(places))))


def _keyed(rows: Any, column: str) -> Iterator[tuple[tuple[UUID, UUID], Any]]:
    for enrollment, item, value in rows.values_list("enrollment", "item", column):
        yield (enrollment, item), value


CHECKS = (_standings, _course_completions, _watched, _grades, _certificates, _positions)
