"""The kinds of question, without a database: what creators type, what learners answer, what it earns."""

from fractions import Fraction
from typing import Any

import pytest

from courses.quizzes.choices import read_options, write_options
from courses.quizzes.grading import grade, question_fault
from courses.quizzes.question_copies import QuestionCopy, copy_questions, read_copies
from courses.quizzes.questions import KINDS, Typed, Unreadable, Unusable, kind_of

COLORS = "*Red | Like a rose.\n*Green\nBlue | Like the sea.\nGrey"


def question(kind: str, *, points: int = 1, name: str = "q", **typed: Any) -> QuestionCopy:
    content = KINDS[kind].parse(Typed(**typed))
    return QuestionCopy(name, kind, "Why?", content.options, content.answer, "", points)


def picked(asked: QuestionCopy, words: str) -> list[str]:
    return [option["key"] for option in asked.options if option["text"] in words.split()]


def test_choices_are_read_from_lines_and_written_back() -> None:
    lines = "Red\n* Green | Like grass. \n\n\\*args\n**kwargs\na | b |"

    options = read_options(lines)

    assert [(one.text, one.is_right, one.feedback) for one in options] == [
        ("Red", False, ""), ("Green", True, "Like grass."), ("*args", False, ""), ("*kwargs", True, ""),
        ("a | b", False, ""),
    ]  # fmt: skip
    assert read_options(write_options(options)) == options


def test_choices_keep_the_keys_of_texts_that_stay() -> None:
    kind = KINDS["single_choice"]
    before = kind.parse(Typed(options=read_options("*Red\nGreen"))).options

    after = kind.parse(Typed(options=read_options("Green\n*Yellow")), known=before).options

    known = {option["key"] for option in before}
    assert (after[0]["key"] == before[1]["key"], after[1]["key"] in known) == (True, False)


@pytest.mark.parametrize(
    ("kind", "typed", "fault"),
    [
        ("single_choice", {"options": "*Red"}, "Give at least two options, one a line, and at most 50."),
        ("single_choice", {"options": "A\nB"},
         "Mark exactly one option as right, with * in front of it; 0 are marked."),
        ("single_choice", {"options": "*A\n*B"},
         "Mark exactly one option as right, with * in front of it; 2 are marked."),
        ("single_choice", {"options": "*Red\nRed"}, "Two options are the same."),
        ("single_choice", {"options": "*\nRed"}, "An option has no text."),
        ("multiple_choice", {"options": "A\nB"}, "Mark the right options, with * in front of each; none is marked."),
        ("multiple_choice", {"options": "*A\n*B"},
         "Leave at least one option wrong, or ticking all of them would be right."),
        ("true_false", {}, "Say whether the statement is true or false."),
        ("short_text", {"accepted": ["  "]}, "Give at least one accepted text, one a line, and at most 50."),
        ("numeric", {"value": ""}, "Write a number, such as 2.5."),
        ("numeric", {"value": "NaN"}, "Write a number, such as 2.5."),
        ("numeric", {"value": "1", "tolerance": "-1"}, "A tolerance is 0 or more."),
    ],
)  # fmt: skip
def test_unusable_questions_say_what_is_wrong(kind: str, typed: dict[str, Any], fault: str) -> None:
    if "options" in typed:
        typed = {"options": read_options(typed["options"])}

    with pytest.raises(Unusable) as refusal:
        KINDS[kind].parse(Typed(**typed))

    assert str(refusal.value) == fault


@pytest.mark.parametrize(
    ("picks", "earned"),
    [
        ("Red Green", Fraction(1)), ("Red", Fraction(1, 2)), ("Red Blue", Fraction(0)), ("Blue", Fraction(0)),
        ("Red Green Blue", Fraction(1, 2)), ("Red Green Blue Grey", Fraction(0)),
    ],
)  # fmt: skip
def test_multiple_choice_takes_away_what_a_wrong_pick_costs(picks: str, earned: Fraction) -> None:
    asked = question("multiple_choice", options=read_options(COLORS))

    assert kind_of(asked).grade(asked, picked(asked, picks)) == earned


def test_ticking_everything_never_pays_however_many_are_right() -> None:
    asked = question("multiple_choice", options=read_options("*A\n*B\n*C\nD"))

    assert kind_of(asked).grade(asked, picked(asked, "A B C D")) == 0


