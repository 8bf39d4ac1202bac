"""Proving that what is stored about progress is what the rows it came from say: recomputed from scratch, in Python."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any
from uuid import UUID

from courses.handing_in.rules import passes, percent_of
from courses.models import (
    Assignment,
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
    Submission,
)
from courses.models.assignment import SubmissionState
from courses.models.attempt import AttemptState
from courses.progress.counting import Standing, standings_of
from courses.quizzes.attempt_rules import exactly_earned, is_passed
from courses.reports import in_parts
from media_library.models import SiteConfiguration, WatchRecord
from media_library.models.watching import COMPLETED_FROM
from media_library.services.site import site_configuration

TEN_MINUTES = 600  # seconds


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
    """Everything of a course whose stored form differs from its recomputation; however many learn in it."""
    outline = _Outline(course)
    yield from _positions(outline)
    for learners in in_parts(Enrollment.objects.filter(course=course).order_by("pk")):
        book = _Book(outline, learners)
        for check in CHECKS:
            yield from check(book)


class _Outline:
    """The chapters and items of a course, in order."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.chapters = list(Chapter.objects.filter(course=course).order_by("position"))
        items = ContentItem.objects.of_course(course).select_related("quiz", "assignment", "media").in_order()
        long = ("text", "description", "assignment__instructions", "media__source_metadata", "media__description")
        self.items = list(items.defer(*long))

    def of_type(self, kind: ItemType) -> list[ContentItem]:
        return [one for one in self.items if one.type == kind]

    def difference(self, what: str, row: UUID, stored: Any, recomputed: Any) -> Difference:
        return Difference(what, str(self.course), row, str(stored), str(recomputed))


class _Book:
    """Every row of some learners of a course that progress comes from, read plainly; nothing is counted in SQL."""

    def __init__(self, outline: _Outline, learners: Sequence[UUID]) -> None:
        self.outline, self.course, self.difference = outline, outline.course, outline.difference
        self.enrollments = list(Enrollment.objects.filter(pk__in=learners).select_related("user"))
        theirs = {"enrollment__in": learners}
        self.settled: dict[UUID, dict[UUID, str]] = defaultdict(dict)
        for learner, item, reason in Completion.objects.filter(**theirs).values_list("enrollment", "item", "reason"):
            self.settled[learner][item] = reason
        grades = Grade.objects.filter(**theirs).values_list("enrollment", "item", "percent")
        self.grades = {(learner, item): percent for learner, item, percent in grades}
        self.completed = set(CourseCompletion.objects.filter(**theirs).values_list("enrollment", flat=True))
        self.certificates = dict(Certificate.objects.filter(**theirs).values_list("enrollment", "number"))
        self.attempts = _by_learner(_attempts().filter(**theirs), "quiz_id")
        self.handed_in = _by_learner(_submissions().filter(**theirs), "assignment_id")

    def standing(self, enrollment: Enrollment) -> Standing:
        settled = self.settled[enrollment.pk]
        owed = [one.pk for one in self.outline.items if one.state == "published" and one.is_required]
        counting = [key for key in owed if settled.get(key) != Reason.EXCUSED]
        return Standing(len([key for key in counting if key in settled]), len(counting))

    def is_done(self, enrollment: Enrollment, item: ContentItem) -> bool:
        return self.settled[enrollment.pk].get(item.pk) not in (None, Reason.EXCUSED)

    def places(self, kind: ItemType) -> Iterator[tuple[Enrollment, ContentItem]]:
        """Each learner at each item of that type."""
        return ((learner, item) for item in self.outline.of_type(kind) for learner in self.enrollments)


def _attempts() -> Any:
    graded = Attempt.objects.filter(state=AttemptState.GRADED).order_by("number")
    return graded.defer("results")


def _submissions() -> Any:
    """Those that were answered, or wait for it."""
    handed_in = Submission.objects.filter(state__in=[SubmissionState.SUBMITTED, SubmissionState.GRADED])
    return handed_in.defer("text", "feedback")


def _by_learner(rows: Iterable[Any], held: str) -> dict[tuple[UUID, UUID], list[Any]]:
    found = defaultdict(list)
    for row in rows:
        found[row.enrollment_id, getattr(row, held)].append(row)
    return found


def _standings(book: _Book) -> Iterator[Difference]:
    counted = standings_of(one.pk for one in book.enrollments)
    for enrollment in book.enrollments:
        recomputed = book.standing(enrollment)
        if counted[enrollment.pk] != recomputed:
            yield book.difference("progress", enrollment.pk, counted[enrollment.pk], recomputed)


def _course_completions(book: _Book) -> Iterator[Difference]:
    """A completion once written stays, whatever was added to the course since; one that is missing is a difference."""
    for enrollment in book.enrollments:
        is_owed = enrollment.is_active and book.standing(enrollment).is_complete
        if is_owed and enrollment.pk not in book.completed:
            yield book.difference("completion of the course", enrollment.pk, "none", "completed")


