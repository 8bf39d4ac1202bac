"""Where the words come from and what they cost (requirement T3). Shared by the page, the file and the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.ai.ledger import counted
from core.ai.subjects import Subject, named_subjects
from core.errors import Refused
from core.models import AiCall, Unit
from media_library.models import Media, Method, Transcript
from media_library.models.transcript import PAID
from media_library.services.paying import (
    ANSWER,
    DRAFT,
    EMBEDDING,
    LABEL,
    QUESTION,
    TRANSCRIPTION,
    ceiling_and_zone,
    known_price,
)

MOST_SUBJECTS = 10
TARGET = 90.0  # percent of the transcripts should cost nothing
FIRST_YEAR, LAST_YEAR = 2000, 2100
PURPOSES = {
    TRANSCRIPTION: gettext_lazy("Hearing words"),
    EMBEDDING: gettext_lazy("Meaning of passages"),
    QUESTION: gettext_lazy("Meaning of questions"),
    ANSWER: gettext_lazy("Answers"),
    DRAFT: gettext_lazy("Drafts of notes, quizzes, chapters and courses"),
    LABEL: gettext_lazy("Labels"),
}


@dataclass(frozen=True)
class MethodCount:
    """How many media are read by words of one method; `percent` of all that have words, 0–100."""

    method: str
    media: int
    percent: float

    @property
    def label(self) -> str:
        return str(Method(self.method).label)


@dataclass(frozen=True)
class Spent:
    """What one model cost in the month for one purpose: `cost` in US dollars, `quantity` in seconds or tokens.

    Where its price is not known, the cost is less than what was paid.
    """

    purpose: str
    provider: str
    model: str
    unit: str
    calls: int
    quantity: Decimal
    cost: Decimal
    percent: float
    is_price_known: bool

    @property
    def label(self) -> str:
        return str(PURPOSES.get(self.purpose, self.purpose))

    @property
    def amount(self) -> str:
        """In words: minutes of sound, or tokens."""
        if self.unit == Unit.SECONDS:
            return _("%(minutes)s min") % {"minutes": f"{self.quantity / 60:,.1f}"}
        return _("%(tokens)s tokens") % {"tokens": f"{self.quantity:,.0f}"}


@dataclass(frozen=True)
class SubjectCost:
    """What one thing cost for one purpose, such as the quiz of a film; `cost` in US dollars.

    `title` is empty where it is not there any more, and `page` where the back office has no page of it.
    """

    subject: UUID
    title: str
    page: str
    purpose: str
    calls: int
    cost: Decimal

    @property
    def words(self) -> str:
        """What it was paid for."""
        return str(PURPOSES.get(self.purpose, self.purpose))

    @property
    def name(self) -> str:
        return self.title or _("Deleted since")


@dataclass(frozen=True)
class WordsReport:
    """`free_percent` of the media that have words, None where none have any; money in US dollars.

    `ceiling` None: there is none. `spent` counts calls under way at their greatest cost.
    """

    month: date
    methods: list[MethodCount]
    with_words: int
    free: int
    costs: list[Spent]
    subjects: list[SubjectCost]
    spent: Decimal
    ceiling: Decimal | None

    @property
    def free_percent(self) -> float | None:
        return 100 * self.free / self.with_words if self.with_words else None

    @property
    def reaches_target(self) -> bool:
        return self.free_percent is None or self.free_percent >= TARGET

    @property
    def percent(self) -> float | None:
        """Of the ceiling, 0–100."""
        if self.ceiling is None:
            return None
        return min(100.0, float(100 * self.spent / self.ceiling)) if self.ceiling else 100.0

    @property
    def previous(self) -> date:
        return _first_day(self.month.year, self.month.month - 1)

    @property
    def next(self) -> date:
        return _first_day(self.month.year, self.month.month + 1)


@dataclass(frozen=True)
class Month:
    """From its first moment in the organization's time zone to the first of the next one."""

    first_day: date
    zone: ZoneInfo

    @property
    def moments(self) -> tuple[datetime, datetime]:
        after = _first_day(self.first_day.year, self.first_day.month + 1)
        begin, end = (datetime(one.year, one.month, 1, tzinfo=self.zone) for one in (self.first_day, after))
        return begin, end


