"""Search by meaning beside words, against a provider on loopback."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_httpserver import HTTPServer

from accounts.models import Organization
from core.models import AiCall, Job
from core.models.job import JobState
from knowledge.models import Embedding, Passage
from knowledge.question import question_of
from knowledge.ranking import Hit, Meaning, rank_passages
from knowledge.services.embedding import embed
from knowledge.services.indexing import index_media
from knowledge.services.search import Manner, search
from media_library.captions import TimedText
from media_library.demo.talks import CURRENTS, TIDES, WAVES
from media_library.models import Media, Status
from media_library.models.transcript import Method
from media_library.services.corrections import Corrections
from media_library.services.site import change_site_configuration
from media_library.services.transcripts import correct_transcript, publish_transcript
from tests.core.embeddings_provider import refusal
from tests.knowledge.concepts import answer_concepts, serve_concepts, texts_asked, vector_of
from tests.knowledge.conftest import add_media, cues_of

MODEL = "text-embedding-3-large"


@pytest.fixture
def provider(httpserver: HTTPServer, settings) -> HTTPServer:
    settings.EMBEDDING_BASE_URL = httpserver.url_for("/v1")
    settings.EMBEDDING_MODEL = MODEL
    return httpserver


@pytest.fixture
def concepts(provider: HTTPServer) -> HTTPServer:
    serve_concepts(provider)
    return provider


def in_order(result):
    """The media of an answer, each once."""
    return list(dict.fromkeys(moment.media for moment in result.moments))


def meaning_of(text: str) -> Meaning:
    return Meaning(MODEL, [*vector_of(text), *[0.0] * 1533])


def plan_of(statement: str) -> str:
    """What PostgreSQL does where sorting costs more, as in a large library."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(line for (line,) in cursor.fetchall())


def test_meaning_finds_what_no_word_says(concepts, talks, alice, organization):
    result = search("abyss circulation", user=alice, organization=organization)

    assert result.manner == Manner.MEANING
    assert in_order(result)[0] == talks[CURRENTS]
    assert (result.moments[0].start, result.moments[0].text) == (0.5, cues_of(CURRENTS)[0].text)


def test_words_and_meaning_together_beat_either(concepts, talks, alice, organization):
    result = search("lunar fetch", user=alice, organization=organization)

    assert in_order(result)[:2] == [talks[WAVES], talks[TIDES]]


def test_a_phrase_and_an_exclusion_bind_meaning_too(concepts, talks, alice, organization):
    phrase = search('lunar "call that distance"', user=alice, organization=organization)
    exclusion = search("lunar attraction -beach", user=alice, organization=organization)

    assert in_order(phrase) == [talks[WAVES]]
    assert in_order(exclusion) == [talks[CURRENTS]]


def test_meaning_stays_within_what_the_person_may_see(concepts, talks, bob, charlie, organization):
    Media.objects.filter(pk=talks[CURRENTS].pk).update(publication="draft")

    assert talks[CURRENTS] not in in_order(search("abyss", user=bob, organization=organization))
    assert search("abyss", user=charlie, organization=organization).moments == []


def test_meaning_stays_within_the_organization(concepts, foreign_talk, talks, alice, organization):
    result = search("lunar attraction", user=alice, organization=organization)

    assert foreign_talk not in in_order(result)
    assert in_order(result)[0] == talks[TIDES]


@pytest.mark.parametrize("status", [401, 429, 500])
def test_words_answer_when_the_provider_does_not(status, concepts, talks, alice, organization):
    concepts.clear()
    concepts.expect_request("/v1/embeddings").respond_with_response(refusal(status, None))

    result = search("bulges", user=alice, organization=organization)

    assert (result.manner, in_order(result)) == (Manner.WORDS_FOR_NOW, [talks[TIDES]])


@pytest.fixture
def waves(concepts, scope) -> None:
    for n in range(60):
        add_media(f"Wave {n}", [TimedText(1, 2, "wave " * (n + 1) + "tide " * (60 - n), "")])
        index_media(Media.objects.latest("pk").pk)
    embed(Passage.objects.all())


