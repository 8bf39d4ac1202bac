"""An embeddings provider on loopback that knows three concepts: texts about the same one point the same way."""

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.core.embeddings_provider import answered, serve

CONCEPTS = (("moon", "tide", "lunar", "attraction"), ("wave", "surfing"), ("current", "circulation", "abyss"))


def vector_of(text: str) -> list[float]:
    """How often each concept is touched; never nothing at all."""
    words = text.lower()
    return [0.01 + sum(words.count(word) for word in concept) for concept in CONCEPTS]


def answer_concepts(request: Request) -> Response:
    return answered(request, vector_of)


def serve_concepts(httpserver: HTTPServer) -> None:
    serve(httpserver, answer_concepts)


def texts_asked(httpserver: HTTPServer) -> list[str]:
    return [text for request, _ in httpserver.log for text in request.get_json()["input"]]