@pytest.mark.parametrize(
    ("answer", "earned"),
    [("high tide", 1), ("  HIGH   Tide ", 1), ("ｈｉｇｈ tide", 1), ("STRASSE", 1), ("high tides", 0), ("hightide", 0)],  # noqa: RUF001
)
def test_short_text_is_compared_without_case_and_spaces(answer: str, earned: int) -> None:
    asked = question("short_text", accepted=["High tide", "Straße"])
    read = kind_of(asked).read(asked, answer)

    assert read is not None
    assert kind_of(asked).grade(asked, read) == earned


@pytest.mark.parametrize(
    ("answer", "earned"),
    [
        ("9.81", 1),
        (" 9,79 ", 1),
        ("9.83", 1),
        ("9.8300000000000001", 0),
        ("−9.81", 0),
        ("981e-2", 1),
        ("1e99", 0),
        (9.8, 1),
    ],  # noqa: RUF001
)
def test_number_is_right_within_its_tolerance(answer: Any, earned: int) -> None:
    asked = question("numeric", value="9,81", tolerance="0.02")
    read = kind_of(asked).read(asked, answer)

    assert read is not None
    assert kind_of(asked).grade(asked, read) == earned


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        *(("numeric", text) for text in ("NaN", "Infinity", "-inf", "1e999999", "9" * 10_000, "1 2", "1,2,3", "\x00")),
        ("numeric", ["1"]), ("numeric", True), ("short_text", "x" * 10_000), ("short_text", 5),
        ("single_choice", "nowhere"), ("single_choice", ["x"]), ("single_choice", {"a": 1}), ("single_choice", 7),
        ("multiple_choice", "nowhere"), ("multiple_choice", ["nowhere"]), ("multiple_choice", [["x"]]),
        ("true_false", "maybe"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_a_sentence(kind: str, sent: Any) -> None:
    marked = COLORS if kind == "multiple_choice" else "*A\nB"
    asked = question(kind, options=read_options(marked), is_true=True, accepted=["x"], value="1")

    with pytest.raises(Unreadable) as refusal:
        kind_of(asked).read(asked, sent)

    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_parsed_is_gradable_and_can_be_edited_again(kind: str) -> None:
    typed: dict[str, Any] = {"is_true": False, "accepted": ["x", "y"], "value": "2", "tolerance": "0.5"}
    asked = question(kind, options=read_options("*A | Yes\nB | No"), **typed)
    again = kind_of(asked).parse(kind_of(asked).typed(asked), known=asked.options)

    assert (again.options, again.answer, question_fault(asked)) == (asked.options, asked.answer, "")
    assert kind_of(asked).read(asked, None) is None
    assert kind_of(asked).read(asked, "") is None


def test_points_are_rounded_down_and_the_mark_is_compared_exactly() -> None:
    thirds = [question("multiple_choice", options=read_options("*A\n*B\n*C\nD\nE"), name=str(n)) for n in range(4)]
    one_third = {one.id: picked(one, "A") for one in thirds[:3]}

    earned = grade(thirds, one_third)

    assert (str(earned.points), earned.points_possible, earned.results) == (
        "1.00", 4, {"0": "0.33", "1": "0.33", "2": "0.33", "3": "0.00"},
    )  # fmt: skip
    assert (earned.passes(25), earned.passes(26), grade([], {}).passes(0)) == (True, False, False)


def test_the_same_seed_gives_the_same_order_and_keeps_every_option() -> None:
    asked = [question("single_choice", options=read_options("*A\nB\nC\nD\nE"), name=str(n)) for n in range(9)]
    mixed = {"seed": 7, "shuffles_questions": True, "shuffles_options": True}

    copies, again = copy_questions(asked, **mixed), copy_questions(asked, **mixed)

    assert copies == again
    assert [copy["id"] for copy in copies] != [one.id for one in asked]
    assert {copy.id: sorted(copy.options, key=str) for copy in read_copies(copies)} == {
        one.id: sorted(one.options, key=str) for one in asked
    }
    assert read_copies(copy_questions(asked, seed=7, shuffles_questions=False, shuffles_options=False)) == asked
