"""Each item of a course with how one learner stands at it, and what is still unmet: for pages, API, back office."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Subquery

from courses.models import Completion, ContentItem, Enrollment, Grade, ItemType, Reason, Submission, SubmissionState
from courses.progress.counting import counts_for
from courses.progress.unmet import Facts, unmet_rule
from courses.querysets import needed_percent
from media_library.models import WatchRecord
from media_library.services.playing import why_by_hand

#: What nobody asks for here, and what 1,200 items of a course would be slow by.
LONG = (
    "text", "description", "metadata", "availability", "chapter__description", "chapter__availability",
    "media__description", "media__source_metadata", "assignment__instructions",
)  # fmt: skip


@dataclass(frozen=True)
class ItemStanding:
    """`state` is completed, excused or open; `percent` 0–100 is what was watched or earned, where that is known."""

    id: UUID
    title: str
    type: str
    chapter: str
    counts: bool
    state: str
    reason: str | None
    completed_at: datetime | None
    percent: Decimal | float | None
    unmet: str


def item_standings(enrollment: Enrollment) -> list[ItemStanding]:
    """The published items in order. One statement."""
    items = ContentItem.objects.of_course(enrollment.course_id).published().in_order()
    items = items.select_related("chapter", "media", "quiz", "assignment").defer(*LONG)
    return [_standing(item) for item in _with_facts(items, enrollment)]


def _with_facts(items: Any, enrollment: Enrollment) -> Iterable[Any]:
    done = Completion.objects.filter(enrollment=enrollment.pk, item=OuterRef("pk"))
    grade = Grade.objects.filter(enrollment=enrollment.pk, item=OuterRef("pk"))
    seen = WatchRecord.objects.filter(user=enrollment.user_id, media=OuterRef("media"))
    handed_in = Submission.objects.filter(enrollment=enrollment.pk, assignment=OuterRef("assignment"))
    last = handed_in.exclude(state=SubmissionState.DRAFT).order_by("-number")  # a draft settles nothing
    annotated: Iterable[Any] = items.annotate(
        reason=Subquery(done.values("reason")), completed_at=Subquery(done.values("completed_at")),
        grade=Subquery(grade.values("percent")), watched=Subquery(seen.values("percent")[:1]),
        submission=Subquery(last.values("state")[:1]), released_at=Subquery(last.values("released_at")[:1]),
        pass_mark=F("quiz__pass_mark"), counts=counts_for(enrollment.pk),
        needed_percent=needed_percent(),
    )  # fmt: skip
    return annotated


def _standing(item: Any) -> ItemStanding:
    return ItemStanding(
        id=item.pk, title=item.title, type=item.type, chapter=item.chapter.title,
        counts=item.counts, state=_state(item.reason), reason=item.reason,
        completed_at=item.completed_at, percent=item.watched if item.type == ItemType.VIDEO else item.grade,
        unmet=unmet_rule(_facts(item)),
    )  # fmt: skip


def _facts(item: Any) -> Facts:
    assignment = item.assignment
    return Facts(
        type=item.type, reason=item.reason, watched=item.watched, needed=item.needed_percent,
        grade=item.grade, submission=item.submission or "",
        by_hand=(why_by_hand(item.media) or "") if item.media else "", is_released=item.released_at is not None,
        pass_mark=assignment.pass_mark if assignment else item.pass_mark,
    )  # fmt: skip


def _state(reason: str | None) -> str:
    if reason is None:
        return "open"
    return "excused" if reason == Reason.EXCUSED else "completed"
