"""Everything a provider of embeddings can do wrong, in one vocabulary."""

import socket
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from core.ai.embedder import Embedder, OpenAIEmbedder
from core.ai.errors import AiError
from tests.core.embeddings_provider import PATH, answered, refusal, serve, vector_of

SECRET = "sk-loopback-secret"


@pytest.fixture
def embedder(httpserver: HTTPServer) -> OpenAIEmbedder:
    return OpenAIEmbedder(SECRET, httpserver.url_for("/v1"), dimensions=4, timeout=5)


def failure(embedder: Embedder, *texts: str) -> AiError:
    with pytest.raises(AiError) as caught:
        embedder.embed(texts or ["a"])
    return caught.value


def test_embed_refuses_longer_vectors(httpserver, embedder):
    serve(httpserver, lambda request: answered(request, lambda text: vector_of(text, 5)))

    error = failure(embedder)

    assert (error.code, error.permanent) == ("vector_too_long", True)
    assert error.message == (
        "The model answers more numbers than can be stored. Please choose another model. "
        "It gives 5 numbers, at most 4 fit."
    )


@pytest.mark.parametrize("lengths", [(4, 3), (0, 0)])
def test_embed_refuses_vectors_that_cannot_be_compared(httpserver, embedder, lengths):
    data = [{"index": index, "embedding": [1.0] * length} for index, length in enumerate(lengths)]
    serve(httpserver, lambda request: answered(request, data=data))

    assert failure(embedder, "a", "b").code == "provider_changed"


@pytest.mark.parametrize(
    "body",
    [
        b"{bad",
        b"",
        b"<html>busy</html>",
        b'"text"',
        b"[]",
        b"null",
        b"\xff\xfe\xfa",
        b"{}",
        b'{"data": null}',
        b'{"data": []}',
        b'{"data": [{"index": 1, "embedding": [1, 2, 3, 4]}]}',
        b'{"data": [{"index": 0}]}',
        b'{"data": [{"embedding": [1, 2, 3, 4]}]}',
        b'{"data": [{"index": 0, "embedding": null}]}',
        b'{"data": [{"index": 0, "embedding": ["x"]}]}',
        b'{"data": [{"index": 0, "embedding": [NaN, 1, 2, 3]}]}',
        b'{"data": [{"index": 0, "embedding": "AAA"}]}',
        b'{"data": [{"index": 0, "embedding": "AAAA"}]}',
        b'{"data": [{"index": 0, "embedding": "!AACAPw=="}]}',
        b'{"data": [{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [1]}]}',
        b'{"data": [{"index": 0, "embedding": [1' + b"0" * 400 + b"]}]}",
    ],
)
def test_embed_says_when_an_answer_makes_no_sense(httpserver, embedder, body):
    httpserver.expect_request(PATH).respond_with_data(body, content_type="application/json")

    error = failure(embedder)

    assert (error.code, error.permanent, error.retry_after) == ("provider_changed", True, None)


@pytest.mark.parametrize(
    ("status", "provider_code", "code", "permanent"),
    [
        (304, None, "provider_changed", True),
        (400, "invalid_value", "request_refused", True),
        (401, "invalid_api_key", "auth_invalid", True),
        (402, None, "quota_exhausted", True),
        (403, "unsupported_country_region_territory", "auth_invalid", True),
        (404, "model_not_found", "not_found", True),
        (408, None, "network", False),
        (409, None, "provider_5xx", False),
        (413, None, "request_refused", True),
        (422, None, "request_refused", True),
        (429, "rate_limit_exceeded", "rate_limited", False),
        (429, "insufficient_quota", "quota_exhausted", True),
        (500, None, "provider_5xx", False),
        (503, None, "provider_5xx", False),
    ],
)
def test_embed_names_a_refusal_and_asks_once(httpserver, embedder, status, provider_code, code, permanent):
    serve(httpserver, lambda request: refusal(status, provider_code))

    error = failure(embedder)

    assert (error.code, error.permanent, error.retry_after) == (code, permanent, None)
    assert len(httpserver.log) == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("999999999", 86_400.0),
        ("Wed, 01 Jan 2020 00:00:00 GMT", 0.0),
        ("-1", None),
        ("soon", None),
    ],
)
def test_embed_says_how_long_to_wait(httpserver, embedder, header, seconds):
    serve(httpserver, lambda request: refusal(429, "rate_limit_exceeded", Retry_After=header))

    assert failure(embedder).retry_after == seconds


def test_embed_says_how_long_to_wait_until_a_date(httpserver, embedder):
    date = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    serve(httpserver, lambda request: refusal(503, None, Retry_After=date))

    assert failure(embedder).retry_after == pytest.approx(600, abs=10)


def test_embed_survives_errors_that_are_no_json(httpserver, embedder):
    httpserver.expect_request(PATH).respond_with_data("<html>Bad gateway</html>", status=502, content_type="text/html")

    assert failure(embedder).code == "provider_5xx"


def test_embed_quotes_what_was_wrong_with_the_request(httpserver, embedder):
    serve(httpserver, lambda request: refusal(400, "invalid_value", "The input is too long. " + "x" * 1000))

    message = failure(embedder).message

    assert message.startswith("The AI provider refused the request. Error code: 400")
    assert message.count("The input is too long.") == 1
    assert len(message) < 400


def test_embed_never_shows_the_key(httpserver, embedder):
    serve(httpserver, lambda request: refusal(401, "invalid_api_key", f"Incorrect API key provided: {SECRET}"))

    error = failure(embedder)

    assert str(error) == "The AI provider refused the API key. Please check it in the configuration."
    assert SECRET not in repr(embedder)


def test_embed_gives_up_on_a_silent_server(httpserver, embedder):
    def silent(request: Request) -> Response:
        time.sleep(0.6)
        return answered(request)

    serve(httpserver, silent)

    error = failure(replace(embedder, timeout=0.2))

    assert (error.code, error.permanent) == ("network", False)


def test_embed_tells_a_closed_port_from_a_refusal(embedder):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"

        assert failure(replace(embedder, base_url=address)).code == "network"


def test_embed_refuses_a_key_that_no_header_can_hold(httpserver, embedder):
    error = failure(replace(embedder, api_key="ключ"))

    assert (error.code, httpserver.log) == ("auth_invalid", [])
