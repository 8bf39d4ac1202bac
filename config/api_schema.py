"""What the API says of itself: the same to everybody, so it is put together once a language and process."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.plumbing import get_lib_doc_excludes
from drf_spectacular.views import SpectacularAPIView

from accounts.api.views import OrganizationView

MOST_LANGUAGES = 8  # whoever asks may name any

ERROR = {
    "type": "object",
    "description": "Every refusal. `code` stays the same, `message` is a sentence in words for people.",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "fields"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "fields": {
                    "type": "object",
                    "description": "What to correct, by the name it was sent with; empty where it is none of them.",
                    "additionalProperties": {"type": "array", "items": {"type": "string"}},
                },
            },
        }
    },
}


def not_told() -> list[type]:
    """Classes whose words are for those who write views, not for those who call them."""
    return [OrganizationView, *get_lib_doc_excludes()]


REFUSALS = {
    400: "Something sent cannot be accepted.",
    401: "Nobody, or a token or session that is over.",
    403: "A member, or a token, that may not.",
    404: "There is nothing here for whoever asks.",
    409: "Not as things stand now.",
    429: "Too often, or more than is allowed in a while.",
}


class KeptSchema(SchemaGenerator):
    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        return _made(get_language())


class SchemaView(SpectacularAPIView):
    generator_class = KeptSchema


@lru_cache(maxsize=MOST_LANGUAGES)
def _made(language: str | None) -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)


def tell_refusals(result: Any, **options: Any) -> Any:
    """Hook of drf-spectacular: the one shape of errors, and on each operation the statuses that it may come with."""
    components = result["components"]
    components["schemas"]["Error"] = ERROR
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    components["responses"] = {
        f"Refused{status}": {"description": words, "content": content} for status, words in REFUSALS.items()
    }
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            _tell(operation["responses"], _statuses(path, method, operation))
    return result


def _tell(responses: dict[str, Any], statuses: Iterable[int]) -> None:
    """What a view describes more closely stays."""
    for status in statuses:
        if "content" not in responses.get(str(status), {}):
            responses[str(status)] = {"$ref": f"#/components/responses/Refused{status}"}


def _statuses(path: str, method: str, operation: dict[str, Any]) -> Iterator[int]:
    """By what is sent and done: limits of tries and allowances are on what is begun, and on searching."""
    yield from (401, 403, 404)
    if "requestBody" in operation or any(one["in"] == "query" for one in operation.get("parameters", ())):
        yield 400
    if method != "get":
        yield 409
    if method == "post" or "/search/" in path:
        yield 429
