"""Search by words: who finds what, at which second."""

import pytest

from core.errors import Refused
from core.models import Job
from core.tenancy import organization_scope
from knowledge.services.search import Manner, search
from media_library.captions import TimedText
from media_library.demo.talks import CURRENTS, TIDES, WAVES
from media_library.models import Media, Publication
from tests.knowledge.conftest import add_media, cues_of, times_of


def found(query, user, organization):
    return [(moment.text, moment.start) for moment in search(query, user=user, organization=organization).moments]


@pytest.mark.parametrize("talk", [TIDES, WAVES, CURRENTS], ids=lambda talk: talk.slug)
def test_search_answers_each_sentence_with_its_second(talk, talks, alice, organization):
    answers = {sentence: found(f'"{sentence}"', alice, organization) for sentence in times_of(talk)}

    assert answers == {sentence: [(sentence, second)] for sentence, second in times_of(talk).items()}


@pytest.mark.parametrize("talk", [TIDES, WAVES, CURRENTS], ids=lambda talk: talk.slug)
def test_search_puts_the_sentence_first_without_quotation_marks(talk, talks, alice, organization):
    first = {sentence: found(sentence.rstrip(".?"), alice, organization)[0] for sentence in times_of(talk)}

    assert first == {sentence: (sentence, second) for sentence, second in times_of(talk).items()}


def test_search_matches_a_question_by_any_of_its_words(talks, alice, organization):
    answers = found("how come sailors keep talking about fetch all day long", alice, organization)

    assert answers[0] == (
        "Sailors call that distance the fetch.",
        times_of(WAVES)["Sailors call that distance the fetch."],
    )


def test_a_sentence_that_says_more_of_the_question_comes_before_a_shorter_one(talks, alice, organization):
    answers = [text for text, _ in found("moon pull tide", alice, organization)]

    assert answers == [
        "As the Moon moves on, tides peak every twelve hours and twenty-five minutes.",
        "The Sun pulls too, with a little less than half of the Moon's effect.",
        "In line, at new and full Moon, the two make strong spring tides.",
    ]


def test_search_stems_words_and_marks_them(talks, alice, organization):
    (moment,) = search("funnels", user=alice, organization=organization).moments

    assert moment.sentence == "In Canada, the <mark>funnel</mark> of the Bay of Fundy can lift the sea sixteen meters."
    assert (moment.media, moment.speaker, moment.end) == (talks[TIDES], "Mara", moment.start + 4.5)


def test_search_finds_a_phrase_that_runs_into_the_next_cue(scope, alice, work_off):
    parts = ["The old lighthouse keeper", "counted every ship", "that passed the cape."]
    add_media("Keeper", [TimedText(n * 3.0, n * 3.0 + 3, text, "") for n, text in enumerate(parts)])
    work_off()

    answers = found('"keeper counted every ship"', alice, scope)

    assert answers == [("The old lighthouse keeper counted every ship that passed the cape.", 0.0)]


def test_search_takes_the_last_cue_a_phrase_stands_in_alone(scope, alice, work_off):
    add_media("Cape", [TimedText(0, 3, "Ships pass.", ""), TimedText(10, 13, "Round the cape they go.", "")])
    work_off()

    assert found('"the cape they"', alice, scope) == [("Round the cape they go.", 10.0)]


def test_a_phrase_binds(talks, alice, organization):
    assert found('"half a wavelength"', alice, organization) == [
        (sentence, second) for sentence, second in times_of(WAVES).items() if "half a wavelength" in sentence
    ]
    assert found('"wavelength a half"', alice, organization) == []


def test_an_exclusion_binds(talks, alice, organization):
    with_all = {moment.media for moment in search("moon beach", user=alice, organization=organization).moments}
    without = {
        moment.media for moment in search("moon beach -wavelength", user=alice, organization=organization).moments
    }

    assert (with_all, without) == ({talks[TIDES], talks[WAVES]}, {talks[TIDES]})


def test_an_excluded_phrase_binds(talks, alice, organization):
    answers = search('beach -"two bulges"', user=alice, organization=organization).moments

    assert {moment.media for moment in answers} == {talks[WAVES]}


def test_an_exclusion_alone_finds_nothing(talks, alice, organization):
    assert found("-tide", alice, organization) == []


def test_words_of_no_content_find_nothing(talks, alice, organization):
    assert found("what is it", alice, organization) == []


def test_search_shows_at_most_three_moments_a_media_item(talks, alice, organization):
    answers = search("tide", user=alice, organization=organization).moments

    assert len([moment for moment in answers if moment.media == talks[TIDES]]) == 3


def test_search_collapses_what_overlapping_passages_both_say(scope, alice, work_off):
    filler = "and then we spoke about something else entirely for a while"
    cues = [TimedText(n * 4.0, n * 4 + 4.0, f"{filler} {n}.", "") for n in range(80)]
    cues[38] = TimedText(152, 156, "The heron stands very still.", "")
    media = add_media("Birds", cues)
    work_off()

    assert media.passages.filter(text__contains="heron").count() == 2
    assert found("heron", alice, scope) == [("The heron stands very still.", 152.0)]