def words_report(month: str = "") -> WordsReport:
    """Of the organization in scope; `month` such as `2026-11`, empty for the present one. Nine statements.

    Raises Refused `invalid` with the field `month`.
    """
    ceiling, zone = ceiling_and_zone()
    chosen = _month(month, zone)
    methods, free = methods_of(Media.objects.present())
    costs = _costs(chosen)
    with_words = sum(one.media for one in methods)
    return WordsReport(
        chosen.first_day, methods, with_words, free, costs, dearest_subjects(_counted(chosen)),
        sum((one.cost for one in costs), Decimal(0)), ceiling,
    )  # fmt: skip


def dearest_subjects(calls: QuerySet[AiCall]) -> list[SubjectCost]:
    """At most ten things that cost something in these calls, the dearest first. A statement, and one for each kind."""
    sums = calls.exclude(subject_id=None).order_by().values("subject_id", "purpose")
    paid = sums.annotate(calls=Count("pk"), total=Sum("cost")).filter(total__gt=0)
    rows = list(paid.order_by("-total", "subject_id", "purpose")[:MOST_SUBJECTS])
    named = named_subjects({row["subject_id"] for row in rows if row["subject_id"]})
    return [_of_subject(row, named) for row in rows]


def _of_subject(row: Mapping[str, Any], named: Mapping[UUID, Subject]) -> SubjectCost:
    subject = named.get(row["subject_id"], Subject(""))
    return SubjectCost(row["subject_id"], subject.title, subject.page, row["purpose"], row["calls"], row["total"])


def calls_of(month: str = "") -> QuerySet[AiCall]:
    """Each call of a month, the newest first. Raises Refused `invalid` with the field `month`."""
    begin, end = _month(month, ceiling_and_zone()[1]).moments
    calls: QuerySet[AiCall] = AiCall.objects.filter(started_at__gte=begin, started_at__lt=end).order_by("-id")
    return calls


def _month(written: str, zone: ZoneInfo) -> Month:
    if not written:
        return Month(datetime.now(zone).date().replace(day=1), zone)
    year, _dash, month = written.partition("-")
    is_one = len(year) == 4 and len(month) == 2 and (year + month).isascii() and (year + month).isdigit()
    if is_one and FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12:
        return Month(date(int(year), int(month), 1), zone)
    words = _("This is no month. Write it like 2026-11.")
    raise Refused("invalid", words, fields={"month": [words]})


def methods_of(media: QuerySet[Media]) -> tuple[list[MethodCount], int]:
    """How these are read, the most frequent method first; and how many never cost anything. One statement."""
    paid = Exists(Transcript.objects.filter(media=OuterRef("pk"), method__in=PAID))
    read = media.filter(transcript__isnull=False).annotate(paid=paid).order_by()
    rows = list(read.values("transcript__method", "paid").annotate(media=Count("pk")))
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["transcript__method"]] = counts.get(row["transcript__method"], 0) + row["media"]
    total = sum(counts.values())
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    free = sum(row["media"] for row in rows if not row["paid"])
    return [MethodCount(method, media, 100 * media / total) for method, media in ordered], free


def _costs(month: Month) -> list[Spent]:
    """The dearest first."""
    sums = (
        _counted(month)
        .values("purpose", "provider", "model", "unit")
        .annotate(calls=Count("pk"), quantity=Sum("quantity"), cost=Sum("cost"))
    )
    rows = sorted(sums, key=lambda row: (-row["cost"], row["purpose"], row["model"]))
    total = sum((row["cost"] for row in rows), Decimal(0))
    return [_spent(row, total) for row in rows]


def _counted(month: Month) -> QuerySet[AiCall]:
    begin, end = month.moments
    return counted().filter(started_at__gte=begin, started_at__lt=end).order_by()


def _spent(row: Mapping[str, Any], total: Decimal) -> Spent:
    known = known_price(row["model"], row["unit"], provider=row["provider"]) is not None or row["cost"] > 0
    return Spent(**row, percent=float(100 * row["cost"] / total) if total else 0.0, is_price_known=known)


def _first_day(year: int, month: int) -> date:
    """Months before January and after December are of the year before and after."""
    years, months = divmod(month - 1, 12)
    return date(year + years, months + 1, 1)
