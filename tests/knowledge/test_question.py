import pytest

from core.errors import Refused
from knowledge.question import MAX_WORDS, Question, question_of


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("two bulges", Question(words="two bulges", text="two bulges")),
        ('the "two bulges" rise', Question(words="the rise", phrases=("two bulges",), text='the "two bulges" rise')),
        ("“zwei Berge”", Question(phrases=("zwei Berge",), text='"zwei Berge"')),
        ("sea -tide", Question(words="sea", exclusions=("tide",), text="sea -tide")),
        ('sea -"neap tide"', Question(words="sea", exclusions=("neap tide",), text='sea -"neap tide"')),
        ("well-known - thing", Question(words="well-known - thing", text="well-known - thing")),
        ('an "open end', Question(words="an open end", text='an "open end')),
        ('"" -""', Question(text='"" -""')),
        ("a\x00b\n\tc\ud800", Question(words="a b c", text="a b c")),
        ("  ", Question()),
    ],
)
def test_a_question_is_taken_apart(text, question):
    assert question_of(text) == question


def test_only_so_many_words_are_looked_up():
    assert len(question_of("a " * 150).words.split()) == MAX_WORDS


def test_blanks_do_not_count_towards_the_length():
    assert question_of(" " * 1000 + "tide").words == "tide"


def test_a_question_that_is_too_long_is_refused():
    with pytest.raises(Refused, match="at most 300 characters"):
        question_of("x" * 301)
