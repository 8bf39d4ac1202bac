"""Events that other systems tell: many at a time, each judged by itself."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, Literal, TypedDict
from uuid import UUID

from django.db import connection

from analytics.models import Event
from analytics.services.events import Window, check_shape
from analytics.services.storing import NewEvent, store_events
from core.errors import Refused
from core.tenancy import current_organization_id

MOST_EVENTS = 1_000  # in one call
#: What an event may be about, and in which words it is said to be unknown.
ABOUT = {
    "learner": "Nobody here has, or had, this pseudonym.",
    "actor": "Nobody here has, or had, this pseudonym.",
    "media": "There is no such media item here.",
    "course": "There is no such course here.",
    "chapter": "There is no such chapter here.",
    "item": "There is no such item here.",
}
TAKEN = "Make another id for this event."
ENTRIES = frozenset({"id", "type", "occurred_at", "metadata", *ABOUT})
#: Statements that answer which of many keys are of the organization. Whoever has left still has done what they did.
PEOPLE = """
SELECT person.pseudonym::text FROM accounts_user person JOIN accounts_membership member ON member.user_id = person.id
WHERE member.organization_id = %s AND person.pseudonym = ANY(%s::uuid[])"""
ROWS = "SELECT id::text FROM {} WHERE organization_id = %s AND id = ANY(%s::uuid[])"
EXISTING = {
    ("learner", "actor"): PEOPLE,
    ("media",): ROWS.format("media_library_media"),
    ("course",): ROWS.format("courses_course"),
    ("chapter",): ROWS.format("courses_chapter"),
    ("item",): ROWS.format("courses_contentitem"),
}

Read = NewEvent | Refused


class Answer(TypedDict):
    """What became of one event. `id` is null where it was refused and had none that could be read."""

    id: str | None
    status: Literal["stored", "known", "refused"]
    code: str
    message: str
    fields: dict[str, list[str]]


def take_events(told: Sequence[Any], *, sent_at: datetime | None = None) -> list[Answer]:
    """Store the events that are right, in the organization in scope, and answer each one, in order.

    An id that is there already is `known` and nothing changes, so that all of it can be sent again whenever no answer
    came. `sent_at` is when the sender's clock said that it sent this. Raises Refused: no_events, too_many_events.
    """
    if not 1 <= len(told) <= MOST_EVENTS:
        message = f"One call tells 1 to {MOST_EVENTS:,} events."
        raise Refused("too_many_events" if told else "no_events", message, fields={"events": [message]})
    reader = _Reader()
    read = _without_strangers([reader.read(one) for one in told])
    new = [one for one in read if not isinstance(one, Refused)]
    stored = store_events(new, clock_skew=_skew(sent_at, reader.window.now))
    known = _known({one["id"] for one in new} - stored)
    return list(_answers(told, read, stored=stored, known=known))


class _Reader:
    """Reads events as they were told. Most name the same few keys: each spelling is read once."""

    def __init__(self) -> None:
        self.window = Window.of_now()
        self.spelled: dict[str, str] = {}

    def read(self, one: Any) -> Read:
        try:
            return self._read(one)
        except Refused as refusal:
            return refusal

    def _read(self, one: Any) -> NewEvent:
        if not isinstance(one, dict):
            raise Refused("invalid_event", "An event is an object.")
        if unknown := one.keys() - ENTRIES:
            raise _invalid({str(name)[:40]: "Events do not have this." for name in sorted(unknown)})
        metadata = {} if one.get("metadata") is None else one["metadata"]
        check_shape(one.get("type"), metadata)
        about: dict[str, Any] = {name: self._key(one.get(name), name) for name in ABOUT}
        return NewEvent(id=self._id(one), type=one["type"], metadata=metadata, **about)

    def _key(self, value: Any, name: str) -> str | None:
        if value is None:
            return None
        if (key := self.spelled.get(value) if isinstance(value, str) else None) is None:
            key = self.spelled[value] = str(_uuid(value, name))
        return key

    def _id(self, one: dict[str, Any]) -> str:
        given, moment = one.get("id"), one.get("occurred_at")
        if given is None and moment is None:
            raise _invalid({"occurred_at": "An event has an id, the time at which it happened, or both."})
        event_id = None if given is None else _uuid(given, "id")
        return str(self.window.key_of(event_id, occurred_at=None if moment is None else _moment(moment)))


def _uuid(value: Any, name: str) -> UUID:
    try:
        return UUID(value)
    except (ValueError, AttributeError, TypeError):
        raise _invalid({name: "This must be a UUID."}) from None


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        raise _invalid({"occurred_at": "This must be a time as ISO 8601 writes it."}) from None
    if moment.tzinfo is None:
        raise _invalid({"occurred_at": "This must be a time with its zone."})
    return moment


def _invalid(reasons: dict[str, str]) -> Refused:
    fields = {name: [reason] for name, reason in reasons.items()}
    return Refused("invalid_event", "This event could not be read.", fields=fields)


def _skew(sent_at: datetime | None, now: datetime) -> float | None:
    return round((sent_at - now).total_seconds(), 3) if sent_at else None


def _without_strangers(read: list[Read]) -> list[Read]:
    """Those are refused that name what is not of this organization, whatever it may be elsewhere."""
    told = [one for one in read if not isinstance(one, Refused)]
    strange: dict[str, set[str]] = {}
    for names, statement in EXISTING.items():
        keys = {key for one in told for name in names if (key := one[name])}  # type: ignore[literal-required]
        if missing := keys - _existing(statement, keys):
            strange |= dict.fromkeys(names, missing)
    return [_refused_stranger(one, strange) for one in read] if strange else read


def _existing(statement: str, keys: Collection[str]) -> set[str]:
    if not keys:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(statement, [current_organization_id(), list(keys)])
        return {key for (key,) in cursor.fetchall()}


def _refused_stranger(one: Read, strange: dict[str, set[str]]) -> Read:
    if isinstance(one, Refused):
        return one
    wrong = {name: [ABOUT[name]] for name, keys in strange.items() if one[name] in keys}  # type: ignore[literal-required]
    return Refused("unknown_reference", "This names what is not here.", fields=wrong) if wrong else one


def _known(keys: Collection[str]) -> set[str]:
    """Of ids that were not new, those of this organization. The others belong to somebody else."""
    return {str(key) for key in Event.objects.filter(pk__in=keys).values_list("pk", flat=True)} if keys else set()


def _answers(told: Sequence[Any], read: list[Read], *, stored: set[str], known: set[str]) -> Iterator[Answer]:
    first = set(stored)  # of an id that one call tells twice the second is known
    for one, outcome in zip(told, read, strict=True):
        if isinstance(outcome, Refused):
            yield _refusal(outcome, one.get("id") if isinstance(one, dict) else None)
        elif (key := outcome["id"]) in first:
            first.remove(key)
            yield Answer(id=key, status="stored", code="", message="", fields={})
        elif key in stored or key in known:
            yield Answer(id=key, status="known", code="", message="", fields={})
        else:
            yield _refusal(Refused("invalid_event_id", "This id cannot be used.", fields={"id": [TAKEN]}), key)


def _refusal(refusal: Refused, key: Any) -> Answer:
    return Answer(
        id=key[:60] if isinstance(key, str) else None, status="refused", code=refusal.code, message=refusal.message,
        fields=refusal.fields,
    )  # fmt: skip
