"""Asks a language model: for prose that arrives word by word, or for an object of a given shape.

By OpenAI's chat completions, which compatible servers speak too. A model is given words and answers words: no tools.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from core.ai.client import client_at, host_at
from core.ai.embedder import estimated_tokens
from core.ai.errors import AiError, unreadable

READ_SECONDS = 60.0
MOST_CHARACTERS = 400_000  # of an answer: a server that never ends is left

Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Message:
    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(slots=True)
class Tokens:
    """What a request used; None where the provider does not say."""

    read: int | None = None
    written: int | None = None


class Writer(Protocol):
    """A language model. ``provider`` is the host of its server."""

    @property
    def model(self) -> str: ...
    @property
    def provider(self) -> str: ...
    def stream(self, messages: Sequence[Message], *, most_tokens: int, used: Tokens) -> Iterator[str]:
        """Pieces of an answer as they arrive; `used` is filled at the end. Raises AiError."""

    def fill(self, messages: Sequence[Message], shape: type[Shape], *, most_tokens: int, used: Tokens) -> Shape:
        """An object of this shape, checked. Raises AiError, `provider_changed` for what does not fit."""


@dataclass(frozen=True, slots=True)
class OpenAIWriter:
    """A model behind OpenAI's API. It never retries, since jobs do; ``timeout`` is the longest silence in seconds."""

    api_key: str = field(repr=False)
    model: str
    base_url: str | None = None
    timeout: float = READ_SECONDS

    @property
    def provider(self) -> str:
        return host_at(self.base_url)

    def stream(self, messages: Sequence[Message], *, most_tokens: int, used: Tokens) -> Iterator[str]:
        with client_at(self.base_url, self.api_key, timeout=self.timeout) as client:
            wishes: dict[str, Any] = self._wishes(messages, most_tokens)
            wishes |= {"stream": True, "stream_options": {"include_usage": True}}
            with client.chat.completions.create(**wishes) as events:
                yield from _pieces(events, used)

    def fill(self, messages: Sequence[Message], shape: type[Shape], *, most_tokens: int, used: Tokens) -> Shape:
        with client_at(self.base_url, self.api_key, timeout=self.timeout) as client:
            wishes = self._wishes(messages, most_tokens) | {"response_format": _response_format(shape)}
            answer = client.chat.completions.with_raw_response.create(**wishes).parse()
        _count(answer, used)
        return _checked(_content(answer), shape)

    def _wishes(self, messages: Sequence[Message], most_tokens: int) -> dict[str, Any]:
        said = [{"role": message.role, "content": message.content} for message in messages]
        return {"model": self.model, "messages": said, "max_completion_tokens": most_tokens}


def writer_from(
    api_key: str | None, base_url: str | None, model: str, *, timeout: float = READ_SECONDS
) -> Writer | None:
    """The writer that these settings describe; None when there is neither a key nor an address."""
    key, address = (api_key or "").strip(), (base_url or "").strip()
    if not key and not address:
        return None
    return OpenAIWriter(key, model, address or None, timeout)


def most_tokens_of(messages: Sequence[Message]) -> int:
    """What reading them can use at most, by a cautious guess."""
    return sum(estimated_tokens(message.content) + 8 for message in messages)


def _pieces(events: Any, used: Tokens) -> Iterator[str]:
    length, has_ended = 0, False
    for event in events:
        _count(event, used)
        for choice in getattr(event, "choices", None) or []:
            has_ended = has_ended or bool(choice.finish_reason)
            piece = getattr(choice.delta, "content", None) or ""
            length += len(piece)
            if length > MOST_CHARACTERS:
                raise unreadable("It does not end.")
            if piece:
                yield piece
    if not has_ended:  # the line broke: what arrived is no answer
        raise AiError("network", was_answered=bool(length))


def _response_format(shape: type[BaseModel]) -> dict[str, Any]:
    """Strict: each property is required, no other is allowed."""
    schema = {"name": shape.__name__, "strict": True, "schema": _strict(shape.model_json_schema())}
    return {"type": "json_schema", "json_schema": schema}


def _strict(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {name: _strict(part) for name, part in schema.items() if name != "default"}
    if isinstance(properties := schema.get("properties"), dict):
        strict |= {"required": list(properties), "additionalProperties": False}
    return strict


def _count(answer: Any, used: Tokens) -> None:
    usage = getattr(answer, "usage", None)
    read, written = getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None)
    used.read = read if isinstance(read, int) else used.read
    used.written = written if isinstance(written, int) else used.written


def _content(answer: Any) -> str:
    try:
        message = answer.choices[0].message
    except (AttributeError, IndexError, TypeError) as error:
        raise unreadable() from error
    if getattr(message, "refusal", None):
        raise AiError("request_refused", str(message.refusal)[:200], was_answered=True)
    return message.content or ""


def _checked(content: str, shape: type[Shape]) -> Shape:
    """Some servers wrap their JSON in a fence of Markdown, whatever was asked."""
    text = content.strip().removeprefix("```json").removeprefix("```").removesuffix("```")
    try:
        return shape.model_validate_json(text)
    except ValidationError as error:
        raise unreadable(f"{error.error_count()} parts of its answer do not fit.") from error
