"""Cues that a host told become as sane as those of a file."""

import pytest

from media_library.captions import MAX_CUES, CaptionError, TimedText, tidy


def test_cues_come_in_order_one_after_the_other():
    told = [TimedText(4, 9, "b"), TimedText(0, 6, "a"), TimedText(9, 9, "c")]

    assert tidy(told) == [TimedText(0, 4, "a"), TimedText(4, 9, "b"), TimedText(9, 9.5, "c")]


def test_two_voices_at_the_same_time_stay():
    told = [TimedText(0, 2, "yes", "Ada"), TimedText(0, 2, "no", "Bo")]

    assert tidy(told) == told


def test_markup_and_unseen_signs_go_and_entities_stay():
    told = [
        TimedText(0, 1, "<i>Tide</i>\x00 {\\an8}and\n  <b></b>\nebb"),
        TimedText(2, 3, "&lt;b&gt;"),
        TimedText(4, 5, " "),
    ]

    assert tidy(told) == [TimedText(0, 1, "Tide and ebb"), TimedText(2, 3, "&lt;b&gt;")]


def test_times_that_no_media_has_go():
    told = [TimedText(float("nan"), 1, "a"), TimedText(-1, 1, "b"), TimedText(1e9, 2e9, "c"), TimedText(1, 2, "d")]

    assert tidy(told) == [TimedText(1, 2, "d")]


def test_rolling_lines_are_said_once():
    told = [TimedText(0, 2, "a"), TimedText(2, 4, "a\nb"), TimedText(4, 6, "b\nc"), TimedText(6, 8, "c\nd")]

    assert [cue.text for cue in tidy(told)] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ([], "captions_empty"),
        ([TimedText(0, 1, "<i></i>")], "captions_empty"),
        ([TimedText(0, 1, "a")] * (MAX_CUES + 1), "captions_too_large"),
    ],
    ids=["none", "no words", "too many"],
)
def test_what_is_of_no_use_is_refused(told, code):
    with pytest.raises(CaptionError) as refusal:
        tidy(told)

    assert refusal.value.code == code
