"""What became of one course: its range compared, and how its learners stand now."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from analytics.reports.behind import Behind, learners_behind
from analytics.reports.funnel import Step, funnel
from analytics.reports.learning import Learning, LearningDay, learning, learning_days, one_course
from analytics.reports.periods import Period
from analytics.reports.quiz_difficulty import AskedQuestion, quiz_difficulty
from courses.models import ContentItem, Course, Enrollment, ItemType
from media_library.models import Source


@dataclass(frozen=True)
class ItemKind:
    """How many published items are of a type, videos by their source."""

    type: str
    media_source: str
    words: str
    items: int


@dataclass(frozen=True)
class CourseReport:
    """`learners` are active now; `funnel`, `items` and `behind` are as of now, the rest of the range."""

    id: UUID
    title: str
    period: Period
    learners: int
    totals: Learning
    previous: Learning
    days: list[LearningDay]
    previous_days: list[LearningDay]
    funnel: list[Step]
    items: list[ItemKind]
    questions: list[AskedQuestion]
    behind: Behind


@dataclass(frozen=True)
class CourseFigures:
    """One course in a list; `learners` are active now."""

    id: UUID
    title: str
    enrollments: int
    completions: int
    items_completed: int
    watch_seconds: int


def course_report(course: Course, period: Period, *, quiet_days: int) -> CourseReport:
    """Eight statements. `quiet_days` without anything done make a learner fall behind."""
    whose = one_course(course)
    days, previous_days = learning_days(whose, period)
    learners = Enrollment.objects.filter(course=course, is_active=True).count()
    return CourseReport(
        course.pk, course.title, period, learners, learning(whose, period), learning(whose, period.previous), days,
        previous_days, funnel(course, learners=learners), _items(course), quiz_difficulty(course, period),
        learners_behind(course, quiet_days=quiet_days),
    )  # fmt: skip


def courses_by_enrollments(period: Period) -> QuerySet[Any, Any]:
    """All courses, the one that most came to first, as rows of `course_figures`."""
    told = FilteredRelation("days", condition=Q(days__day__range=(period.first, period.last)))
    names = ("enrollments", "completions", "items_completed", "watch_seconds")
    sums = {f"{name}_told": Coalesce(Sum(f"told__{name}"), 0) for name in names}
    found = Course.objects.annotate(told=told).values("id", "title").annotate(**sums)
    ordered: QuerySet[Any, Any] = found.order_by("-enrollments_told", "-items_completed_told", "title", "id")
    return ordered


def course_figures(row: dict[str, Any]) -> CourseFigures:
    return CourseFigures(**{name.removesuffix("_told"): value for name, value in row.items()})


def _items(course: Course) -> list[ItemKind]:
    """The most frequent first. One statement."""
    items = ContentItem.objects.of_course(course).published().order_by()
    counts = items.values("type", media_source=Coalesce(F("media__source"), Value(""))).annotate(items=Count("pk"))
    rows = sorted(counts, key=lambda row: (-row["items"], row["type"], row["media_source"]))
    return [ItemKind(words=_words(row["type"], row["media_source"]), **row) for row in rows]


def _words(type: str, source: str) -> str:
    kind = str(ItemType(type).label)
    return f"{kind} · {Source(source).label}" if source else kind
