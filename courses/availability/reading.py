"""Rules as JSON, `{"match": "all" | "any", "rules": [{"kind", …}]}`, `{}` where there are none. Pure.

Kinds: `date` with `at` (ISO time with its zone), `days` (0–3650), `after_item` with `item`, `after_chapter` with
`chapter`, `after_previous`, `min_score` with `item` and `percent` (0–100).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from courses.availability.rules import (
    AfterChapter,
    AfterItem,
    AfterPrevious,
    Availability,
    DaysAfterEnrollment,
    FromDate,
    Match,
    MinScore,
    Rule,
)

MOST_RULES, MOST_DAYS = 20, 3650
YEARS = range(2000, 2101)
GRADED = ("quiz", "assignment")


class UnusableAvailability(ValueError):
    """A sentence for who wrote it; `place` is where, as `rules.0.item`."""

    def __init__(self, message: str, *, place: str = "") -> None:
        super().__init__(message)
        self.message, self.place = message, place


@dataclass(frozen=True)
class Contents:
    """What rules may name: `items` of the course with their types, its `chapters`; never what is in `itself`."""

    items: Mapping[UUID, str]
    chapters: frozenset[UUID]
    itself: frozenset[UUID] = frozenset()


def parse_availability(data: Any, *, contents: Contents | None = None) -> Availability:
    """The rules that were written; without `contents` keys are taken as they are. Raises UnusableAvailability."""
    if data is None or data == {}:
        return Availability()
    written = _object(data, "")
    _refuse_unknown(written, {"match", "rules"}, "")
    match, rules = written.get("match", Match.ALL), written.get("rules", [])
    if match not in list(Match):
        raise UnusableAvailability(_("Write all or any: how many of the rules must be met."), place="match")
    if not isinstance(rules, list):
        raise UnusableAvailability(_("Write a list of rules."), place="rules")
    if len(rules) > MOST_RULES:
        raise UnusableAvailability(_("At most %(most)d rules, please.") % {"most": MOST_RULES}, place="rules")
    return Availability(
        Match(match), tuple(_rule(rule, f"rules.{number}", contents) for number, rule in enumerate(rules))
    )


def stored_availability(data: Any) -> Availability | None:
    """What stands in the database; None where it cannot be read, because somebody wrote there past the services."""
    try:
        return parse_availability(data)
    except UnusableAvailability:
        return None


def dump(availability: Availability) -> dict[str, Any]:
    if not availability.rules:
        return {}
    return {"match": availability.match.value, "rules": [_dumped(rule) for rule in availability.rules]}


def _dumped(rule: Rule) -> dict[str, Any]:
    values = {name: value if isinstance(value, int) else _text(value) for name, value in vars(rule).items()}
    return {"kind": rule.kind, **values}


def _text(value: UUID | datetime) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def _rule(data: Any, place: str, contents: Contents | None) -> Rule:
    written = _object(data, place)
    kind = written.get("kind")
    if not isinstance(kind, str) or kind not in READERS:
        words = _("There is no such kind of rule. There are: %(kinds)s.") % {"kinds": ", ".join(READERS)}
        raise UnusableAvailability(words, place=f"{place}.kind")
    fields, read = READERS[kind]
    _refuse_unknown(written, {"kind", *fields}, place)
    return read(written, place, contents)


def _object(data: Any, place: str) -> dict[str, Any]:
    if isinstance(data, dict):
        return data
    raise UnusableAvailability(_("Write an object, such as {“kind”: “after_previous”}."), place=place)


def _refuse_unknown(written: dict[str, Any], known: set[str], place: str) -> None:
    unknown = sorted(map(str, set(written) - known))
    if unknown:
        words = _("This does not belong here: %(names)s.") % {"names": ", ".join(unknown)[:200]}
        raise UnusableAvailability(words, place=place)


def _date(written: dict[str, Any], place: str, contents: Contents | None) -> Rule:
    return FromDate(_moment(written.get("at"), f"{place}.at"))


def _moment(value: Any, place: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        told = moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (TypeError, ValueError, OverflowError):
        told = None
    if told is None or told.year not in YEARS:
        words = _("Write a date and time with its zone, such as 2027-05-03T00:00:00+02:00, of the years 2000 to 2100.")
        raise UnusableAvailability(words, place=place)
    return told


def _days(written: dict[str, Any], place: str, contents: Contents | None) -> Rule:
    return DaysAfterEnrollment(_number(written.get("days"), MOST_DAYS, f"{place}.days"))


def _number(value: Any, most: int, place: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most:
        return value
    raise UnusableAvailability(_("Write a whole number from 0 to %(most)d.") % {"most": most}, place=place)


def _after_item(written: dict[str, Any], place: str, contents: Contents | None) -> Rule:
    return AfterItem(_item(written, place, contents))


def _min_score(written: dict[str, Any], place: str, contents: Contents | None) -> Rule:
    item = _item(written, place, contents)
    if contents is not None and contents.items[item] not in GRADED:
        raise UnusableAvailability(_("Only quizzes and assignments have a score."), place=f"{place}.item")
    return MinScore(item, _number(written.get("percent"), 100, f"{place}.percent"))


def _item(written: dict[str, Any], place: str, contents: Contents | None) -> UUID:
    key = _key(written.get("item"), f"{place}.item")
    if contents is not None and key not in contents.items:
        raise UnusableAvailability(_("This course has no such item."), place=f"{place}.item")
    return _of_another(key, f"{place}.item", contents)


def _after_chapter(written: dict[str, Any], place: str, contents: Contents | None) -> Rule:
    key = _key(written.get("chapter"), f"{place}.chapter")
    if contents is not None and key not in contents.chapters:
        raise UnusableAvailability(_("This course has no such chapter."), place=f"{place}.chapter")
    return AfterChapter(_of_another(key, f"{place}.chapter", contents))


def _of_another(key: UUID, place: str, contents: Contents | None) -> UUID:
    if contents is not None and key in contents.itself:
        raise UnusableAvailability(_("It would wait for itself: choose something else."), place=place)
    return key


def _key(value: Any, place: str) -> UUID:
    try:
        return UUID(value)
    except (TypeError, ValueError, AttributeError) as fault:
        raise UnusableAvailability(_("Write the key of something in this course."), place=place) from fault


def _after_previous(written: dict[str, Any], place: str, contents: Contents | None) -> Rule:
    return AfterPrevious()


Reader = Callable[[dict[str, Any], str, Contents | None], Rule]
#: Kind: the fields it needs, and how they are read.
READERS: dict[str, tuple[tuple[str, ...], Reader]] = {
    FromDate.kind: (("at",), _date),
    DaysAfterEnrollment.kind: (("days",), _days),
    AfterItem.kind: (("item",), _after_item),
    AfterChapter.kind: (("chapter",), _after_chapter),
    AfterPrevious.kind: ((), _after_previous),
    MinScore.kind: (("item", "percent"), _min_score),
}
