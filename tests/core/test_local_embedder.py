"""A model on this machine, by a stand-in for fastembed: the real one brings models of hundreds of megabytes."""

import importlib
import sys
import threading
import time

import pytest

from core.ai import local_embedder
from core.ai.embedder import Embedded
from core.ai.errors import AiError
from core.ai.local_embedder import LocalEmbedder
from core.ai.prices import FREE, price_of
from knowledge.services.embedding import configured_embedder
from knowledge.services.search import Manner, search
from media_library.demo.talks import TIDES
from tests.knowledge.conftest import talks as talks

STAND_IN = """
import threading

made = []
is_ready = threading.Event()
is_ready.set()


class TextEmbedding:
    def __init__(self, model_name, cache_dir, local_files_only):
        if model_name == "missing":
            raise ValueError("Could not load model missing from any source.")
        if model_name == "cut":
            raise Exception("Load model failed: protobuf parsing failed")
        made.append((model_name, cache_dir, local_files_only))

    def embed(self, texts, batch_size):
        is_ready.wait(20)
        if texts == ["broken"]:
            raise RuntimeError("Starts must be a 1-D array")
        return iter([[float(len(text)), 0.5] for text in texts])
"""


@pytest.fixture
def fastembed(tmp_path, monkeypatch):
    (tmp_path / "fastembed.py").write_text(STAND_IN)
    monkeypatch.syspath_prepend(str(tmp_path))
    local_embedder.loaded.cache_clear()
    yield
    sys.modules.pop("fastembed", None)
    local_embedder.loaded.cache_clear()


def test_local_model_embeds_from_the_disk_only_and_is_loaded_once(fastembed):
    embedder = LocalEmbedder("small", "/srv/models")

    answers = [embedder.embed(["tide", "moon!!"]) for _ in range(2)]

    assert answers == [Embedded([[4.0, 0.5], [6.0, 0.5]], 3)] * 2
    assert sys.modules["fastembed"].made == [("small", "/srv/models", True)]
    assert price_of(embedder.model, "tokens", provider=embedder.provider, prices={}) == FREE


@pytest.mark.parametrize("name", ["missing", "cut"])
def test_local_model_that_is_not_there_or_broken_is_told(name, fastembed):
    with pytest.raises(AiError) as caught:
        LocalEmbedder(name).embed(["tide"])

    assert (caught.value.code, caught.value.permanent) == ("not_installed", True)


def test_a_model_whose_files_are_broken_is_told_like_any_other_trouble(fastembed):
    for timeout in (None, 20.0):
        with pytest.raises(AiError) as caught:
            LocalEmbedder("small", timeout=timeout).embed(["broken"])

        assert caught.value.message.endswith("The model “small” on this machine fails.")


def test_local_embeddings_that_are_not_installed_are_told(monkeypatch):
    monkeypatch.setattr(local_embedder, "MODULE", "no_such_module_of_ours")
    local_embedder.loaded.cache_clear()

    with pytest.raises(AiError) as caught:
        LocalEmbedder("small").embed(["tide"])

    assert (caught.value.code, local_embedder.is_installed()) == ("not_installed", False)


def test_a_model_on_this_machine_goes_before_any_server(db, settings):
    settings.EMBEDDING_API_KEY, settings.LOCAL_EMBEDDING_MODEL = "k", "small"

    assert configured_embedder(timeout=5.0) == LocalEmbedder("small", timeout=5.0)


def test_whoever_waits_is_told_in_time_and_the_next_one_finds_the_model_ready(fastembed):
    waiting = LocalEmbedder("small", timeout=0.2)
    ready = importlib.import_module("fastembed").is_ready
    ready.clear()

    began, before = time.monotonic(), threading.active_count()
    codes = [code_of(waiting) for _ in range(3)]
    took, threads = time.monotonic() - began, threading.active_count()
    ready.set()

    assert (codes, took < 5, threads - before) == (["too_slow"] * 3, True, 1)
    assert LocalEmbedder("small", timeout=20.0).embed(["tide"]) == Embedded([[4.0, 0.5]], 1)
    assert len(sys.modules["fastembed"].made) == 1


def code_of(embedder: LocalEmbedder) -> str:
    with pytest.raises(AiError) as caught:
        embedder.embed(["tide"])
    assert not caught.value.permanent
    return caught.value.code


def test_search_answers_by_words_while_the_model_of_this_machine_does_not(
    fastembed, talks, alice, organization, settings, monkeypatch
):
    monkeypatch.setattr("knowledge.services.search.QUESTION_SECONDS", 0.2)
    settings.LOCAL_EMBEDDING_MODEL = "small"
    ready = importlib.import_module("fastembed").is_ready
    ready.clear()

    result = search("bulges", user=alice, organization=organization)
    ready.set()

    assert (result.manner, {moment.media for moment in result.moments}) == (Manner.WORDS_FOR_NOW, {talks[TIDES]})
