"""What a provider of embeddings answers, recorded by its shapes and played on loopback."""

import base64
import json
import struct
from collections.abc import Callable

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

PATH = "/v1/embeddings"


def vector_of(text: str, dimensions: int = 4) -> list[float]:
    """A vector that names its text; all numbers are exact as 32-bit floats."""
    return [float(len(text)), float(ord(text[0])), *[0.5] * (dimensions - 2)]


def answered(request: Request, embed: Callable[[str], object] = vector_of, **changes: object) -> Response:
    """What the provider answers: base64 of little-endian floats when asked for it, else lists of numbers."""
    body = request.get_json()
    data = [
        {"object": "embedding", "index": index, "embedding": encoded(embed(text), body.get("encoding_format"))}
        for index, text in enumerate(body["input"])
    ]
    tokens = len(data) * 3
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return as_json({"object": "list", "model": body["model"], "data": data, "usage": usage} | changes)


def encoded(vector: object, encoding_format: str | None) -> object:
    if encoding_format != "base64" or not isinstance(vector, list):
        return vector
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def as_json(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(content), status, headers, content_type="application/json")


def refusal(status: int, code: str | None, message: str = "no", **headers: str) -> Response:
    error = {"message": message, "type": code, "param": None, "code": code}
    return as_json({"error": error}, status, {name.replace("_", "-"): value for name, value in headers.items()})


def serve(httpserver: HTTPServer, answer: Callable[[Request], Response]) -> None:
    httpserver.expect_request(PATH, method="POST").respond_with_handler(answer)
