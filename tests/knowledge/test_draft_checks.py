"""What is kept of what a model told: pure, without a model."""

from dataclasses import dataclass

import pytest

from knowledge.drafting.checking import fault_of, is_supported
from knowledge.drafting.composing import chapters_of, notes_of, questions_wanted, quiz_of
from knowledge.drafting.script import Script
from knowledge.drafting.shapes import ToldChapters, ToldNotes, ToldQuestion, ToldQuiz

SAID = "The pull of the moon raises two bulges of water, and the earth turns below them."


@dataclass(frozen=True)
class Cue:
    start: float
    end: float
    text: str
    speaker: str = ""


def script_of(*texts: str, seconds: float = 30.0) -> Script:
    return Script([Cue(n * seconds, (n + 1) * seconds, text) for n, text in enumerate(texts)])


def question(kind="single_choice", right=("The pull of the moon",), wrong=("Strong winds", "Heavy rain"), **values):
    options = [{"text": one, "is_right": True} for one in right] + [{"text": one, "is_right": False} for one in wrong]
    given = {"prompt": "What raises the bulges?", "is_true": False, "accepted": [], "explanation": "It is said so."}
    return ToldQuestion(**{"kind": kind, "options": options, "first_cue": 1, "last_cue": 1, **given, **values})


def test_a_script_numbers_its_cues_over_all_pieces():
    script = script_of(*[f"Sentence {n} says a few words more." for n in range(1, 11)])

    first, second = script.pieces(size=40)

    assert (first.first, first.last, second.first, second.last) == (1, 5, 6, 10)
    assert script.lines(second).splitlines()[0] == "[6] Sentence 6 says a few words more."
    assert script.span(6, 7).model_dump() == {"start": 150.0, "end": 210.0, "first_cue": 5, "last_cue": 6}
    assert [script.span(*numbers) for numbers in [(0, 1), (3, 2), (9, 11)]] == [None, None, None]
    assert script.span(5, 6, within=second) is None


@pytest.mark.parametrize(
    "asked",
    [
        question(),
        question("multiple_choice", right=("The moon", "Two bulges"), wrong=("The wind",)),
        question("true_false", right=(), wrong=(), prompt="The moon raises bulges of water.", is_true=True),
        question("short_text", right=(), wrong=(), accepted=["the moon", "moon"]),
    ],
)
def test_a_good_question_of_each_kind_passes(asked):
    assert fault_of(asked, said=SAID) == ""


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        (question(right=("The moon", "The water")), "Exactly one answer must be right."),
        (question(right=()), "Exactly one answer must be right."),
        (question("multiple_choice", right=()), "No answer is right."),
        (question(wrong=()), "It has no wrong answers."),
        (question(wrong=("the PULL of the moon!",)), "Two answers are the same."),
        (question(wrong=("Wind", "wind")), "Two answers are the same."),
        (question(wrong=("The moon", "Wind")), "A wrong answer is a part of the right one."),
        (question(wrong=("Wind", "All of the above")), "“All of the above” is no answer."),
        (question(wrong=("Wind", "None of these")), "“All of the above” is no answer."),
        (question(wrong=("Wind", "?!")), "An answer has no words."),
        (question(right=("Volcanoes below the seabed",)), "What is right is not said in the sentences it names."),
        (question("short_text", right=(), wrong=(), accepted=[" "]), "It names no accepted answer."),
        (question(prompt=" ? "), "It asks nothing."),
    ],
)
def test_what_may_not_be_asked_says_why(asked, fault):
    assert fault_of(asked, said=SAID) == fault


@pytest.mark.parametrize(
    ("claim", "said", "expected"),
    [
        ("It rises twice a day", "The sea is rising, and twice.", True),
        ("In 1912", "It sank in 1912.", True),
        ("In 1913", "It sank in 1912.", False),
        ("月の引力", "海は月の引力で動く。", True),
        ("太陽の熱", "海は月の引力で動く。", False),
        ("…", SAID, False),
    ],
)
def test_an_answer_is_supported_by_its_key_words(claim, said, expected):
    assert is_supported(claim, said=said) is expected


def test_notes_keep_what_names_sentences_that_are_there_and_join_what_a_cut_parted():
    script = script_of("One.", "Two.", "Three.", "Four.")
    first, second = script.pieces(size=2)
    told = [
        (first, {"heading": "Tides", "text": "The sea rises.", "first_cue": 1, "last_cue": 2}),
        (first, {"heading": "Elsewhere", "text": "Nothing.", "first_cue": 2, "last_cue": 3}),
        (first, {"heading": "Empty", "text": "  ", "first_cue": 1, "last_cue": 1}),
        (second, {"heading": "TIDES!", "text": "It falls.", "first_cue": 3, "last_cue": 3}),
    ]

    content, left_out = notes_of(script, [(piece, ToldNotes(sections=[one])) for piece, one in told])

    (section,) = content.sections
    assert (section.heading, section.text) == ("Tides", "The sea rises.\n\nIt falls.")
    assert (section.span.start, section.span.end) == (0.0, 90.0)
    assert [(one.what, one.why) for one in left_out] == [
        ("Elsewhere", "It names sentences that are not there."),
        ("Empty", "It is empty, or too long."),
    ]


def test_a_quiz_leaves_out_what_fails_and_what_is_asked_twice():
    script = script_of(SAID)
    (piece,) = script.pieces()
    first = ToldQuiz(questions=[question(), question(right=()), question(prompt="What raises the bulges")])
    second = ToldQuiz(questions=[question(prompt="And what else?"), question(prompt="Where?", last_cue=9)])

    content, left_out = quiz_of(script, [(piece, [first, second])])

    assert [one.prompt for one in content.questions] == ["What raises the bulges?", "And what else?"]
    assert content.questions[0].span.end == 30.0
    assert [one.why for one in left_out] == [
        "Exactly one answer must be right.",
        "It is asked already.",
        "It names sentences that are not there.",
    ]


def test_chapters_rise_from_the_beginning_and_last_a_minute():
    script = script_of(*(["Words."] * 10))
    (piece,) = script.pieces()
    told = [("Low", 4), ("Beginning", 2), ("Too soon", 5), ("High", 7), ("Too late", 10), ("Nowhere", 11)]
    chapters = [{"title": title, "first_cue": cue} for title, cue in told]

    content, left_out = chapters_of(script, [(piece, ToldChapters(chapters=chapters))])

    assert [(one.at, one.title) for one in content.chapters] == [(0.0, "Beginning"), (90.0, "Low"), (180.0, "High")]
    assert sorted((one.what, one.why) for one in left_out) == [
        ("Nowhere", "It names sentences that are not there."),
        ("Too late", "It is shorter than a minute."),
        ("Too soon", "It is shorter than a minute."),
    ]


def test_of_too_many_chapters_the_shortest_are_left_out():
    script = script_of(*(["Words."] * 200), seconds=60.0)
    (piece,) = script.pieces()
    chapters = [{"title": f"Chapter {cue}", "first_cue": cue} for cue in range(1, 100, 2)]

    content, left_out = chapters_of(script, [(piece, ToldChapters(chapters=chapters))])

    assert (len(content.chapters), content.chapters[0].at, len(left_out)) == (30, 0.0, 20)


def test_a_longer_talk_is_asked_more_questions_about():
    short, long = script_of("A few words."), script_of(*(["word " * 99 + "end."] * 60))

    assert [questions_wanted(short, piece) for piece in short.pieces()] == [3]
    assert sum(questions_wanted(long, piece) for piece in long.pieces()) == 19
