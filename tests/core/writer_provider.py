"""What a language model behind OpenAI's chat completions answers, recorded by its shapes and played on loopback."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.core.embeddings_provider import as_json

PATH = "/v1/chat/completions"
USAGE = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}

#: What the model says to the messages it was given: text, or what becomes JSON.
Answer = Callable[[list[dict[str, str]]], Any]


def serve(httpserver: HTTPServer, answer: Answer) -> None:
    """Streams where a stream is asked for, else answers whole."""

    def respond(request: Request) -> Response:
        body = request.get_json()
        said = answer(body["messages"])
        text = said if isinstance(said, str) else json.dumps(said)
        if body.get("stream"):
            return Response(events(body["model"], text), content_type="text/event-stream")
        return completed(body["model"], text)

    httpserver.expect_request(PATH, method="POST").respond_with_handler(respond)


def completed(model: str, text: str, **changes: Any) -> Response:
    message = {"role": "assistant", "content": text, "refusal": None} | changes
    choice = {"index": 0, "finish_reason": "stop", "logprobs": None, "message": message}
    head = {"id": "chatcmpl_1", "object": "chat.completion", "created": 1, "model": model}
    return as_json({**head, "choices": [choice], "usage": USAGE})


def events(model: str, text: str, *, ends: bool = True) -> Iterator[str]:
    """Word by word; the last chunk has no choices but the usage."""
    head = {"id": "chatcmpl_1", "object": "chat.completion.chunk", "created": 1, "model": model}
    for word in text.split(" "):
        yield _event({**head, "choices": [{"index": 0, "delta": {"content": f"{word} "}, "finish_reason": None}]})
    if ends:
        yield _event({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        yield _event({**head, "choices": [], "usage": USAGE})
        yield "data: [DONE]\n\n"


def messages_asked(httpserver: HTTPServer) -> list[list[dict[str, str]]]:
    return [request.get_json()["messages"] for request, _ in httpserver.log if request.path == PATH]


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data)}\n\n"
