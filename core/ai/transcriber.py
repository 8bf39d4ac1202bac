"""Turns sound into words, by OpenAI or any server that speaks its transcriptions API."""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol

from core.ai.client import client_at, host_at
from core.ai.errors import AiError, error_from_openai, unreadable
from core.ai.heard import Heard, HeardCue, read_segments, spoken
from core.ai.library import openai
from core.ai.spoken_languages import first_language, language_code

DEFAULT_MODEL = "gpt-transcribe"
READ_SECONDS = 600.0
_TOO_LONG = re.compile(r"\bseconds\b|too long|longer than|duration", re.IGNORECASE)


class Format(StrEnum):
    """In which shape a model answers."""

    TIMED = "verbose_json"
    SPEAKERS = "diarized_json"
    TEXT = "json"


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a model can: `cuts` long sound only when told to."""

    format: Format
    cuts: bool = False


def abilities_of(model: str) -> Abilities:
    """By its name. Of one that nobody knows, times are asked for: whoever refuses that is asked for text alone."""
    name = model.lower()
    if "diarize" in name:
        return Abilities(Format.SPEAKERS, cuts=True)
    if "gpt-" in name and "transcribe" in name:
        return Abilities(Format.TEXT)
    return Abilities(Format.TIMED)


def never() -> bool:
    return False


class Transcriber(Protocol):
    """Hears words. `provider` is the host of its server, `is_paid` says whether its calls may cost something.

    Where `is_timed` is False, a piece of sound is one cue: it should be short.
    """

    @property
    def model(self) -> str: ...
    @property
    def provider(self) -> str: ...
    @property
    def is_paid(self) -> bool: ...
    @property
    def is_timed(self) -> bool: ...
    def plainer(self) -> "Transcriber | None":
        """The same one without times, where it has no times; None where that is all there is."""

    def hear(self, sound: bytes, *, seconds: float, should_stop: Callable[[], bool] = never) -> Heard:
        """What a piece of MP3 of so many seconds says. Raises AiError."""


@dataclass(frozen=True, slots=True)
class OpenAITranscriber:
    """Speech recognition by OpenAI's API. It never retries, since jobs do; ``timeout`` is the longest silence."""

    api_key: str = field(repr=False)
    base_url: str | None = None
    model: str = DEFAULT_MODEL
    timeout: float = READ_SECONDS
    format: Format | None = None  # instead of what the model's name promises

    is_paid = True

    @property
    def provider(self) -> str:
        return host_at(self.base_url)

    @property
    def abilities(self) -> Abilities:
        known = abilities_of(self.model)
        return known if self.format is None else replace(known, format=self.format)

    @property
    def is_timed(self) -> bool:
        return self.abilities.format != Format.TEXT

    def plainer(self) -> "OpenAITranscriber | None":
        return replace(self, format=Format.TEXT) if self.is_timed else None

    def hear(self, sound: bytes, *, seconds: float, should_stop: Callable[[], bool] = never) -> Heard:
        """One request. An answer without times where they were asked for is not timed, whatever was asked."""
        content = self._ask(sound)
        try:
            return _heard(json.loads(content), seconds)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise unreadable() from error

    def _ask(self, sound: bytes) -> bytes:
        with client_at(self.base_url, self.api_key, timeout=self.timeout) as client:
            create = client.audio.transcriptions.with_raw_response.create
            try:
                return create(file=("piece.mp3", sound, "audio/mpeg"), model=self.model, **self._wishes()).content
            except openai.APIStatusError as error:
                raise _failure(error) from error

    def _wishes(self) -> dict[str, Any]:
        can = self.abilities
        wishes: dict[str, Any] = {"response_format": can.format.value}
        if can.format == Format.TIMED:
            wishes["timestamp_granularities"] = ["segment"]
        if can.cuts:
            wishes["chunking_strategy"] = "auto"
        return wishes


def transcriber_from(api_key: str | None, base_url: str | None, model: str | None = None) -> Transcriber | None:
    """The transcriber that these settings describe; None when there is neither a key nor an address."""
    key, address = (api_key or "").strip(), (base_url or "").strip()
    if not key and not address:
        return None
    return OpenAITranscriber(key, address or None, model or DEFAULT_MODEL)


def _heard(answer: dict[str, Any], seconds: float) -> Heard:
    language = language_code(answer.get("language")) or first_language(answer.get("languages"))
    used = _used_seconds(answer, seconds)
    text = spoken(answer["text"])
    segments = answer.get("segments")
    if isinstance(segments, list) and (segments or not text):
        return Heard(tuple(read_segments(segments, seconds=seconds)), language, used, is_timed=True)
    whole = (HeardCue(0.0, seconds, text),) if text else ()
    return Heard(whole, language, used, is_timed=False)


def _used_seconds(answer: dict[str, Any], seconds: float) -> float:
    """As the provider counts them, at most the whole seconds that were sent; those where it does not say."""
    usage = answer.get("usage")
    told = usage.get("seconds") if isinstance(usage, dict) else None
    return min(float(told), math.ceil(seconds)) if isinstance(told, int | float) and told >= 0 else seconds


def _failure(error: "openai.APIStatusError") -> AiError:
    words = f"{error.message} {error.param or ''}"
    if error.status_code == 413:
        return AiError("sound_too_large")
    if error.status_code in (400, 422) and re.search("response_format|timestamp_granularities", words):
        return AiError("format_refused")
    if error.status_code == 400 and _TOO_LONG.search(error.message) and "short" not in error.message.lower():
        return AiError("sound_too_long")
    return error_from_openai(error)
