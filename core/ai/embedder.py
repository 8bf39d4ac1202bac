"""Turns texts into vectors, by OpenAI or any server that speaks its embeddings API."""

import base64
import binascii
import json
import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.ai.client import client_at, host_at
from core.ai.errors import AiError, unreadable
from core.ai.library import openai

DEFAULT_MODEL = "text-embedding-3-large"
DEFAULT_DIMENSIONS = 1536
READ_SECONDS = 30.0

# OpenAI takes 2,048 texts and 300,000 tokens a request, 8,192 tokens a text; the rest is room for a wrong estimate.
MAX_BATCH_TEXTS = 256
MAX_BATCH_TOKENS = 200_000
MAX_TEXT_TOKENS = 8_000
_CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Embedded:
    """One vector per text, in the order of the texts, and the tokens that were paid for."""

    vectors: list[list[float]]
    tokens: int


class Embedder(Protocol):
    """Turns texts into vectors of at most ``dimensions`` numbers; vectors of two models are never comparable.

    ``provider`` is the host of its server.
    """

    @property
    def model(self) -> str: ...
    @property
    def provider(self) -> str: ...
    @property
    def dimensions(self) -> int: ...
    def embed(self, texts: Sequence[str]) -> Embedded: ...


@dataclass(frozen=True, slots=True)
class OpenAIEmbedder:
    """Embeddings by OpenAI's API. It never retries, since jobs do; ``timeout`` is the longest silence in seconds."""

    api_key: str = field(repr=False)
    base_url: str | None = None
    model: str = DEFAULT_MODEL
    dimensions: int = DEFAULT_DIMENSIONS
    timeout: float = READ_SECONDS

    @property
    def provider(self) -> str:
        return host_at(self.base_url)

    def embed(self, texts: Sequence[str]) -> Embedded:
        """Vectors of these texts, in as many requests as needed; what exceeds 8,000 tokens of a text is left out.

        All vectors have one length: ``dimensions``, or less where a server ignores what was asked. Raises
        ``ValueError`` for an empty text and ``AiError`` for everything that the provider does.
        """
        if not all(text.strip() for text in texts):
            raise ValueError("an empty text has no embedding")
        vectors: list[list[float]] = []
        tokens = 0
        with client_at(self.base_url, self.api_key, timeout=self.timeout) as client:
            for batch in _batches([_shortened(text) for text in texts]):
                answer = _json(self._post(client, batch))
                vectors += _vectors(answer, len(batch))
                tokens += _tokens(answer)
                self._check_lengths(vectors)
        return Embedded(vectors, tokens)

    def _post(self, client: "openai.OpenAI", batch: list[str]) -> bytes:
        # The raw answer, since the client does not check what it parses. It asks for base64 of its own accord.
        create = client.embeddings.with_raw_response.create
        try:
            return create(model=self.model, input=batch, dimensions=self.dimensions).content
        except openai.BadRequestError as error:
            if not _refuses_dimensions(error):
                raise
            return create(model=self.model, input=batch).content

    def _check_lengths(self, vectors: list[list[float]]) -> None:
        lengths = {len(vector) for vector in vectors}
        if len(lengths) > 1 or 0 in lengths:
            raise unreadable("Its vectors are of different lengths.")
        if lengths and max(lengths) > self.dimensions:
            raise AiError("vector_too_long", _too_long(lengths.pop(), self.dimensions), was_answered=True)


def embedder_from(
    api_key: str | None,
    base_url: str | None,
    model: str | None = None,
    dimensions: int | None = None,
) -> Embedder | None:
    """The embedder that these settings describe; None when there is neither a key nor an address."""
    key, address = (api_key or "").strip(), (base_url or "").strip()
    if not key and not address:
        return None
    return OpenAIEmbedder(key, address or None, model or DEFAULT_MODEL, dimensions or DEFAULT_DIMENSIONS)


def padded(vector: Sequence[float], dimensions: int = DEFAULT_DIMENSIONS) -> list[float]:
    """The vector with zeros up to ``dimensions``, which changes no cosine. Raises ``AiError`` for a longer one."""
    if len(vector) > dimensions:
        raise AiError("vector_too_long", _too_long(len(vector), dimensions))
    return [*vector, *[0.0] * (dimensions - len(vector))]


def estimated_tokens(text: str) -> int:
    """A cautious guess: four ASCII characters a token, every other character a token of its own."""
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    return math.ceil((len(text) - foreign) / _CHARACTERS_PER_TOKEN) + foreign


def _shortened(text: str) -> str:
    while (tokens := estimated_tokens(text)) > MAX_TEXT_TOKENS:
        text = text[: len(text) * MAX_TEXT_TOKENS // tokens]
    return text


def _batches(texts: list[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    tokens = 0
    for text in texts:
        size = estimated_tokens(text)
        if batch and (len(batch) == MAX_BATCH_TEXTS or tokens + size > MAX_BATCH_TOKENS):
            yield batch
            batch, tokens = [], 0
        batch.append(text)
        tokens += size
    if batch:
        yield batch


def _refuses_dimensions(error: "openai.BadRequestError") -> bool:
    """Models of one fixed length refuse the parameter itself, among them those that vLLM calls "not matryoshka"."""
    words = error.message.lower()
    return "dimension" in words or "matryoshka" in words


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError as error:
        raise unreadable() from error


def _vectors(answer: Any, count: int) -> list[list[float]]:
    """The vectors of an answer in the order of their ``index``, on which alone one may rely."""
    try:
        by_index = {item["index"]: _vector(item["embedding"]) for item in answer["data"]}
        vectors = [by_index[index] for index in range(count)]
    except (KeyError, TypeError, ValueError, OverflowError, struct.error, binascii.Error) as error:
        raise unreadable() from error
    if len(answer["data"]) != count:
        raise unreadable(f"It gave {len(answer['data'])} vectors for {count} texts.")
    return vectors


def _vector(embedding: str | list[float]) -> list[float]:
    """Numbers from base64 of little-endian 32-bit floats, or from a plain list."""
    if isinstance(embedding, str):
        content = base64.b64decode(embedding, validate=True)
        numbers = list(struct.unpack(f"<{len(content) // 4}f", content))
    else:
        numbers = [float(number) for number in embedding]
    if not all(map(math.isfinite, numbers)):
        raise ValueError("a vector holds only finite numbers")
    return numbers


def _tokens(answer: Any) -> int:
    """Tokens as the provider counts them, 0 where it does not say."""
    usage = answer.get("usage")
    tokens = usage.get("total_tokens") if isinstance(usage, dict) else None
    return tokens if isinstance(tokens, int) else 0


def _too_long(length: int, limit: int) -> str:
    return f"It gives {length:,} numbers, at most {limit:,} fit."
