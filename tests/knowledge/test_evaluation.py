"""How well search answers is measured: the figures, the files, and the questions about the demo talks."""

import contextlib
import json
from io import StringIO
from math import inf, log2
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from accounts.models import Organization
from core.tenancy import every_organization
from courses.models import Resource
from courses.services.authoring import add_chapter, add_item, create_course
from courses.services.resources import save_resource
from knowledge.evaluation.files import BadLine, Text, read_corpus, read_questions
from knowledge.evaluation.metrics import Outcome, figures
from knowledge.evaluation.report import evaluated_in
from knowledge.evaluation.running import Way
from knowledge.evaluation.scratch import scratch_library
from knowledge.models import Embedding, Passage
from media_library.captions import parse
from media_library.demo.talks import CURRENTS, TALKS, TIDES, WAVES
from media_library.ffmpeg import choose_subtitles, extract_subtitles, probe, sniff
from tests.core.embeddings_provider import refusal
from tests.knowledge.conftest import add_media, times_of
from tests.knowledge.test_meaning import concepts, provider  # noqa: F401

SAMPLE = Path(project.BASE_DIR) / "config" / "demo" / "questions.jsonl"
HELD_OUT = SAMPLE.with_name("questions_held_out.jsonl")


@pytest.fixture
def written(tmp_path):
    """Writes a file of these lines and answers its path."""

    def write(name, *lines):
        path = tmp_path / name
        path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
        return path

    return write


@pytest.fixture
def corpus(written):
    sentences = {"fundy": "The Bay of Fundy lifts the sea.", "fetch": "Sailors call that distance the fetch."}
    return written("corpus.jsonl", *({"id": key, "title": key, "text": text} for key, text in sentences.items()))


@pytest.fixture
def demo_library(scope, work_off):
    """The talks as the demo has them: the words and times of the films' own subtitle tracks."""
    for talk in TALKS:
        add_media(talk.title, subtitles_of(talk.path))
    work_off()
    return scope


def subtitles_of(path):
    container = sniff(path)
    return parse(extract_subtitles(path, container, choose_subtitles(probe(path, container), language="en")))


def evaluate(*arguments):
    out = StringIO()
    call_command("evaluate_search", *map(str, arguments), stdout=out)
    return out.getvalue()


def rows():
    """How many rows each of our tables has."""
    with every_organization(reason="a test counts all of them"):
        return {model._meta.label: model._default_manager.count() for model in apps.get_models() if model._meta.managed}


def test_the_figures_are_those_computed_by_hand():
    places = [Outcome(1, 3.0), Outcome(2, 15.0), Outcome(None, inf), Outcome(6), Outcome(11, 15.1)]

    measured = figures(places)

    assert (measured.questions, measured.recall_at_1, measured.recall_at_5, measured.recall_at_10) == (5, 0.2, 0.4, 0.6)
    assert measured.mrr == pytest.approx((1 + 1 / 2 + 1 / 6 + 1 / 11) / 5)
    assert measured.ndcg_at_10 == pytest.approx((1 + 1 / log2(3) + 1 / log2(7)) / 5)
    assert measured.on_time == 2 / 4


def test_without_seconds_nothing_is_said_about_seconds():
    assert figures([Outcome(1)]).on_time is None


def test_without_a_question_there_are_no_figures():
    with pytest.raises(ValueError, match="no question"):
        figures([])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "line 2: Expecting property name"),
        ("[]", "line 2: list indices must be"),
        ({"question": "Why?"}, "line 2: name the media item"),
        ({"question": "-not", "media": "x"}, "line 2: there is no question"),
        ({"question": "x" * 301, "media": "x"}, "line 2: Please ask in at most 300 characters."),
        ({"question": "Why?", "media": "x", "start": 5, "end": 4}, "line 2: start and end are seconds"),
        ({"question": "Why?", "media": "x", "start": float("nan")}, "line 2: start and end are seconds"),
    ],
)
def test_a_line_that_is_no_question_is_named(line, words, written):
    path = written("questions.jsonl", {"question": "Why?", "media": "Tides", "start": 1, "end": 2}, line)

    with pytest.raises(BadLine, match=words):
        read_questions(path)


def test_a_corpus_names_each_text_once(written):
    line = {"id": "a", "text": "One."}

    with pytest.raises(BadLine, match="same id"):
        read_corpus(written("corpus.jsonl", line, line))


def test_a_question_is_answered_at_its_second(talks, organization, written):
    second = times_of(WAVES)["Sailors call that distance the fetch."]
    questions = written(
        "questions.jsonl",
        {"question": "fetch", "media": WAVES.title, "start": second, "end": second + 2},
        {"question": "fetch", "media": str(talks[WAVES].pk), "start": second + 60, "end": second + 62},
        {"question": "fetch", "media": TIDES.title},
    )

    measured = evaluated_in(organization, questions).figures[Way.WORDS]

    assert (measured.recall_at_1, measured.recall_at_10, measured.on_time) == (1 / 3, 1 / 3, 1 / 2)


