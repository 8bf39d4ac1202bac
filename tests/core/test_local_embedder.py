"""A model on this machine, by a stand-in for fastembed: the real one brings models of hundreds of megabytes."""

import sys

import pytest

from core.ai import local_embedder
from core.ai.embedder import Embedded
from core.ai.errors import AiError
from core.ai.local_embedder import LocalEmbedder
from core.ai.prices import FREE, price_of
from knowledge.services.embedding import configured_embedder

STAND_IN = """
made = []


class TextEmbedding:
    def __init__(self, model_name, cache_dir, local_files_only):
        if model_name == "missing":
            raise ValueError("Could not load model missing from any source.")
        made.append((model_name, cache_dir, local_files_only))

    def embed(self, texts, batch_size):
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


def test_local_model_that_is_not_there_is_told(fastembed):
    with pytest.raises(AiError) as caught:
        LocalEmbedder("missing").embed(["tide"])

    assert (caught.value.code, caught.value.permanent) == ("not_installed", True)


def test_local_embeddings_that_are_not_installed_are_told(monkeypatch):
    monkeypatch.setattr(local_embedder, "MODULE", "no_such_module_of_ours")
    local_embedder.loaded.cache_clear()

    with pytest.raises(AiError) as caught:
        LocalEmbedder("small").embed(["tide"])

    assert (caught.value.code, local_embedder.is_installed()) == ("not_installed", False)


def test_a_model_on_this_machine_goes_before_any_server(db, settings):
    settings.EMBEDDING_API_KEY, settings.LOCAL_EMBEDDING_MODEL = "k", "small"

    assert configured_embedder(timeout=5.0) == LocalEmbedder("small")