def by_graph(visible) -> tuple[list[Hit], list[str]]:
    """What is found in a scope that counts as a large one, and the plans of what was asked for it."""
    with CaptureQueriesContext(connection) as statements:
        found = rank_passages(question_of("surfing"), visible=visible, meaning=meaning_of("surfing"), ranked_whole=1)
    asked = [statement["sql"] for statement in statements if "near AS MATERIALIZED" in statement["sql"]]
    return found, [plan_of(sql) for sql in asked]


def test_the_graph_answers_like_the_exact_comparison(waves):
    visible = Media.objects.exclude(title__endswith="9")
    exact = rank_passages(question_of("surfing"), visible=visible, meaning=meaning_of("surfing"))

    found, (plan,) = by_graph(visible)

    assert (found, len(exact)) == (exact, 50)
    assert "embedding_3_large_hnsw" in plan


def test_where_the_graph_finds_too_little_all_are_compared(waves):
    visible = Media.objects.filter(title__endswith="9")
    exact = rank_passages(question_of("surfing"), visible=visible, meaning=meaning_of("surfing"))

    found, (first, second) = by_graph(visible)

    assert (found, len(exact)) == (exact, 6)
    assert ("embedding_3_large_hnsw" in first, "embedding_3_large_hnsw" in second) == (True, False)


def test_every_passage_is_embedded_once(concepts, scope, work_off):
    add_media(TIDES.title, cues_of(TIDES))

    work_off()
    embed(Passage.objects.all())

    assert texts_asked(concepts) == [f"{TIDES.title}: {Passage.objects.get().text}"]
    ((model, vector),) = Embedding.objects.values_list("model", "vector")
    assert (model, vector.to_list()[:3]) == (MODEL, pytest.approx(vector_of(texts_asked(concepts)[0]), rel=1e-3))


def test_nobody_is_asked_where_the_site_wants_no_ai(concepts, scope, alice, organization, work_off):
    change_site_configuration(by=alice, uses_ai=False)
    add_media(TIDES.title, cues_of(TIDES))

    work_off()
    result = search("tide", user=alice, organization=organization)

    assert (texts_asked(concepts), result.manner) == ([], Manner.WORDS)


def test_what_did_not_change_is_not_embedded_again(concepts, scope, work_off):
    filler = [
        TimedText(n * 4.0, n * 4 + 4.0, f"Sentence {n} of a very long talk about the moon.", "") for n in range(120)
    ]
    media = add_media("Long", filler)
    work_off()
    before = texts_asked(concepts)
    changed = [*filler[:-1], TimedText(476, 480, "Another end.", "")]

    publish_transcript(media, changed, language="en", method=Method.EMBEDDED)
    work_off()

    asked_again = texts_asked(concepts)[len(before) :]
    assert len(before) == 3
    assert asked_again == [f"Long: {Passage.objects.latest('position').text}"]
    assert Embedding.objects.count() == Passage.objects.count() == 3


def test_a_corrected_line_asks_for_the_meaning_of_its_passage_only(concepts, scope, work_off):
    lines = [
        TimedText(n * 4.0, n * 4 + 4.0, f"Sentence {n} of a very long talk about the moon.", "") for n in range(1000)
    ]
    media = add_media("Long", lines)
    work_off()
    before, vectors = texts_asked(concepts), set(Embedding.objects.values_list("pk", flat=True))
    changes = Corrections(changed={470: TimedText(1880, 1884, "Sentence 470 of a very long talk about the tide.", "")})

    correct_transcript(media, changes, base=media.transcript_id, by=None)
    work_off()

    asked_again = texts_asked(concepts)[len(before) :]
    kept = vectors & set(Embedding.objects.values_list("pk", flat=True))
    assert asked_again == [f"Long: {one.text}" for one in Passage.objects.filter(text__contains="the tide")]
    assert (len(before), len(asked_again), len(kept)) == (len(vectors), 1, len(vectors) - 1)


def test_a_version_without_new_words_asks_nobody(concepts, scope, work_off):
    media = add_media(TIDES.title, cues_of(TIDES))
    work_off()
    later = {0: TimedText(0.25, 5.0, cues_of(TIDES)[0].text, "Mara")}

    correct_transcript(media, Corrections(changed=later), base=media.transcript_id, by=None)
    work_off()

    assert (len(texts_asked(concepts)), Job.objects.filter(kind="embed_passages").count()) == (1, 1)
    assert (Passage.objects.get().start, Embedding.objects.count()) == (0.25, 1)


