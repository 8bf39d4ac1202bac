"""How an organization's media and courses do, or those of one creator: the dashboard."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from accounts.models import Organization
from accounts.permissions import can
from analytics.reports.learning import courses_of, learning
from analytics.reports.media import MediaFigures, media_by_views, media_figures
from analytics.reports.periods import Period
from analytics.reports.reading import EVERYBODYS, percent
from analytics.reports.viewing import ViewingDay, media_of, viewing, viewing_days
from core.ai.ledger import counted
from core.models import AiCall
from knowledge.models import Answer, CourseDraft, Draft
from media_library.models import Media, Publication
from media_library.services.allowance import allowance_of
from media_library.services.allowance_report import allowances_seen_by
from media_library.services.words_report import PURPOSES, SubjectCost, dearest_subjects, methods_of

MOST_POPULAR = 10
NOTHING = Decimal("0.000000")  # US dollars, as exact as what was paid


@dataclass(frozen=True)
class CreatorTotals:
    """What happened in a range: `watch_seconds` in seconds, `completion_rate` 0–100, `ai_cost` in US dollars.

    `media_added`, `enrollments` and `course_completions` are of what was made by the creator; `viewers` are distinct
    learners.
    """

    media_added: int
    views: int
    viewers: int
    watch_seconds: int
    completions: int
    completion_rate: float
    ai_interactions: int
    enrollments: int
    course_completions: int
    ai_cost: Decimal


@dataclass(frozen=True)
class AiCost:
    """Paid calls of the range for one purpose; `cost` in US dollars."""

    purpose: str
    words: str
    calls: int
    cost: Decimal


@dataclass(frozen=True)
class Quota:
    """What a member has uploaded this week and may, in bytes; `percent` 0–100."""

    id: UUID
    name: str
    used: int
    allowed: int
    percent: float


@dataclass(frozen=True)
class CreatorReport:
    """`creator` None: the whole organization. `media`, `published` and the words are as of now.

    `free_percent` of the media with words, None where none have any. `quota` holds what the asking person may see.
    """

    creator: UUID | None
    name: str
    period: Period
    media: int
    published: int
    with_words: int
    free_words: int
    totals: CreatorTotals
    previous: CreatorTotals
    days: list[ViewingDay]
    previous_days: list[ViewingDay]
    popular: list[MediaFigures]
    ai_costs: list[AiCost]
    ai_subjects: list[SubjectCost]
    quota: list[Quota]
    computed_at: datetime | None

    @property
    def free_percent(self) -> float | None:
        return percent(self.free_words, self.with_words) if self.with_words else None


def creator_report(organization: Organization, period: Period, *, by: Any, creator: Any = None) -> CreatorReport:
    """Of one creator or, without, of the organization in scope; `by` is who asks. A fixed number of statements."""
    whose = media_of(creator) if creator else EVERYBODYS
    days, previous_days = viewing_days(whose, period)
    totals, computed_at = _totals(organization, period, creator)
    previous, _ = _totals(organization, period.previous, creator)
    present = _media(creator)
    methods, free = methods_of(present)
    numbers = present.aggregate(media=Count("pk"), published=Count("pk", filter=Q(publication=Publication.PUBLISHED)))
    popular = media_by_views(period, creator=creator).filter(views__gt=0)[:MOST_POPULAR]
    return CreatorReport(
        creator.pk if creator else None, str(creator or organization), period, **numbers,
        with_words=sum(one.media for one in methods), free_words=free, totals=totals, previous=previous, days=days,
        previous_days=previous_days, popular=[media_figures(row) for row in popular],
        ai_costs=_ai_costs(organization, period, creator),
        ai_subjects=dearest_subjects(_calls(organization, period, creator)), quota=_quota(organization, by, creator),
        computed_at=computed_at,
    )  # fmt: skip


def _totals(organization: Organization, period: Period, creator: Any) -> tuple[CreatorTotals, datetime | None]:
    """Four statements."""
    watched = viewing(media_of(creator) if creator else EVERYBODYS, period)
    learned = learning(courses_of(creator) if creator else EVERYBODYS, period)
    begin, end = period.moments(organization.zone)
    added = _media(creator).filter(created_at__gte=begin, created_at__lt=end).count()
    cost = _calls(organization, period, creator).aggregate(total=Sum("cost"))["total"] or NOTHING
    totals = CreatorTotals(
        media_added=added, views=watched.views, viewers=watched.viewers, watch_seconds=watched.watch_seconds,
        completions=watched.completions, completion_rate=watched.completion_rate,
        ai_interactions=watched.ai_interactions, enrollments=learned.enrollments,
        course_completions=learned.completions, ai_cost=cost,
    )  # fmt: skip
    return totals, watched.computed_at


def _media(creator: Any) -> QuerySet[Media]:
    present: QuerySet[Media] = Media.objects.present()
    return present.filter(creator=creator.pk) if creator else present


def _calls(organization: Organization, period: Period, creator: Any) -> QuerySet[AiCall]:
    """Of a creator: what was paid for their media and courses, whoever asked for it."""
    begin, end = period.moments(organization.zone)
    calls = counted().filter(started_at__gte=begin, started_at__lt=end).order_by()
    return calls.filter(_is_of(creator)) if creator else calls


def _is_of(creator: Any) -> Q:
    """Media, drafts from what is said in it, drafts of courses, and answers about either."""
    asked = Q(conversation__course__created_by=creator.pk) | Q(conversation__media__creator=creator.pk)
    rows: list[QuerySet[Any]] = [
        Media.objects.filter(creator=creator.pk),
        Draft.objects.filter(media__creator=creator.pk),
        CourseDraft.objects.filter(course__created_by=creator.pk),
        Answer.objects.filter(asked),
    ]
    return reduce(or_, (Q(subject_id__in=found.order_by().values("pk")) for found in rows))


def _ai_costs(organization: Organization, period: Period, creator: Any) -> list[AiCost]:
    """The dearest first."""
    sums = _calls(organization, period, creator).values("purpose").annotate(calls=Count("pk"), cost=Sum("cost"))
    rows = sorted(sums, key=lambda row: (-row["cost"], row["purpose"]))
    return [AiCost(words=str(PURPOSES.get(row["purpose"], row["purpose"])), **row) for row in rows]


def _quota(organization: Organization, by: Any, creator: Any) -> list[Quota]:
    """Everybody's for owners, one's own for others: a colleague's is not theirs to see."""
    if creator is None:
        members = allowances_seen_by(by, organization).members
        return [_of_member(one.user, one.used, one.allowed) for one in members]
    if creator.pk != by.pk and not can(by, "members.manage", organization):
        return []
    own = allowance_of(creator, organization=organization)
    return [_of_member(creator, own.used, own.allowed)]


def _of_member(user: Any, used: int, allowed: int) -> Quota:
    share = min(100.0, percent(used, allowed)) if allowed else 100.0
    return Quota(user.pk, str(user), used, allowed, share)