def _watched(book: _Book) -> Iterator[Difference]:
    """Who watched as much of the media as the item asks for has done it."""
    films = [one for one in book.outline.of_type(ItemType.VIDEO) if one.state == "published"]
    learning = [one for one in book.enrollments if one.is_active and book.course.is_published]
    records = WatchRecord.objects.filter(media__in=[one.media_id for one in films])
    rows = records.filter(user__in=[one.user_id for one in learning]).values_list("user", "media", "percent")
    watched = {(user, media): percent for user, media, percent in rows}
    asked = {one.pk: _asked_of(one, book.course, site_configuration()) for one in films}
    for enrollment in learning:
        for film in films:
            is_enough = watched.get((enrollment.user_id, film.media_id), 0) >= asked[film.pk]
            if is_enough and film.pk not in book.settled[enrollment.pk]:
                yield book.difference(f"completion of “{film}”", enrollment.pk, "none", "watched")


def _asked_of(film: ContentItem, course: Course, site: SiteConfiguration) -> int:
    """Percent of its media: its own word, its course's, its organization's, the site's."""
    if film.watched_from is not None:
        return film.watched_from
    for one in (course, course.organization, site):
        if one.watched_slides:
            length: float = min((film.media and film.media.duration) or TEN_MINUTES, TEN_MINUTES)
            return math.floor(70 + 25 * length / TEN_MINUTES)
        if one.watched_from is not None:
            return int(one.watched_from)
    return COMPLETED_FROM


def _quizzes(book: _Book) -> Iterator[Difference]:
    """What is kept as the grade of a quiz is what its attempts come to; who passed has done the item."""
    for enrollment, item in book.places(ItemType.QUIZ):
        quiz: Any = item.quiz
        tries = book.attempts.get((enrollment.pk, quiz.pk), [])
        earned = grade_of(tries, quiz.grade_method) if tries else None
        yield from _other_grade(book, enrollment, item, earned)
        passed = is_passed(tries, quiz.grade_method, pass_mark=quiz.pass_mark)
        if passed and not book.is_done(enrollment, item):
            yield book.difference(f"completion of “{item}”", enrollment.pk, "none", "passed")


def _assignments(book: _Book) -> Iterator[Difference]:
    """Of an assignment it is the best that was released; without a pass mark handing in is enough."""
    for enrollment, item in book.places(ItemType.ASSIGNMENT):
        assignment: Any = item.assignment
        works = book.handed_in.get((enrollment.pk, assignment.pk), [])
        best = max(
            (one.points for one in works if one.state == SubmissionState.GRADED and one.is_released), default=None
        )
        earned = None if best is None else percent_of(best, out_of=assignment.points)
        yield from _other_grade(book, enrollment, item, earned)
        if _is_finished(assignment, works, best) and not book.is_done(enrollment, item):
            yield book.difference(f"completion of “{item}”", enrollment.pk, "none", "handed in")


def _is_finished(assignment: Assignment, works: Sequence[Any], best: Decimal | None) -> bool:
    if assignment.pass_mark is None:
        return bool(works)
    return best is not None and passes(best, out_of=assignment.points, pass_mark=assignment.pass_mark)


def _other_grade(
    book: _Book, enrollment: Enrollment, item: ContentItem, earned: Decimal | None
) -> Iterator[Difference]:
    kept = book.grades.get((enrollment.pk, item.pk))
    if kept != earned:
        yield book.difference(f"grade of “{item}”", enrollment.pk, kept, earned)


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
    """Who has completed the course holds its certificate, if it gives one and there is a name for it; nobody else."""
    for enrollment in book.enrollments:
        number, is_completed = book.certificates.get(enrollment.pk), enrollment.pk in book.completed
        if number is not None and not is_completed:
            yield book.difference("certificate", enrollment.pk, number, "not completed")
        if number is None and is_completed and book.course.awards_certificate and enrollment.user.name:
            yield book.difference("certificate", enrollment.pk, "none", "completed")


def _positions(outline: _Outline) -> Iterator[Difference]:
    """Places are 1, 2, 3 … without gaps and doubles."""
    yield from _gaps(outline, "places of the chapters", outline.course.pk, outline.chapters)
    for chapter in outline.chapters:
        inside = [one for one in outline.items if one.chapter_id == chapter.pk]
        yield from _gaps(outline, f"places in “{chapter}”", chapter.pk, inside)


def _gaps(outline: _Outline, what: str, row: UUID, rows: Iterable[Any]) -> Iterator[Difference]:
    places = [0, *(one.position for one in rows)]
    if any(after != before + 1 for before, after in pairwise(places)):
        yield outline.difference(what, row, places[1:], list(range(1, len(places))))


CHECKS = (_standings, _course_completions, _watched, _quizzes, _assignments, _certificates)
