"""When something opens: the pure rules, table by table."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from courses.availability import (
    OPEN,
    Contents,
    Facts,
    Opening,
    Period,
    UnusableAvailability,
    both,
    dump,
    opening,
    opening_of_course,
    parse_availability,
    stored_availability,
)
from courses.availability.gates import Place, openings_of
from courses.availability.rules import midnight_after
from courses.learn_space.outline import OutlineRow

BERLIN = ZoneInfo("Europe/Berlin")
ALWAYS = Period()
ENROLLED = datetime(2027, 4, 28, 13, 30, tzinfo=UTC)
NOW = datetime(2027, 5, 1, 12, tzinfo=UTC)
FILM, QUIZ, TEXT, FIRST, SECOND = (UUID(int=number) for number in range(1, 6))
GONE = UUID(int=99)
TITLES = {FILM: "Tides", QUIZ: "Quiz one", TEXT: "Words", FIRST: "Beginnings", SECOND: "Endings"}
CONTENTS = Contents({FILM: "video", QUIZ: "quiz", TEXT: "text"}, frozenset({FIRST, SECOND}), frozenset({TEXT, SECOND}))


def facts(**changes: Any) -> Facts:
    return Facts(**{"now": NOW, "zone": BERLIN, "enrolled_at": ENROLLED, "titles": TITLES, **changes})


def of(*rules: dict[str, Any], match: str = "all", **known: Any) -> Opening:
    return opening(parse_availability({"match": match, "rules": list(rules)}), facts(**known))


def date(at: str) -> dict[str, Any]:
    return {"kind": "date", "at": at}


AFTER_FILM = {"kind": "after_item", "item": str(FILM)}
AFTER_FIRST = {"kind": "after_chapter", "chapter": str(FIRST)}
SCORE = {"kind": "min_score", "item": str(QUIZ), "percent": 60}
MAY = date("2027-05-03T00:00:00+02:00")
MAY_OPENS = datetime(2027, 5, 2, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "known", "reason"),
    [
        (MAY, {}, "Opens on 3 May 2027, 00:00."),
        (MAY, {"now": MAY_OPENS - timedelta(microseconds=1)}, "Opens on 3 May 2027, 00:00."),
        (MAY, {"now": MAY_OPENS}, None),
        ({"kind": "days", "days": 0}, {"now": ENROLLED}, None),
        ({"kind": "days", "days": 5}, {}, "Opens on 3 May 2027, 00:00."),
        ({"kind": "days", "days": 3}, {}, None),
        (AFTER_FILM, {}, "Complete “Tides” first."),
        (AFTER_FILM, {"settled": frozenset({FILM})}, None),
        ({**AFTER_FILM, "item": str(GONE)}, {}, None),
        (AFTER_FIRST, {}, "Complete “Beginnings” first."),
        (AFTER_FIRST, {"settled": frozenset({FIRST})}, None),
        ({"kind": "after_chapter", "chapter": str(GONE)}, {}, None),
        ({"kind": "after_previous"}, {}, None),
        ({"kind": "after_previous"}, {"previous": FILM}, "Complete “Tides” first."),
        ({"kind": "after_previous"}, {"previous": FILM, "settled": frozenset({FILM})}, None),
        (SCORE, {}, "Score at least 60 % in “Quiz one” first."),
        (SCORE, {"percents": {QUIZ: Decimal("59.99")}}, "Score at least 60 % in “Quiz one” first (you have 59 %)."),
        (SCORE, {"percents": {QUIZ: Decimal("40")}}, "Score at least 60 % in “Quiz one” first (you have 40 %)."),
        (SCORE, {"percents": {QUIZ: Decimal("60")}}, None),
        (SCORE, {"settled": frozenset({QUIZ})}, None),
        (
            SCORE,
            {"settled": frozenset({QUIZ}), "done": frozenset({QUIZ}), "percents": {QUIZ: Decimal(50)}},
            "Score at least 60 % in “Quiz one” first (you have 50 %).",
        ),
        ({**SCORE, "item": str(GONE)}, {}, None),
    ],
)
def test_rule_is_met_or_says_what_is_missing(rule: dict[str, Any], known: dict[str, Any], reason: str | None) -> None:
    found = of(rule, **known)

    assert (found.is_open, found.reasons) == (reason is None, (reason,) if reason else ())


@pytest.mark.parametrize(
    ("rules", "match", "known", "expected"),
    [
        ([], "all", {}, OPEN),
        ([], "any", {}, OPEN),
        ([MAY, AFTER_FILM], "all", {"settled": {FILM}}, (MAY_OPENS, ["Opens on 3 May 2027, 00:00."])),
        ([MAY, AFTER_FILM], "all", {}, (None, ["Opens on 3 May 2027, 00:00.", "Complete “Tides” first."])),
        ([MAY, {"kind": "days", "days": 6}], "all", {}, (
            MAY_OPENS + timedelta(days=1), ["Opens on 3 May 2027, 00:00.", "Opens on 4 May 2027, 00:00."],
        )),
        ([MAY, AFTER_FILM], "any", {"settled": {FILM}}, OPEN),
        ([MAY, AFTER_FILM], "any", {}, (
            MAY_OPENS, ["One of these is enough:", "Opens on 3 May 2027, 00:00.", "Complete “Tides” first."],
        )),
        ([AFTER_FILM], "any", {}, (None, ["Complete “Tides” first."])),
    ],
)  # fmt: skip
def test_all_or_any_of_the_rules_must_be_met(
    rules: list[dict[str, Any]], match: str, known: dict[str, Any], expected: Any
) -> None:
    found = of(*rules, match=match, **{name: frozenset(value) for name, value in known.items()})

    assert found == (expected if expected is OPEN else Opening(False, expected[0], tuple(expected[1])))


@pytest.mark.parametrize(
    ("enrolled", "days", "zone", "opens"),
    [
        # The day is the local one: half past eleven in the evening of the 28th in UTC is the 29th in Berlin.
        ("2027-04-28T21:59:59+00:00", 1, "Europe/Berlin", "2027-04-28T22:00:00+00:00"),
        ("2027-04-28T22:30:00+00:00", 1, "Europe/Berlin", "2027-04-29T22:00:00+00:00"),
        # Over the clock change in spring (28 March 2027) and in autumn (31 October 2027) midnight stays midnight.
        ("2027-03-27T12:00:00+00:00", 1, "Europe/Berlin", "2027-03-27T23:00:00+00:00"),
        ("2027-03-27T12:00:00+00:00", 2, "Europe/Berlin", "2027-03-28T22:00:00+00:00"),
        ("2027-10-30T12:00:00+00:00", 1, "Europe/Berlin", "2027-10-30T22:00:00+00:00"),
        ("2027-10-30T12:00:00+00:00", 2, "Europe/Berlin", "2027-10-31T23:00:00+00:00"),
        # Cairo skips the midnight of 30 April 2027: the day begins at one. Havana's of 7 November comes twice.
        ("2027-04-29T12:00:00+00:00", 1, "Africa/Cairo", "2027-04-29T22:00:00+00:00"),
        ("2027-11-06T12:00:00+00:00", 1, "America/Havana", "2027-11-07T04:00:00+00:00"),
        ("2027-04-28T13:30:00+00:00", 0, "Asia/Tokyo", "2027-04-28T13:30:00+00:00"),
        ("2027-04-28T13:30:00+00:00", 1, "Asia/Tokyo", "2027-04-28T15:00:00+00:00"),
        ("2028-02-28T12:00:00+00:00", 1, "UTC", "2028-02-29T00:00:00+00:00"),
        ("2027-01-01T00:00:00+00:00", 3650, "UTC", "2036-12-29T00:00:00+00:00"),
    ],
)
def test_days_after_enrollment_are_midnights_of_the_organization(
    enrolled: str, days: int, zone: str, opens: str
) -> None:
    found = midnight_after(datetime.fromisoformat(enrolled), days, zone=ZoneInfo(zone))

    assert found.astimezone(UTC).isoformat() == opens


@pytest.mark.parametrize(
    ("period", "now", "expected"),
    [
        (Period(), NOW, OPEN),
        (Period(MAY_OPENS), NOW, Opening(False, MAY_OPENS, ("The course opens on 3 May 2027, 00:00.",))),
        (Period(MAY_OPENS), MAY_OPENS, OPEN),
        (Period(None, MAY_OPENS), NOW, OPEN),
        (Period(None, MAY_OPENS), MAY_OPENS, Opening(False, None, ("The course ended on 3 May 2027, 00:00.",))),
        (Period(None, None, MAY_OPENS), MAY_OPENS, Opening(False, None, ("Your access ended on 3 May 2027, 00:00.",))),
        (Period(MAY_OPENS, None, NOW), NOW, Opening(False, None, ("Your access ended on 1 May 2027, 14:00.",))),
    ],
)
def test_course_is_open_within_its_period_only(period: Period, now: datetime, expected: Opening) -> None:
    assert opening_of_course(period, now=now, zone=BERLIN) == expected


def test_item_is_open_where_its_chapter_is_too() -> None:
    chapter, item = of(MAY), of(AFTER_FILM)

    assert both(OPEN, OPEN) == OPEN
    assert (both(chapter, OPEN), both(OPEN, item)) == (chapter, item)
    assert both(chapter, item) == Opening(False, None, (*chapter.reasons, *item.reasons))
    assert both(chapter, of(MAY)) == chapter


@pytest.mark.parametrize(
    ("data", "place", "sentence"),
    [
        ([], "", "Write an object, such as {“kind”: “after_previous”}."),
        ("soon", "", "Write an object, such as {“kind”: “after_previous”}."),
        ({"rule": []}, "", "This does not belong here: rule."),
        ({"match": "most", "rules": []}, "match", "Write all or any: how many of the rules must be met."),
        ({"match": ["all"], "rules": []}, "match", "Write all or any: how many of the rules must be met."),
        ({"rules": {}}, "rules", "Write a list of rules."),
        ({"rules": [{"kind": "after_previous"}] * 21}, "rules", "At most 20 rules, please."),
        ({"rules": [None]}, "rules.0", "Write an object, such as {“kind”: “after_previous”}."),
        ({"rules": [AFTER_FILM, {"kind": "after_previous", "item": "x"}]}, "rules.1",
         "This does not belong here: item."),
    ],
)  # fmt: skip
def test_unusable_availability_says_what_is_wrong_and_where(data: Any, place: str, sentence: str) -> None:
    with pytest.raises(UnusableAvailability) as fault:
        parse_availability(data, contents=CONTENTS)

    assert (fault.value.place, fault.value.message) == (place, sentence)


NO_DATE = "Write a date and time with its zone, such as 2027-05-03T00:00:00+02:00, of the years 2000 to 2100."
NO_KIND = "There is no such kind of rule. There are: date, days, after_item, after_chapter, after_previous, min_score."


@pytest.mark.parametrize(
    ("rule", "place", "sentence"),
    [
        ({}, "kind", NO_KIND),
        ({"kind": "moon"}, "kind", NO_KIND),
        ({"kind": ["date"]}, "kind", NO_KIND),
        *[(date(at), "at", NO_DATE) for at in (
            "2027-05-03T00:00:00", "2027-05-03", "soon", None, 20270503, "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-12:00", "1999-12-31T00:00:00Z", ["2027"],
        )],
        *[({"kind": "days", "days": days}, "days", "Write a whole number from 0 to 3650.")
          for days in (-1, 3651, 1.5, "3", True, None, 10**30)],
        *[({**SCORE, "percent": percent}, "percent", "Write a whole number from 0 to 100.")
          for percent in (-1, 101, "60", None)],
        ({"kind": "after_item"}, "item", "Write the key of something in this course."),
        ({"kind": "after_item", "item": 7}, "item", "Write the key of something in this course."),
        ({"kind": "after_item", "item": "x" * 99}, "item", "Write the key of something in this course."),
        ({"kind": "after_item", "item": str(GONE)}, "item", "This course has no such item."),
        ({"kind": "after_item", "item": str(FIRST)}, "item", "This course has no such item."),
        ({"kind": "after_item", "item": str(TEXT)}, "item", "It would wait for itself: choose something else."),
        ({"kind": "after_chapter", "chapter": str(GONE)}, "chapter", "This course has no such chapter."),
        ({"kind": "after_chapter", "chapter": str(SECOND)}, "chapter",
         "It would wait for itself: choose something else."),
        ({**SCORE, "item": str(FILM)}, "item", "Only quizzes and assignments have a score."),
    ],
)  # fmt: skip
def test_unusable_rule_says_what_is_wrong_and_where(rule: dict[str, Any], place: str, sentence: str) -> None:
    with pytest.raises(UnusableAvailability) as fault:
        parse_availability({"rules": [rule]}, contents=CONTENTS)

    assert (fault.value.place, fault.value.message) == (f"rules.0.{place}", sentence)


def test_rules_are_written_as_they_were_read() -> None:
    rules = [MAY, {"kind": "days", "days": 7}, AFTER_FILM, AFTER_FIRST, {"kind": "after_previous"}, SCORE]
    written = {"match": "any", "rules": rules}

    dumped = dump(parse_availability(written, contents=CONTENTS))

    assert dumped == {"match": "any", "rules": [date("2027-05-02T22:00:00+00:00"), *rules[1:]]}
    assert [dump(parse_availability(data)) for data in ({}, None, {"match": "any", "rules": []})] == [{}, {}, {}]


def test_rules_that_cannot_be_read_open_nothing() -> None:
    assert stored_availability({"rules": [{"kind": "moon"}]}) is None

    found = openings_of([row(1, availability={"rules": "all"})], place())

    assert found == {
        UUID(int=101): Opening(False, None, ("Its rules cannot be read. Please tell those who make this course.",))
    }


# --- A whole course ---


def row(number: int, *, chapter: int = 1, done: bool = False, **changes: Any) -> OutlineRow:
    plain = OutlineRow(
        UUID(int=chapter), f"Chapter {chapter}", UUID(int=100 + number), f"Lesson {number}", "text", "published", True,
        3, None, "read" if done else None, None, None, True, done,
    )  # fmt: skip
    return plain._replace(**changes)


def place(period: Period = ALWAYS) -> Place:
    return Place(UUID(int=1), ENROLLED, period, BERLIN)


PREVIOUS = {"rules": [{"kind": "after_previous"}]}
FAR = {"rules": [date("2100-01-01T00:00:00Z")]}


def excused(number: int, **changes: Any) -> OutlineRow:
    return row(number, reason="excused", counts=False, **changes)


def optional(number: int, **changes: Any) -> OutlineRow:
    return row(number, is_required=False, counts=False, **changes)


@pytest.mark.parametrize(
    ("rows", "locked"),
    [
        ([row(1), row(2)], []),
        # One after the other; the first has nothing before it.
        ([row(1, availability=PREVIOUS), row(2, availability=PREVIOUS)], [2]),
        ([row(1, done=True), row(2, availability=PREVIOUS)], []),
        # The previous one is the last that counts, over chapters; what is optional or excused is passed over.
        ([row(1), optional(2), row(3, chapter=2, availability=PREVIOUS)], [3]),
        ([row(1, done=True), optional(2), row(3, chapter=2, availability=PREVIOUS)], []),
        ([row(1, done=True), excused(2), row(3, availability=PREVIOUS)], []),
        ([optional(1), row(2, availability=PREVIOUS)], []),
        # What was done never locks again, whatever rules are added later (lifterlms#1835).
        ([row(1), row(2, done=True, availability=FAR)], []),
        ([row(1, done=True, chapter_availability=FAR), row(2, chapter_availability=FAR)], [2]),
        ([row(1), excused(2, availability=FAR)], [2]),
        # A chapter is done when all that counts in it is; with nothing that counts it is done.
        ([row(1, done=True), row(2), row(3, chapter=2, chapter_availability=PREVIOUS)], [3]),
        ([row(1, done=True), optional(2), row(3, chapter=2, chapter_availability=PREVIOUS)], []),
        ([optional(1), row(2, chapter=2, chapter_availability=PREVIOUS)], []),
        ([row(1), optional(2, chapter=2), row(3, chapter=3, chapter_availability=PREVIOUS)], [3]),
        # A quiz that waits for the film is shut until the film is done (sensei#5303).
        ([row(1), row(2, availability={"rules": [{"kind": "after_item", "item": str(UUID(int=101))}]})], [2]),
        ([row(1, done=True), row(2, availability={"rules": [{"kind": "after_item", "item": str(UUID(int=101))}]})], []),
        # Rules come as text from PostgreSQL.
        ([row(1), row(2, availability='{"rules": [{"kind": "after_previous"}]}')], [2]),
    ],
)
def test_course_says_which_items_are_locked(rows: list[OutlineRow], locked: list[int]) -> None:
    assert [key.int - 100 for key in openings_of(rows, place())] == locked


def test_locked_item_tells_the_reasons_of_its_chapter_and_its_own() -> None:
    rows = [row(1), row(2, chapter=2, chapter_availability=PREVIOUS, availability=FAR)]

    found = openings_of(rows, place())[UUID(int=102)]

    assert found == Opening(False, None, ("Complete “Chapter 1” first.", "Opens on 1 January 2100, 01:00."))


def test_ended_access_shuts_what_was_done_too() -> None:
    rows = [row(1, done=True), row(2)]
    ended = Period(ends_at=datetime(2020, 1, 1, tzinfo=UTC))

    found = openings_of(rows, place(ended))

    shut = Opening(False, None, ("Your access ended on 1 January 2020, 01:00.",))
    assert found == {UUID(int=101): shut, UUID(int=102): shut}
