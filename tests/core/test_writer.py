"""The client of language models, against a provider on loopback."""

import json

import pytest
from pydantic import BaseModel
from pytest_httpserver import HTTPServer
from werkzeug import Response

from core.ai.errors import AiError
from core.ai.writer import Message, OpenAIWriter, Tokens, Writer, writer_from
from tests.core.embeddings_provider import refusal
from tests.core.writer_provider import PATH, completed, events, serve

MESSAGES = [Message("system", "Be brief."), Message("user", "What is a tide?")]


class Claim(BaseModel):
    text: str
    sources: list[int] = []


@pytest.fixture
def writer(httpserver: HTTPServer) -> Writer:
    return OpenAIWriter("secret-key", "m", httpserver.url_for("/v1"), timeout=2)


def test_an_answer_arrives_in_pieces_with_what_it_used(writer, httpserver):
    serve(httpserver, lambda messages: "The sea rises.")
    used = Tokens()

    pieces = list(writer.stream(MESSAGES, most_tokens=50, used=used))

    assert (pieces, used) == (["The ", "sea ", "rises. "], Tokens(100, 20))
    request = httpserver.log[0][0].get_json()
    assert request == {
        "model": "m", "max_completion_tokens": 50, "stream": True, "stream_options": {"include_usage": True},
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What is a tide?"}],
    }  # fmt: skip


def test_a_line_that_breaks_is_no_answer(writer, httpserver):
    broken = Response(events("m", "The sea", ends=False), content_type="text/event-stream")
    httpserver.expect_request(PATH).respond_with_handler(lambda request: broken)
    pieces = []

    with pytest.raises(AiError) as raised:
        pieces.extend(writer.stream(MESSAGES, most_tokens=50, used=Tokens()))

    assert (raised.value.code, raised.value.was_answered) == ("network", True)


def test_an_object_has_the_shape_that_was_asked_for(writer, httpserver):
    serve(httpserver, lambda messages: {"text": "The sea rises.", "sources": [1, 2]})

    claim = writer.fill(MESSAGES, Claim, most_tokens=50, used=Tokens())

    assert claim == Claim(text="The sea rises.", sources=[1, 2])
    schema = httpserver.log[0][0].get_json()["response_format"]["json_schema"]
    assert (schema["name"], schema["strict"]) == ("Claim", True)
    assert (schema["schema"]["required"], schema["schema"]["additionalProperties"]) == (["text", "sources"], False)


def test_a_fence_around_the_object_does_not_hurt(writer, httpserver):
    serve(httpserver, lambda messages: '```json\n{"text": "so", "sources": []}\n```')

    assert writer.fill(MESSAGES, Claim, most_tokens=50, used=Tokens()) == Claim(text="so")


@pytest.mark.parametrize("said", ["nonsense", '{"text": 5}', "{}", "[]", ""])
def test_an_object_of_another_shape_is_refused(writer, httpserver, said):
    serve(httpserver, lambda messages: said)

    with pytest.raises(AiError) as raised:
        writer.fill(MESSAGES, Claim, most_tokens=50, used=Tokens())

    assert (raised.value.code, raised.value.was_answered) == ("provider_changed", True)


def test_a_model_that_refuses_says_why(writer, httpserver):
    httpserver.expect_request(PATH).respond_with_handler(lambda request: completed("m", "", refusal="Not that."))

    with pytest.raises(AiError) as raised:
        writer.fill(MESSAGES, Claim, most_tokens=50, used=Tokens())

    assert (raised.value.code, "Not that." in raised.value.message) == ("request_refused", True)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lambda: refusal(401, "invalid_api_key", "bad key secret-key"), "auth_invalid"),
        (lambda: refusal(429, "insufficient_quota"), "quota_exhausted"),
        (lambda: refusal(429, "rate_limit_exceeded", retry_after="3"), "rate_limited"),
        (lambda: refusal(503, None), "provider_5xx"),
        (lambda: Response(json.dumps({"choices": []}), content_type="application/json"), "provider_changed"),
    ],
)
def test_a_failure_of_the_provider_is_told_without_the_key(writer, httpserver, answer, code):
    httpserver.expect_request(PATH).respond_with_handler(lambda request: answer())

    with pytest.raises(AiError) as raised:
        writer.fill(MESSAGES, Claim, most_tokens=50, used=Tokens())

    assert (raised.value.code, "secret-key" in str(raised.value)) == (code, False)


def test_there_is_no_writer_without_key_and_address():
    assert (writer_from("", " ", "m"), writer_from("key", None, "m").model) == (None, "m")
