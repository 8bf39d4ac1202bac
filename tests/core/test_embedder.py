"""Embeddings over real HTTP, against a loopback server that answers in the shapes of the provider."""

import json
from dataclasses import replace

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from core.ai.embedder import MAX_BATCH_TEXTS, Embedded, OpenAIEmbedder, embedder_from, estimated_tokens, padded
from core.ai.errors import AiError
from tests.core.embeddings_provider import answered, refusal, serve, vector_of

SECRET = "sk-loopback-secret"


@pytest.fixture
def embedder(httpserver: HTTPServer) -> OpenAIEmbedder:
    return OpenAIEmbedder(SECRET, httpserver.url_for("/v1"), dimensions=4, timeout=5)


def bodies(httpserver: HTTPServer) -> list[dict]:
    return [request.get_json() for request, _ in httpserver.log]


def test_embed_asks_as_the_provider_expects(httpserver, embedder):
    serve(httpserver, answered)

    embedder.embed(["first", "second"])

    ((request, _),) = httpserver.log
    assert request.headers["Authorization"] == f"Bearer {SECRET}"
    assert request.get_json() == {
        "model": "text-embedding-3-large",
        "input": ["first", "second"],
        "dimensions": 4,
        "encoding_format": "base64",
    }


def test_embed_reads_base64(httpserver, embedder):
    serve(httpserver, answered)

    assert embedder.embed(["ab", "c"]) == Embedded([[2.0, 97.0, 0.5, 0.5], [1.0, 99.0, 0.5, 0.5]], 6)


def test_embed_reads_plain_numbers_of_a_server_that_knows_no_base64(httpserver, embedder):
    data = [{"object": "embedding", "index": 0, "embedding": [1, 2.5, -3, 0]}]
    serve(httpserver, lambda request: answered(request, data=data))

    assert embedder.embed(["a"]).vectors == [[1.0, 2.5, -3.0, 0.0]]


def test_embed_orders_by_index(httpserver, embedder):
    def shuffled(request: Request) -> Response:
        data = json.loads(answered(request).data)["data"]
        return answered(request, data=[data[2], data[0], data[1]])

    serve(httpserver, shuffled)

    assert embedder.embed(["x", "yy", "zzz"]).vectors == [vector_of("x"), vector_of("yy"), vector_of("zzz")]


def test_embed_of_nothing_asks_nothing(httpserver, embedder):
    assert embedder.embed([]) == Embedded([], 0)
    assert httpserver.log == []


@pytest.mark.parametrize("empty", ["", " \n"])
def test_embed_refuses_an_empty_text(httpserver, embedder, empty):
    with pytest.raises(ValueError, match="empty text"):
        embedder.embed(["a", empty])

    assert httpserver.log == []


def test_embed_sends_at_most_256_texts_at_once(httpserver, embedder):
    serve(httpserver, answered)
    texts = ["x" * (1 + n % 7) for n in range(2 * MAX_BATCH_TEXTS + 1)]

    embedded = embedder.embed(texts)

    assert [len(body["input"]) for body in bodies(httpserver)] == [256, 256, 1]
    assert embedded == Embedded([vector_of(text) for text in texts], 3 * 513)


def test_embed_sends_at_most_200_000_tokens_at_once(httpserver, embedder):
    serve(httpserver, answered)

    embedder.embed(["x" * 32_000] * 26)

    assert [len(body["input"]) for body in bodies(httpserver)] == [25, 1]


@pytest.mark.parametrize(("text", "kept"), [("x" * 40_000, 32_000), ("語" * 9_000, 8_000), ("x" * 32_000, 32_000)])
def test_embed_cuts_a_text_at_8_000_tokens(httpserver, embedder, text, kept):
    serve(httpserver, answered)

    embedder.embed([text])

    assert bodies(httpserver)[0]["input"] == [text[:kept]]


def test_embed_cuts_a_text_of_two_scripts_below_8_000_tokens(httpserver, embedder):
    serve(httpserver, answered)

    embedder.embed(["語" * 7_000 + "x" * 40_000])

    assert 7_500 < estimated_tokens(bodies(httpserver)[0]["input"][0]) <= 8_000


def test_embed_counts_no_tokens_where_the_server_does_not(httpserver, embedder):
    serve(httpserver, lambda request: answered(request, usage=None))

    assert embedder.embed(["a"]).tokens == 0


def test_embed_needs_no_key_for_a_local_server(httpserver, embedder, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    serve(httpserver, answered)

    assert replace(embedder, api_key="").embed(["a"]).vectors == [vector_of("a")]


@pytest.mark.parametrize(
    "words",
    [
        'Model "m" does not support matryoshka representation.',
        "This model does not support specifying dimensions.",
    ],
)
def test_embed_leaves_the_length_to_a_model_that_has_only_one(httpserver, embedder, words):
    def of_one_length(request: Request) -> Response:
        if "dimensions" in request.get_json():
            return refusal(400, None, words)
        return answered(request, lambda text: vector_of(text, 3))

    serve(httpserver, of_one_length)

    assert embedder.embed(["a"]).vectors == [vector_of("a", 3)]


def test_embed_accepts_shorter_vectors(httpserver, embedder):
    serve(httpserver, lambda request: answered(request, lambda text: vector_of(text, 3)))

    assert embedder.embed(["a", "b"]).vectors == [vector_of("a", 3), vector_of("b", 3)]


def test_embedder_from_nothing_is_none():
    assert embedder_from("", None) is None
    assert embedder_from(" ", " ") is None


def test_embedder_from_settings():
    assert embedder_from(" key ", "") == OpenAIEmbedder("key", None, "text-embedding-3-large", 1536, 30.0)
    assert embedder_from(None, "http://127.0.0.1:1/v1", "nomic-embed-text", 768) == OpenAIEmbedder(
        "", "http://127.0.0.1:1/v1", "nomic-embed-text", 768
    )


def test_padded_fills_with_zeros():
    assert padded([1.0, 2.0], 4) == [1.0, 2.0, 0.0, 0.0]


def test_padded_leaves_a_full_vector_alone():
    assert padded([1.0] * 1536) == [1.0] * 1536


def test_padded_refuses_a_longer_vector():
    with pytest.raises(AiError, match="It gives 1,537 numbers, at most 1,536 fit") as caught:
        padded([0.0] * 1537)

    assert caught.value.code == "vector_too_long"


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("abcd", 1), ("abcde", 2), ("語", 1), ("abc語", 2)])
def test_estimated_tokens_are_cautious(text, tokens):
    assert estimated_tokens(text) == tokens
