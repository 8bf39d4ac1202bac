"""Telling a record store what was watched.

What it is to be told stands in rows of its own (`StatementDue`), written with the fact and removed when the store has
taken the statements. Their ids follow from the facts: whatever is told twice is there once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.models import DueVerb, RecordStore, StatementDue
from analytics.models.record_store import ERROR_CHARACTERS
from analytics.record_store import Door, Failed
from analytics.services.record_stores import secret_of, waiting
from analytics.services.xapi_export import Export, Teller, completions, in_batches, visits
from analytics.xapi.profile import EXTENSIONS
from analytics.xapi.statements import Statement
from core.fetch import Fetcher, origin_of
from media_library.models import WatchSession

AT_ONCE = 50  # visits or completions in one request: at most 100 statements
FIRST_PAUSE, LONGEST_PAUSE = 60.0, 6 * 3600.0  # seconds after a failure, doubled with each one
SESSION = f"{EXTENSIONS}session-id"


@dataclass(frozen=True)
class Pushed:
    """`taken` statements are in the store now, if they were not before; it will not have `refused` ones."""

    taken: int = 0
    refused: int = 0

    def __add__(self, other: "Pushed") -> "Pushed":
        return Pushed(self.taken + other.taken, self.refused + other.refused)


def owe(session_id: UUID, verb: DueVerb) -> None:
    """Note that the store of the organization in scope is to be told of it, where it has one that is on."""
    if RecordStore.objects.filter(is_on=True).exists():
        StatementDue.objects.create(session_id=session_id, verb=verb)


def owe_past(store: RecordStore, *, first: date | None = None, last: date | None = None) -> int:
    """Note all of those days, of the organization's time zone. Answers how many visits and completions."""
    past = Export(Teller(store.organization), first=first, last=last)
    owed = 0
    for rows, verb in ((past.visits, DueVerb.TERMINATED), (past.completions, DueVerb.COMPLETED)):
        for batch in in_batches(rows):
            sessions = {row.pk if verb == DueVerb.TERMINATED else row.visit_id for row in batch} - {None}
            StatementDue.objects.bulk_create([StatementDue(session_id=key, verb=verb) for key in sessions])
            owed += len(sessions)
    return owed


def push(store: RecordStore, *, check: Callable[[], object] = lambda: None) -> Pushed:
    """Tell it all that waits. Goes out. `check` is asked between requests and may raise.

    Raises Failed, and has written down by then what went wrong and when it is tried again; what was taken stays taken.
    """
    total, door = Pushed(), None
    try:
        while due := list(waiting().order_by("pk")[:AT_ONCE]):
            check()
            door = door or _door_to(store)
            total += _tell(store, door, due)
    except Failed as failure:
        _note_failure(store, failure)
        raise
    return total


def _tell(store: RecordStore, door: Door, due: list[StatementDue]) -> Pushed:
    told = _statements_of(store, due)
    statements = [one for group in told.values() for one in group]
    refusals = door.tell(statements) if statements else {}
    if len(statements) > 2 and len(refusals) == len(statements):
        why = next(iter(refusals.values()))
        raise Failed("refuses", _("The record store takes no statement: %(why)s") % {"why": why})
    _settle(due, told, refusals)
    taken = len(statements) - len(refusals)
    _note_success(store, taken)
    return Pushed(taken, len(refusals))


@transaction.atomic
def _settle(due: list[StatementDue], told: dict[UUID, list[Statement]], refusals: dict[str, str]) -> None:
    """What is there goes; what the store will not take stays with its reason, and is not sent again."""
    why = {row.pk: next((refusals[one["id"]] for one in told[row.pk] if one["id"] in refusals), "") for row in due}
    for row in due:
        row.refusal = why[row.pk][:ERROR_CHARACTERS]
    StatementDue.objects.filter(pk__in=[row.pk for row in due if not row.refusal]).delete()
    StatementDue.objects.bulk_update([row for row in due if row.refusal], ["refusal"])


def _statements_of(store: RecordStore, due: list[StatementDue]) -> dict[UUID, list[Statement]]:
    """By the row that is due; none of a visit that goes on, of nobody, or of nothing played."""
    teller = Teller(store.organization, with_addresses=store.with_addresses)
    ended = [row.session_id for row in due if row.verb == DueVerb.TERMINATED]
    done = {row.session_id for row in due if row.verb == DueVerb.COMPLETED}
    told: dict[tuple[str, str], list[Statement]] = {}
    for statement in teller.of_visits(visits().filter(pk__in=ended)):
        told.setdefault((DueVerb.TERMINATED, statement["context"]["extensions"][SESSION]), []).append(statement)
    for session_id, statement in _completions_in(done, teller):
        told[DueVerb.COMPLETED, str(session_id)] = [statement]
    return {row.pk: told.pop((row.verb, str(row.session_id)), []) for row in due}


def _completions_in(session_ids: set[UUID], teller: Teller) -> list[tuple[UUID, Statement]]:
    sessions = WatchSession.objects.filter(pk__in=session_ids).values_list("media_id", "user_id", "pk")
    by_pair = {(media_id, user_id): key for media_id, user_id, key in sessions}
    theirs = WatchSession.objects.filter(pk__in=session_ids, media=OuterRef("media"), user=OuterRef("user"))
    records = list(completions().filter(Exists(theirs)))
    for row in records:
        row.visit_id = by_pair[row.media_id, row.user_id]  # type: ignore[attr-defined]
    keys = [row.visit_id for row in records]  # type: ignore[attr-defined]
    return list(zip(keys, teller.of_completions(records), strict=True))


def _door_to(store: RecordStore) -> Door:
    secret = secret_of(store)
    if secret is None:
        raise Failed("lost_secret", _("The secret was stored under another key of this installation. Give it again."))
    trusted = frozenset(map(origin_of, settings.RECORD_STORE_ORIGINS))
    return Door(Fetcher(trusted=trusted), store.endpoint, store.key, secret)


def _note_success(store: RecordStore, taken: int) -> None:
    RecordStore.objects.filter(pk=store.pk).update(
        pushed_statements=F("pushed_statements") + taken, pushed_at=timezone.now(), failures=0, error="",
        next_try_at=None,
    )  # fmt: skip


def _note_failure(store: RecordStore, failure: Failed) -> None:
    store.refresh_from_db()
    pause = max(failure.pause, min(FIRST_PAUSE * 2 ** min(store.failures, 20), LONGEST_PAUSE))
    now = timezone.now()
    RecordStore.objects.filter(pk=store.pk).update(
        failures=F("failures") + 1, error=failure.words[:ERROR_CHARACTERS], failed_at=now,
        next_try_at=now + timedelta(seconds=pause),
    )  # fmt: skip
