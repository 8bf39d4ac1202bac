"""A stream of words becomes sentences, wherever it was cut."""

from time import perf_counter

import pytest

from knowledge.asking.splitting import sentences

ANSWER = (
    'The moon pulls the water [1]. Dr. Smith says "It bulges. Twice." there [2,3]. The tide is 3.5 m high.[1] '
    "It turns. 【2】 And again\n- a list [1]\n1. One more [3]\nThe end? [2]"
)
SENTENCES = [
    "The moon pulls the water [1].", ' Dr. Smith says "It bulges. Twice." there [2,3].', " The tide is 3.5 m high.[1]",
    " It turns. 【2】", " And again\n", "- a list [1]\n", "1. One more [3]\n", "The end? [2]",
]  # fmt: skip


@pytest.mark.parametrize("size", [1, 2, 3, 7, len(ANSWER)])
def test_sentences_are_the_same_wherever_the_stream_is_cut(size):
    pieces = [ANSWER[begin : begin + size] for begin in range(0, len(ANSWER), size)]

    assert list(sentences(pieces)) == SENTENCES


def test_a_sentence_is_told_as_soon_as_the_next_one_begins():
    told = sentences(iter(["It turns", ". [", "1]", " Th", "en"]))

    assert next(told) == "It turns. [1]"


def test_silence_passes_through():
    assert list(sentences(["It ", "", "turns [1]."])) == ["", "It turns [1]."]


@pytest.mark.parametrize("piece", ["[", "[1", "[[[[ ", '"', ". [", "(", "a. "])
def test_endless_nonsense_takes_linear_time(piece):
    began = perf_counter()

    parts = list(sentences(piece for _ in range(20_000)))

    assert "".join(parts).strip() == (piece * 20_000).strip()
    assert perf_counter() - began < 5
