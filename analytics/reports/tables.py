"""Reports as tables: what a page shows below its charts and what a CSV file holds is the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.reports.course import CourseReport
from analytics.reports.creator import CreatorReport
from analytics.reports.learning import LearningDay
from analytics.reports.media import MediaReport
from analytics.reports.searches import SearchReport
from analytics.reports.viewing import ViewingDay


class Unit(StrEnum):
    """What a value is, so that a page can say it in words."""

    TEXT = "text"
    NUMBER = "number"
    SECONDS = "seconds"  # how long
    SECOND = "second"  # of a media item
    PERCENT = "percent"
    MONEY = "money"
    BYTES = "bytes"
    DAY = "day"
    TIME = "time"
    FLAG = "flag"


@dataclass(frozen=True)
class Column:
    """`name` is the attribute of a row's dataclass, as the API calls it too."""

    name: str
    label: Any
    unit: Unit = Unit.NUMBER


@dataclass(frozen=True)
class Table:
    """`name` is what its address calls it; `bar` the column that a page draws beside its number."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Any]
    bar: str = ""

    def values(self) -> list[list[Any]]:
        return [[getattr(row, column.name) for column in self.columns] for row in self.rows]


@dataclass(frozen=True)
class Figure:
    """One number of a range and of the range before; what it is stands in `unit`."""

    name: str
    label: str
    unit: Unit
    value: Any
    previous: Any

    @property
    def change(self) -> float | None:
        """In percent of what it was before, of a share in points; None where there was nothing."""
        if not self.previous or self.value is None:
            return None
        if self.unit is Unit.PERCENT:
            return round(float(self.value - self.previous), 1)
        return round(100 * float(self.value - self.previous) / float(self.previous), 1)


_N, _S, _P = Unit.NUMBER, Unit.SECONDS, Unit.PERCENT
FIGURES: dict[str, tuple[Any, Unit]] = {
    "media_added": (gettext_lazy("Media added"), _N),
    "views": (gettext_lazy("Views"), _N),
    "starts": (gettext_lazy("First views"), _N),
    "viewers": (gettext_lazy("Learners who watched"), _N),
    "finishers": (gettext_lazy("Learners who finished"), _N),
    "watch_seconds": (gettext_lazy("Watch time"), _S),
    "completion_rate": (gettext_lazy("Completion rate"), _P),
    "enrollments": (gettext_lazy("Enrollments"), _N),
    "learners": (gettext_lazy("Active learners"), _N),
    "items_completed": (gettext_lazy("Items completed"), _N),
    "completions": (gettext_lazy("Completions"), _N),
    "course_completions": (gettext_lazy("Courses completed"), _N),
    "quizzes_submitted": (gettext_lazy("Quizzes submitted"), _N),
    "quizzes_passed": (gettext_lazy("Quizzes passed"), _N),
    "quiz_percent": (gettext_lazy("Average quiz result"), _P),
    "assignments_submitted": (gettext_lazy("Assignments handed in"), _N),
    "ai_interactions": (gettext_lazy("Questions asked"), _N),
    "ai_cost": (gettext_lazy("AI cost"), Unit.MONEY),
    "searches": (gettext_lazy("Searches"), _N),
    "without_result": (gettext_lazy("Without an answer"), _N),
    "searchers": (gettext_lazy("Learners who searched"), _N),
    "gap_percent": (gettext_lazy("Share without an answer"), _P),
}
_VIEWED = (Column("views", gettext_lazy("Views")), Column("watch_seconds", gettext_lazy("Watch time"), _S))
_TITLE = Column("title", gettext_lazy("Title"), Unit.TEXT)
_DAY = Column("day", gettext_lazy("Day"), Unit.DAY)
_STRETCH = (Column("first", gettext_lazy("From"), Unit.SECOND), Column("end", gettext_lazy("To"), Unit.SECOND))
_COMPLETIONS = Column("completions", gettext_lazy("Completions"))
MEDIA_COLUMNS = (_TITLE, *_VIEWED, _COMPLETIONS)
COURSE_COLUMNS = (
    _TITLE, Column("enrollments", gettext_lazy("Enrollments")), _COMPLETIONS,
    Column("items_completed", gettext_lazy("Items completed")), _VIEWED[1],
)  # fmt: skip


def figures_of(now: Any, before: Any) -> list[Figure]:
    """Of two records of the same kind, in the order in which figures are told."""
    return [
        Figure(name, str(label), unit, getattr(now, name), getattr(before, name))
        for name, (label, unit) in FIGURES.items()
        if hasattr(now, name)
    ]


def tables_of(report: Any) -> dict[str, Table]:
    """Of a report of any kind, by name."""
    tables = [totals_table(report), *TABLES[type(report)](report)]
    return {one.name: one for one in tables}


def totals_table(report: Any) -> Table:
    columns = (
        Column("name", _("Figure"), Unit.TEXT), Column("value", _("This range")), Column("previous", _("Before")),
        Column("change", _("Change"), _P),
    )  # fmt: skip
    return Table("totals", _("Totals"), columns, figures_of(report.totals, report.previous))


def _viewing_table(days: Sequence[ViewingDay]) -> Table:
    columns = (_DAY, *_VIEWED, Column("viewers", _("Learners")), _COMPLETIONS)
    return Table("days", _("Day by day"), columns, days)


def _learning_table(days: Sequence[LearningDay]) -> Table:
    columns = (
        _DAY, Column("enrollments", _("Enrollments")), Column("learners", _("Active learners")),
        Column("items_completed", _("Items completed")), _COMPLETIONS, _VIEWED[1],
    )  # fmt: skip
    return Table("days", _("Day by day"), columns, days)


def _creator_tables(report: CreatorReport) -> list[Table]:
    paid = (Column("words", _("For"), Unit.TEXT), Column("calls", _("Calls")), Column("cost", _("Cost"), Unit.MONEY))
    made = (Column("name", _("What"), Unit.TEXT), *paid)
    quota = (
        Column("name", _("Member"), Unit.TEXT), Column("used", _("Uploaded this week"), Unit.BYTES),
        Column("allowed", _("Allowed"), Unit.BYTES), Column("percent", _("Used"), _P),
    )  # fmt: skip
    return [
        _viewing_table(report.days),
        Table("popular", _("Watched most"), MEDIA_COLUMNS, report.popular, bar="views"),
        Table("ai-costs", _("AI costs"), paid, report.ai_costs),
        Table("ai-subjects", _("What AI was paid for"), made, report.ai_subjects),
        Table("quota", _("Weekly upload allowance"), quota, report.quota, bar="percent"),
    ]


def _media_tables(report: MediaReport) -> list[Table]:
    seen = (*_STRETCH, Column("learners", _("Learners")), Column("percent", _("Of all viewers"), _P))
    again = (*_STRETCH, Column("times", _("Times each")), Column("sentence", _("What is said there"), Unit.TEXT))
    came = (Column("words", _("How"), Unit.TEXT), Column("visits", _("Visits")), Column("percent", _("Share"), _P))
    return [
        _viewing_table(report.days),
        Table("retention", _("Who watches which second"), seen, report.retention),
        Table("peaks", _("Watched again"), again, report.peaks, bar="times"),
        Table("devices", _("Devices"), came, report.devices, bar="percent"),
        Table("referrers", _("Where visits came from"), came, report.referrers, bar="percent"),
    ]


def _course_tables(report: CourseReport) -> list[Table]:
    kinds = (Column("words", _("Kind"), Unit.TEXT), Column("items", _("Items")))
    return [
        _learning_table(report.days),
        Table("funnel", _("How far learners come"), _funnel_columns(), report.funnel, bar="percent"),
        Table("items", _("Items by kind"), kinds, report.items, bar="items"),
        Table("questions", _("Hard questions"), _question_columns(), report.questions, bar="right_percent"),
        Table("behind", _("Who fell behind"), _behind_columns(), report.behind.learners, bar="percentage"),
    ]


def _funnel_columns() -> Sequence[Column]:
    return (
        _TITLE, Column("chapter", _("Chapter"), Unit.TEXT), Column("is_required", _("Required"), Unit.FLAG),
        Column("done", _("Done by")), Column("percent", _("Of the learners"), _P),
    )  # fmt: skip


def _question_columns() -> Sequence[Column]:
    return (
        Column("prompt", _("Question"), Unit.TEXT), Column("item", _("Quiz"), Unit.TEXT),
        Column("attempts", _("Attempts")), Column("right_percent", _("Answered right"), _P),
        Column("average", _("Average"), _P),
    )  # fmt: skip


def _behind_columns() -> Sequence[Column]:
    return (
        Column("name", _("Learner"), Unit.TEXT), Column("reason_words", _("Why"), Unit.TEXT),
        Column("percentage", _("Done"), _P), Column("started_at", _("Enrolled"), Unit.TIME),
        Column("last_accessed_at", _("Last here"), Unit.TIME),
    )  # fmt: skip


def _search_tables(report: SearchReport) -> list[Table]:
    columns = (
        Column("query", _("Searched for"), Unit.TEXT), Column("without_result", _("Without an answer")),
        Column("searches", _("Searches")), Column("learners", _("Learners")),
        Column("last_day", _("Last asked"), Unit.DAY),
    )  # fmt: skip
    return [Table("gaps", _("Asked, and not found"), columns, report.gaps, bar="without_result")]


TABLES: dict[type, Any] = {
    CreatorReport: _creator_tables,
    MediaReport: _media_tables,
    CourseReport: _course_tables,
    SearchReport: _search_tables,
}
