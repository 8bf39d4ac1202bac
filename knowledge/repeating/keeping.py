"""What is said twice is looked for by a job and kept; pages read what was found last."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Organization
from core.audit import record
from core.identifiers import uuid7
from core.jobs import enqueue
from core.models import Job
from core.tenancy import current_organization_id
from knowledge.models import Embedding, Passage, Repetition, RepetitionSearch
from knowledge.repeating.finding import Findings, Progress, find_repetitions
from knowledge.visible import open_items
from media_library.models import Media

JOB = "find_repetitions"
LONGEST = timedelta(minutes=10)
MOST_KEPT = 500
NOT_SHOWN = (
    "search_vector", "media__source_metadata", "media__description", "item__text",
)  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """The search made last, if any; whether the library was added to since; the job that looks, or looked, last."""

    search: RepetitionSearch | None
    is_stale: bool
    job: Job | None

    @property
    def is_running(self) -> bool:
        return self.job is not None and self.job.is_live


def compare_library(*, longest: timedelta = LONGEST, progress: Progress = lambda percent: None) -> int:
    """Look for what is said twice in the organization in scope, and keep it. Answers how many pairs are kept.

    What was dismissed stays so. `progress` hears 0–100 and may raise to stop.
    """
    seen = {"computed_at": timezone.now(), "newest_passage": _newest(Passage), "newest_embedding": _newest(Embedding)}
    passages = Passage.objects.count()
    found = find_repetitions(seconds=longest.total_seconds(), progress=progress)
    counts = {"passages": passages, "compared_by_words": found.by_words, "compared_by_meaning": found.by_meaning}
    with transaction.atomic():
        search, _is_new = RepetitionSearch.objects.update_or_create(defaults={**seen, **counts})
        kept, is_cut = _keep(found)
        RepetitionSearch.objects.filter(pk=search.pk).update(is_cut=is_cut)
    return kept


def look_again(*, by: Any = None) -> None:
    """Have the library compared anew, later; once, however often it is asked for. `by` None: the schedule."""
    with transaction.atomic():
        if standing().is_running:
            return
        enqueue(JOB, current_organization_id(), key=f"{JOB}:{uuid7()}")
        if by is not None:
            record("repetitions asked for", by=by)


def look_if_changed() -> None:
    """The same where passages or their meaning came since. What fails is tried again when more came."""
    if standing().is_stale:
        here = current_organization_id()
        enqueue(JOB, here, key=f"{JOB}:{here}:{_newest(Passage)}:{_newest(Embedding)}")


@transaction.atomic
def dismiss(repetition: Repetition, *, by: Any) -> None:
    """It is there on purpose: no search lists it again, while both passages say what they say."""
    _judge(repetition, by=by, is_dismissed=True, action="repetition dismissed")


@transaction.atomic
def list_again(repetition: Repetition, *, by: Any) -> None:
    """It was dismissed, and is no more."""
    _judge(repetition, by=by, is_dismissed=False, action="repetition listed again")


def repetitions_seen_by(
    user: Any, organization: Organization, *, dismissed: bool | None = False
) -> QuerySet[Repetition]:  # fmt: skip
    """The most alike first, with their places: of what this person may see now, and was not archived.

    `dismissed` None: those that were and those that were not.
    """
    media, items = Media.objects.visible_to(user, organization).present(), open_items(user, organization)
    found: QuerySet[Repetition] = Repetition.objects.all()
    if dismissed is not None:
        found = found.filter(is_dismissed=dismissed)
    for side in ("first", "second"):
        found = found.filter(Q(**{f"{side}__media__in": media}) | Q(**{f"{side}__item__in": items}))
        found = found.select_related(f"{side}__media", f"{side}__item__chapter__course")
        found = found.defer(*(f"{side}__{name}" for name in NOT_SHOWN))
    return found


def standing() -> Standing:
    """How it stands with the search of the organization in scope. Four statements."""
    search = RepetitionSearch.objects.first()
    job = Job.objects.filter(kind=JOB, subject_id=current_organization_id()).order_by("-pk").first()
    return Standing(search, _is_stale(search), job)


def _is_stale(search: RepetitionSearch | None) -> bool:
    passage, embedding = _newest(Passage), _newest(Embedding)
    if search is None:
        return passage is not None
    return (passage, embedding) != (search.newest_passage, search.newest_embedding)


def _newest(model: Any) -> UUID | None:
    """Keys grow with time; what is deleted later makes another one the newest, and is looked at again too."""
    found: UUID | None = model.objects.order_by("-pk").values_list("pk", flat=True).first()
    return found


def _keep(found: Findings) -> tuple[int, bool]:
    """In place of what was found before. Answers how many are kept, and whether there were more.

    What is found again stays the row it is: a page that is open may still dismiss it.
    """
    rows = [_row(pair, how, share) for pair, (how, share) in found.pairs.items()]
    there = _held({key for pair in found.pairs for key in pair})
    dismissed = set(Repetition.objects.filter(is_dismissed=True).values_list("first_id", "second_id"))
    rows = [row for row in rows if {row.first_id, row.second_id} <= there]
    rows = [row for row in rows if (row.first_id, row.second_id) not in dismissed]
    best = sorted(rows, key=lambda row: (-row.likeness, row.first_id, row.second_id))[:MOST_KEPT]
    Repetition.objects.bulk_create(
        best, update_conflicts=True, unique_fields=["organization", "first", "second"],
        update_fields=["known_by", "likeness"],
    )  # fmt: skip
    found_again = {(row.first_id, row.second_id) for row in best}
    before = Repetition.objects.filter(is_dismissed=False).values_list("pk", "first_id", "second_id")
    gone = [key for key, *pair in before if tuple(pair) not in found_again]
    Repetition.objects.filter(pk__in=gone, is_dismissed=False).delete()
    return len(best), len(rows) > MOST_KEPT


def _row(pair: frozenset[UUID], how: str, share: float) -> Repetition:
    first, second = sorted(pair)
    return Repetition(first_id=first, second_id=second, known_by=how, likeness=round(100 * share))


def _held(keys: set[UUID]) -> set[UUID]:
    """Those that are still there, and stay until the end of the transaction."""
    return set(Passage.objects.select_for_update(no_key=True).filter(pk__in=keys).values_list("pk", flat=True))


def _judge(repetition: Repetition, *, by: Any, is_dismissed: bool, action: str) -> None:
    if Repetition.objects.filter(pk=repetition.pk, is_dismissed=not is_dismissed).update(is_dismissed=is_dismissed):
        record(action, by=by, row=repetition)
