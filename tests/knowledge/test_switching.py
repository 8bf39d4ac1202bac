"""From one model of embeddings to another: search never goes dark, and never mixes two."""

import threading
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_httpserver import HTTPServer

from accounts.models import Organization
from config.doctor import Warned, _embedder
from core.tenancy import organization_scope
from knowledge.models import Embedding, Passage, SearchModel
from knowledge.services import switching
from knowledge.services.embedding import search_embedder
from knowledge.services.search import Manner, search
from knowledge.services.search_models import begin_building, make_live_where_none_is
from knowledge.vector_index import index_name, remove_index
from media_library.demo.talks import CURRENTS, TIDES, WAVES
from tests.core.embeddings_provider import refusal
from tests.knowledge.concepts import answer_concepts, serve_concepts
from tests.knowledge.conftest import add_media, cues_of

OLD, NEW = "old-model", "new-model"


@pytest.fixture
def provider(httpserver: HTTPServer, settings) -> HTTPServer:
    settings.EMBEDDING_BASE_URL, settings.EMBEDDING_MODEL = httpserver.url_for("/v1"), OLD
    serve_concepts(httpserver)
    return httpserver


@pytest.fixture
def library(transactional_db, provider, talks, foreign_talk, settings):
    """Embedded with the old model in two organizations; the new one is configured."""
    settings.EMBEDDING_MODEL = NEW
    yield talks
    remove_index(NEW)


def everywhere(organizations, model: str) -> list[int]:
    counts = []
    for organization in organizations:
        with organization_scope(organization):
            counts.append(Embedding.objects.filter(model=model).count())
    return counts


def models_asked(provider: HTTPServer) -> list[str]:
    return [request.get_json()["model"] for request, _ in provider.log]


def states() -> dict[str, str]:
    return dict(SearchModel.objects.values_list("name", "state"))


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE indisvalid")
        return {name for (name,) in cursor.fetchall()}


def test_the_first_model_is_live_at_once_and_only_once(db):
    assert [make_live_where_none_is(name) for name in (OLD, NEW)] == [OLD, OLD]
    assert states() == {OLD: "live"}


def test_search_asks_the_old_model_until_the_new_one_is_whole(
    library, provider, alice, organization, other_organization, capsys
):
    asked_before = len(provider.log)
    before = search("abyss circulation", user=alice, organization=organization)
    with pytest.raises(Warned) as warning:
        _embedder()

    call_command("switch_embeddings")
    after = search("abyss circulation", user=alice, organization=organization)

    assert [result.moments[0].media for result in (before, after)] == [library[CURRENTS]] * 2
    assert models_asked(provider)[asked_before:] == [OLD, NEW, NEW, NEW]
    assert str(warning.value).startswith(f"search asks {OLD}, and {NEW} is configured: ./run switch_embeddings")
    assert everywhere([organization, other_organization], NEW) == [3, 1]
    assert (states(), index_name(NEW) in indexes()) == ({OLD: "retired", NEW: "live"}, True)
    assert capsys.readouterr().out.splitlines()[0].startswith(f"{NEW}: 4 passages, about ")


def test_what_was_replaced_is_removed_when_one_says_so(library, organization, other_organization):
    call_command("switch_embeddings", "--clean")

    assert everywhere([organization, other_organization], OLD) == [0, 0]
    assert states() == {NEW: "live"}


def test_a_switch_that_broke_goes_on_where_it_was(library, provider, alice, organization, other_organization):
    provider.clear()
    provider.expect_ordered_request("/v1/embeddings").respond_with_handler(answer_concepts)
    provider.expect_ordered_request("/v1/embeddings").respond_with_response(refusal(500, None))
    with pytest.raises(CommandError, match="Run this again to go on"):
        call_command("switch_embeddings")
    halfway = states(), everywhere([organization, other_organization], NEW), search_embedder().model
    provider.clear()
    serve_concepts(provider)

    call_command("switch_embeddings")

    assert halfway == ({OLD: "live", NEW: "building"}, [3, 0], OLD)
    assert len(provider.log) == 1
    assert (states(), search_embedder().model) == ({OLD: "retired", NEW: "live"}, NEW)


def test_two_cannot_switch_at_once(library):
    failures: list[Exception] = []

    def other() -> None:
        try:
            call_command("switch_embeddings")
        except CommandError as error:
            failures.append(error)
        finally:
            connection.close()

    with switching._alone():
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()

    assert [str(one) for one in failures] == ["Another process is switching already."]
    assert states() == {OLD: "live"}


def test_nobody_pays_beyond_a_ceiling(library, organization, other_organization, settings):
    settings.AI_PRICES = {NEW: {"million_tokens": 9_000}}
    Organization.objects.filter(pk=other_organization.pk).update(monthly_ai_ceiling=Decimal("0"))

    with pytest.raises(CommandError, match="a ceiling is reached: summit"):
        call_command("switch_embeddings")

    assert everywhere([organization, other_organization], NEW) == [3, 0]
    assert states() == {OLD: "live", NEW: "building"}


def test_what_is_new_meanwhile_has_a_place_in_both(library, work_off, scope):
    begin_building(NEW)
    media = add_media("Late", cues_of(WAVES))
    work_off()

    (passage,) = Passage.objects.filter(media=media)
    assert set(passage.embeddings.values_list("model", flat=True)) == {OLD, NEW}


def test_the_server_before_answers_for_the_old_model(provider, talks, alice, organization, settings):
    settings.EMBEDDING_PREVIOUS_BASE_URL = settings.EMBEDDING_BASE_URL
    settings.EMBEDDING_MODEL, settings.EMBEDDING_BASE_URL = NEW, "http://127.0.0.1:9/v1"

    result = search("lunar attraction", user=alice, organization=organization)

    assert (result.manner, result.moments[0].media) == (Manner.MEANING, talks[TIDES])