def test_texts_are_searched_and_leave_nothing_behind(db, corpus, written):
    questions = written("questions.jsonl", {"question": "Where does Fundy lie?", "text": "fundy"})
    before = rows()

    told = evaluate(questions, "--corpus", corpus)

    assert told.split()[:7] == ["recall@1", "recall@5", "recall@10", "MRR", "nDCG@10", "≤", "15"]
    assert "words         1.000      1.000      1.000      1.000      1.000          —" in told
    assert "1 questions, 2 passages.\nBy words alone: no embedder is configured" in told
    assert rows() == before


def test_texts_leave_nothing_behind_when_interrupted(db, concepts):  # noqa: F811
    before = rows()

    with contextlib.suppress(KeyboardInterrupt), scratch_library([Text("a", "A", "The moon pulls the tide.")]):
        stored = Organization.objects.count(), Passage.objects.count(), Embedding.objects.count()
        raise KeyboardInterrupt

    assert stored == (1, 1, 1)
    assert rows() == before


def test_meaning_is_measured_beside_words_where_there_is_an_embedder(db, concepts, corpus, written):  # noqa: F811
    lines = [{"question": "lunar surfing", "text": "fetch"}, {"question": "Sailors", "text": "fetch"}]
    before = rows()

    told = json.loads(evaluate(written("questions.jsonl", *lines), "--corpus", corpus, "--json"))

    assert {way: found["recall_at_10"] for way, found in told["figures"].items()} == {
        "words": 0.5, "meaning": 1.0, "both": 1.0
    }  # fmt: skip
    assert (told["model"], told["passages"], told["lacking"]) == ("text-embedding-3-large", 2, 0)
    assert rows() == before


def test_an_embedder_that_does_not_answer_is_said(db, provider, corpus, written):  # noqa: F811
    provider.expect_request("/v1/embeddings").respond_with_response(refusal(401, None))

    with pytest.raises(CommandError, match="The embedder does not answer"):
        evaluate(written("questions.jsonl", {"question": "Fundy", "text": "fundy"}), "--corpus", corpus)


def test_a_source_that_nobody_knows_is_named(talks, written):
    questions = written("questions.jsonl", {"question": "fetch", "media": "Mountains"})

    with pytest.raises(CommandError, match="is called 'Mountains'"):
        evaluate(questions, "--organization", "harbor")


def test_the_sample_names_the_seconds_at_which_the_films_say_it():
    spoken = {talk.title: subtitles_of(talk.path) for talk in TALKS}
    begins = {(title, round(cue.start, 2)) for title, cues in spoken.items() for cue in cues}
    ends = {(title, round(cue.end, 2)) for title, cues in spoken.items() for cue in cues}
    sample = [*read_questions(SAMPLE), *read_questions(HELD_OUT)]

    assert [asked for asked in sample if (asked.source, round(asked.start, 2)) not in begins] == []
    assert [asked for asked in sample if (asked.source, round(asked.end, 2)) not in ends] == []
    assert {asked.source for asked in sample} == {TIDES.title, WAVES.title, CURRENTS.title}
    assert (len(read_questions(SAMPLE)), len({asked.question for asked in sample})) == (34, 52)


def test_the_sample_is_answered_by_words_alone_no_worse_than_before(demo_library):
    """Part of it is asked in words that the talks do not say: only meaning finds those."""
    seen, held_out = (evaluated_in(demo_library, path).figures[Way.WORDS] for path in (SAMPLE, HELD_OUT))

    assert (seen.ndcg_at_10 > 0.69, seen.on_time > 0.69) == (True, True)
    assert (held_out.ndcg_at_10 > 0.54, held_out.on_time > 0.6) == (True, True)


def test_asking_is_not_announced(demo_library):
    before = rows()

    evaluated_in(demo_library, HELD_OUT)

    assert rows() == before


def test_what_is_written_is_found_as_well(talks, alice, work_off, written):
    chapter = add_chapter(create_course(title="Sea", by=alice), title="Begin")
    add_item(chapter, by=alice, type="text", title="Almanac", text="Sailors of Brest trusted a printed almanac.")
    sheet = save_resource(Resource(), file=SimpleUploadedFile("sheet.txt", b"A mascaret runs up the river Severn."))
    add_item(chapter, by=alice, type="resource", title="Sheet", resource=sheet)
    work_off()
    questions = written(
        "questions.jsonl",
        {"question": "printed almanac of Brest", "text": "Almanac"},
        {"question": "mascaret Severn", "text": "Sheet"},
        {"question": "mascaret", "media": TIDES.title, "start": 0.5, "end": 5},
    )

    told = json.loads(evaluate(questions, "--organization", "harbor", "--json"))["figures"]["words"]

    assert (told["recall_at_1"], told["on_time"]) == (pytest.approx(2 / 3), 0.0)