def test_a_failed_embedding_costs_no_words(provider, scope, alice, work_off):
    provider.expect_request("/v1/embeddings").respond_with_response(refusal(401, "invalid_api_key"))
    media = add_media(TIDES.title, cues_of(TIDES))

    work_off()

    media.refresh_from_db()
    jobs = dict(Job.objects.exclude(kind="label_media").values_list("kind", "state"))
    assert jobs == {"index_media": JobState.SUCCEEDED, "embed_passages": JobState.FAILED}
    failed = Job.objects.get(kind="embed_passages")
    assert (failed.error_code, failed.attempt, failed.subject_id) == ("auth_invalid", 1, media.transcript_id)
    assert media.status == Status.COMPLETED
    assert in_order(search("bulges", user=alice, organization=scope)) == [media]


def test_a_pause_of_the_provider_is_waited_for(provider, scope, work_off):
    provider.expect_ordered_request("/v1/embeddings").respond_with_response(refusal(429, None))
    provider.expect_ordered_request("/v1/embeddings").respond_with_handler(answer_concepts)
    add_media(TIDES.title, cues_of(TIDES))
    work_off()
    waiting = Job.objects.get(kind="embed_passages")

    Job.objects.update(available_at=waiting.created_at)
    work_off()

    waited = (waiting.state, waiting.error_code)
    assert waited == (JobState.QUEUED, "rate_limited")
    assert Job.objects.get(kind="embed_passages").state == JobState.SUCCEEDED
    assert Embedding.objects.count() == 1


def test_embedding_a_media_item_that_is_gone_does_nothing(concepts, scope):
    assert embed(Passage.objects.filter(media=uuid4())) == 0


def test_over_the_ceiling_words_answer_and_the_page_says_so(concepts, talks, alice, organization, client_of, settings):
    settings.AI_PRICES = {MODEL: {"million_tokens": 9_000}}
    Organization.objects.update(monthly_ai_ceiling=Decimal("0"))
    asked = len(concepts.log)

    result = search("bulges", user=alice, organization=organization)
    page = client_of(alice).get(f"/{organization.slug}/search/", {"q": "bulges"}).content.decode()

    assert (result.manner, in_order(result), len(concepts.log)) == (Manner.WORDS_THIS_MONTH, [talks[TIDES]], asked)
    assert "ceiling for paid services is reached, so this is by words alone" in page


def test_below_a_ceiling_nobody_is_asked_whose_price_is_unknown(provider, alice, organization, scope, settings):
    settings.EMBEDDING_BASE_URL, settings.EMBEDDING_MODEL = "https://api.example.invalid/v1", "mystery"
    Organization.objects.update(monthly_ai_ceiling=Decimal("5"))

    result = search("bulges", user=alice, organization=organization)

    assert (result.manner, AiCall.objects.count()) == (Manner.WORDS_FOR_NOW, 0)


def test_an_answer_that_nobody_can_read_is_paid(provider, alice, organization, scope):
    provider.expect_request("/v1/embeddings").respond_with_data("{bad", content_type="application/json")

    result = search("bulges", user=alice, organization=organization)

    assert (result.manner, AiCall.objects.get().state) == (Manner.WORDS_FOR_NOW, "paid")


def test_what_meaning_costs_is_written_down(concepts, talks, alice, organization, settings):
    settings.AI_PRICES = {MODEL: {"million_tokens": 1_000}}

    search("bulges", user=alice, organization=organization)

    question = AiCall.objects.get(purpose="question")
    assert (question.user, question.quantity, question.cost, question.state) == (alice, 3, Decimal("0.003"), "paid")
    embedded = AiCall.objects.filter(purpose="embedding")
    assert set(embedded.values_list("subject_id", flat=True)) == {media.pk for media in talks.values()}


def test_passages_wait_for_their_meaning_over_the_ceiling(concepts, scope, work_off, settings):
    settings.AI_PRICES = {MODEL: {"million_tokens": 9_000}}
    Organization.objects.update(monthly_ai_ceiling=Decimal("0"))

    add_media("Tides", cues_of(TIDES))
    work_off()

    job = Job.objects.get(kind="embed_passages")
    assert (job.state, job.attempt, job.error_code) == (JobState.QUEUED, 0, "over_ceiling")
    assert (Passage.objects.exists(), Embedding.objects.exists(), len(concepts.log)) == (True, False, 0)
