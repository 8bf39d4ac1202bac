"""Guards against words that nobody said, and times that cannot be."""

import pytest

from core.ai.heard import HeardCue, in_order, is_believable, read_segments
from core.ai.invented import (
    believable,
    without_repeated_farewells,
    without_repeated_phrases,
    without_repeats,
    without_signatures,
    without_words_in_silence,
)
from core.ai.spoken_languages import first_language, language_code


def cues(*texts: str) -> list[HeardCue]:
    return [HeardCue(float(n), n + 1.0, text) for n, text in enumerate(texts)]


def texts(kept: list[HeardCue]) -> list[str]:
    return [cue.text for cue in kept]


@pytest.mark.parametrize(
    ("figures", "stays"),
    [
        ({}, True),
        ({"no_speech_prob": 0.02, "avg_logprob": -0.21, "compression_ratio": 1.1}, True),
        ({"no_speech_prob": 0.9, "avg_logprob": -1.5}, False),
        ({"no_speech_prob": 0.9, "avg_logprob": -0.2}, True),
        ({"no_speech_prob": 0.9}, False),
        ({"avg_logprob": -1.5}, True),
        ({"compression_ratio": 2.5}, False),
        ({"compression_ratio": 2.4}, True),
        ({"no_speech_prob": None, "avg_logprob": None, "compression_ratio": None}, True),
        ({"no_speech_prob": "high"}, True),
    ],
)
def test_segments_that_the_model_doubts_are_dropped(figures, stays):
    assert is_believable(figures) is stays


def test_five_equal_ones_in_a_row_are_one():
    assert texts(without_repeats(cues("a", "So.", "so", "So!", "so", "so", "b"))) == ["a", "So.", "b"]


def test_four_equal_ones_in_a_row_are_four():
    assert texts(without_repeats(cues("no", "no", "no", "no"))) == ["no"] * 4


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("thank you " * 6 + "all", "thank you all"),
        ("no no no no", "no no no no"),
        ("no no no no no", "no"),
        ("a b a b a b a b a b c", "a b c"),
        ("The tide comes in twice a day", "The tide comes in twice a day"),
        ("- - - - - -", "- - - - - -"),
        ("", ""),
    ],
)
def test_a_phrase_said_five_times_in_a_row_is_said_once(text, left):
    assert without_repeated_phrases(text) == left


def test_words_in_silence_are_dropped():
    said = [HeardCue(0, 2, "here"), HeardCue(2.1, 3.9, "invented"), HeardCue(3.5, 6, "half")]

    assert texts(without_words_in_silence(said, [(2.0, 4.0)])) == ["here", "half"]


@pytest.mark.parametrize(
    "text",
    ["Subtitles by the Amara.org community", "Untertitel der Amara.org-Community", "Untertitelung des ZDF, 2020",
     "Sous-titrage Société Radio-Canada", "Subtítulos realizados por la comunidad de Amara.org"],
)  # fmt: skip
def test_signatures_of_captions_are_dropped(text):
    assert without_signatures(cues("a", text)) == cues("a")


def test_talking_about_captions_is_none():
    said = "In this lesson we look at how subtitles by volunteers are made, checked, and published every week"

    assert texts(without_signatures(cues(said))) == [said]


def test_a_farewell_stays_where_it_is_said_once():
    assert texts(without_repeated_farewells(cues("a", "Thanks for watching!"))) == ["a", "Thanks for watching!"]


@pytest.mark.parametrize(
    ("said", "stays"),
    [
        (("a", "Thank you.", "thank you", "b"), ["a", "Thank you.", "b"]),
        (("a", "Thank you.", "b", "Thank you.", "c"), ["a", "Thank you.", "b", "Thank you.", "c"]),
        (("a", "Bye.", "b", "Thank you.", "Bye.", "Thank you."), ["a", "Bye.", "b", "Thank you."]),
        (("no", "no", "a", "no"), ["no", "no", "a", "no"]),
    ],
)
def test_farewells_said_again_in_a_row_or_at_the_end_are_dropped(said, stays):
    assert texts(without_repeated_farewells(cues(*said))) == stays


def test_farewells_said_again_into_a_pause_are_dropped():
    said = cues("Thank you.", "a", "Thank you.", "b")

    assert texts(without_repeated_farewells(said, [(0.4, 1.0), (2.4, 3.0)])) == ["Thank you.", "a", "b"]


def test_all_guards_together_leave_what_was_said():
    said = cues("Good morning", "Thank you.", "x", "x", "x", "x", "x", "Thank you.", "Bye")

    assert texts(believable(said)) == ["Good morning", "Thank you.", "x", "Bye"]


def test_in_order_sorts_clamps_and_parts():
    said = [HeardCue(4, 9, "c"), HeardCue(-1, 2, "a"), HeardCue(1.5, 1.5, "b"), HeardCue(6, 7, "gone")]

    assert in_order(said, seconds=5) == [HeardCue(0.0, 1.5, "a"), HeardCue(1.5, 1.6, "b"), HeardCue(4, 5, "c")]


def test_in_order_keeps_words_of_the_same_moment():
    said = [HeardCue(0, 3, "a", "A"), HeardCue(0, 3, "b", "B")]

    assert in_order(said, seconds=3) == [HeardCue(0.0, 0.1, "a", "A"), HeardCue(0.1, 3, "b", "B")]


def test_read_segments_takes_words_and_drops_what_is_empty():
    told = [{"start": 0, "end": 1, "text": " Hi "}, {"start": 1, "end": 2, "text": "  "}]

    assert read_segments(told, seconds=2) == [HeardCue(0, 1, "Hi")]


@pytest.mark.parametrize(
    "broken",
    [{"start": float("nan"), "end": 1, "text": "a"}, {"end": 1, "text": "a"}, {"start": 0, "end": 1, "text": 3}],
)
def test_read_segments_refuses_what_is_none(broken):
    with pytest.raises((KeyError, TypeError, ValueError)):
        read_segments([broken], seconds=2)


@pytest.mark.parametrize(
    ("told", "code"),
    [("english", "en"), ("German", "de"), ("chinese", "zh"), ("norwegian", "no"), ("lao", "lo"), ("en", "en"),
     ("pt-BR", "pt-br"), ("pt_BR", "pt-br"), ("haitian creole", "ht"), ("", ""), ("klingonish language", ""),
     (None, ""), (7, ""), ("x" * 30, "")],
)  # fmt: skip
def test_languages_are_told_in_many_ways(told, code):
    assert language_code(told) == code


@pytest.mark.parametrize(
    ("told", "code"), [([{"code": "en"}, {"code": "de"}], "en"), (["de"], "de"), ([], ""), (None, ""), ([{}], "")]
)
def test_first_language_of_a_list(told, code):
    assert first_language(told) == code
