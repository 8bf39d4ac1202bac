import pytest

from knowledge.sentences import as_html, markable, sentence_around, text_of
from media_library.models import Cue


def cues(*texts, gap=0.0, speakers=None):
    names = speakers or [""] * len(texts)
    return [
        Cue(position=n, start=n * (3 + gap), end=n * (3 + gap) + 3, text=text, speaker=name)
        for n, (text, name) in enumerate(zip(texts, names, strict=True))
    ]


@pytest.mark.parametrize("index", [1, 2, 3])
def test_a_sentence_is_joined_from_its_cues(index):
    spoken = cues("One ends.", "Two begins", "and goes on", "until here.", "Three is next.")

    assert sentence_around(spoken, index) == (1, 4)


def test_quotation_marks_after_the_end_of_a_sentence_belong_to_it():
    assert sentence_around(cues("“It ends.”", "Next one."), 1) == (1, 2)


def test_a_pause_ends_what_is_joined():
    assert sentence_around(cues("one", "two", "three", gap=2.5), 1) == (1, 2)


def test_two_speakers_are_never_joined():
    assert sentence_around(cues("one", "two", "three", speakers=["A", "B", "B"]), 1) == (1, 3)


def test_without_full_stops_about_240_characters_are_joined():
    spoken = cues(*["word " * 20] * 7)

    first, end = sentence_around(spoken, 3)

    assert (first, end) == (3, 5)
    assert len(text_of(spoken[first:end])) <= 240


def test_marks_become_html_and_everything_else_is_escaped():
    marked = markable('<b> & "quoted"').replace("quoted", "\ue000quoted\ue001")

    assert as_html(marked) == "&lt;b&gt; &amp; &quot;<mark>quoted</mark>&quot;"


def test_signs_of_ours_in_a_text_mark_nothing():
    assert as_html(markable("a\ue000b\ue001c\x1ad")) == "abcd"