def test_search_reads_each_transcript_in_its_language(scope, alice, work_off):
    add_media("Gezeiten", [TimedText(3, 6, "Zweimal am Tag steigen die Fluten.", "")], language="de-AT")
    add_media("Dolphins", [TimedText(2, 5, "いるか swim with delfiinit.", "")], language="ja")
    work_off()

    assert found("Flut", alice, scope) == [("Zweimal am Tag steigen die Fluten.", 3.0)]
    assert found("delfiinit", alice, scope) == [("いるか swim with delfiinit.", 2.0)]
    assert search("delfiini", user=alice, organization=scope, as_typed=True).moments == []


def test_search_finds_nothing_of_another_organization(talks, foreign_talk, charlie, other_organization):
    with organization_scope(other_organization):
        answers = search("bulges deep", user=charlie, organization=other_organization).moments

    assert {moment.media for moment in answers} == {foreign_talk}


def test_an_outsider_finds_nothing(talks, charlie, organization):
    assert found("tide", charlie, organization) == []


@pytest.mark.parametrize("publication", [Publication.DRAFT, Publication.ARCHIVED])
def test_what_is_not_published_is_found_by_makers_only(publication, scope, alice, bob, work_off):
    media = add_media("Secret", [TimedText(1, 2, "The password is swordfish.", "")], publication=publication)
    work_off()

    assert found("swordfish", bob, scope) == []
    assert found("swordfish", alice, scope) == [("The password is swordfish.", 1.0)]
    Media.objects.filter(pk=media.pk).update(publication=Publication.PUBLISHED)
    assert found("swordfish", bob, scope) == [("The password is swordfish.", 1.0)]


def test_without_an_embedder_search_is_by_words(talks, alice, organization):
    result = search("tide", user=alice, organization=organization)

    assert (result.manner, result.by_meaning) == (Manner.WORDS, False)


def test_search_escapes_what_was_said(scope, alice, work_off):
    add_media("Tags", [TimedText(0, 2, "Write <b>bold</b> & <script>alert(1)</script> here.", "")])
    work_off()

    (moment,) = search("bold", user=alice, organization=scope).moments

    assert moment.sentence == (
        "Write &lt;b&gt;<mark>bold</mark>&lt;/b&gt; &amp; &lt;script&gt;alert(1)&lt;/script&gt; here."
    )


def test_search_shows_the_marked_part_of_a_very_long_cue(scope, alice, work_off):
    add_media("Long", [TimedText(0, 60, "blah " * 150 + "heron " + "blah " * 150, "")])
    work_off()

    (moment,) = search("heron", user=alice, organization=scope).moments

    assert moment.sentence == f"… {'blah ' * 19}<mark>heron</mark>{' blah' * 59} …"


ODD = [
    "'; DROP TABLE knowledge_passage; --",
    "tide' | !( <-> & :*",
    "\\ %s %(words)s %% {0} {visible}",
    '"""" -"" - -- -" "',
    "tide\x00\x1b\ud800\ue000",
    "😀 ☃ \u202e",
    "' & ' | ''",
    "-" * 300,
    "a " * 150,
    '"' * 300,
]


@pytest.mark.parametrize("query", ODD)
def test_odd_questions_do_no_harm(query, talks, alice, organization):
    before = sorted(found("tide", alice, organization))

    search(query, user=alice, organization=organization)

    assert sorted(found("tide", alice, organization)) == before


def test_a_question_of_more_than_300_characters_is_refused(talks, alice, organization):
    with pytest.raises(Refused) as refusal:
        search("x" * 301, user=alice, organization=organization)

    assert (refusal.value.code, refusal.value.status, list(refusal.value.fields)) == ("query_too_long", 400, ["q"])


def test_more_moments_are_shown_on_request(scope, alice, work_off):
    for n in range(25):
        add_media(f"Talk {n}", [TimedText(n, n + 1, f"Heron number {n}.", "")])
    work_off()

    first = search("heron", user=alice, organization=scope)
    more = search("heron", user=alice, organization=scope, limit=60)

    assert (len(first.moments), first.has_more) == (20, True)
    assert (len(more.moments), more.has_more) == (25, False)


@pytest.mark.parametrize("passages", [1, 3, 300])
def test_search_costs_the_same_statements_whatever_the_library_holds(
    passages, scope, alice, work_off, django_assert_num_queries
):
    for n in range(passages):
        add_media(f"Talk {n}", [TimedText(1, 2, f"Heron number {n}.", "")])
    work_off()
    search("warm up", user=alice, organization=scope)

    with django_assert_num_queries(8):  # passages, cues, neighbors, media, marks, and the event in its savepoint
        search("heron", user=alice, organization=scope)


def test_indexing_is_one_job_a_transcript(scope):
    media = add_media(TIDES.title, cues_of(TIDES))

    (job,) = Job.objects.filter(kind="index_media")

    assert (job.kind, job.stage, job.subject_id, job.key) == (
        "index_media", "embedding", media.pk, f"index_media:{media.transcript_id}",
    )  # fmt: skip
