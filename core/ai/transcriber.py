"""Turns sound into words, by OpenAI or any server that speaks its transcriptions API."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlsplit

import openai

from core.ai.errors import AiError, error_from_openai
from core.ai.heard import Heard, HeardCue, clean, read_segments
from core.ai.spoken_languages import first_language, language_code

OPENAI_BASE_URL = "https://api.openai.com/v1"
DEFAULT_MODEL = "gpt-transcribe"
CONNECT_SECONDS = 5.0
READ_SECONDS = 600.0
MOST_BYTES = 25 * 1024 * 1024  # of one request; more is answered with 413
LONGEST_SECONDS = 1380.0  # of one request; some models take no more than 1,400
SHORTEST_SECONDS = 0.1  # less is refused
_UNUSED_KEY = "unused"  # the client insists on a key, a local server does not
_TOO_LONG = re.compile(r"\bseconds\b|too long|longer than|duration", re.IGNORECASE)


class Format(StrEnum):
    """In which shape a model answers."""

    TIMED = "verbose_json"
    SPEAKERS = "diarized_json"
    TEXT = "json"


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a model can: `takes_hints` about several languages at once, `cuts` long sound only when told to."""

    format: Format
    takes_hints: bool = False
    cuts: bool = False


def abilities_of(model: str) -> Abilities:
    """By its name. Of one that nobody knows, times are asked for: whoever refuses that is asked for text alone."""
    name = model.lower()
    if "diarize" in name:
        return Abilities(Format.SPEAKERS, cuts=True)
    if "gpt-transcribe" in name:
        return Abilities(Format.TEXT, takes_hints=True)
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

    def hear(
        self, sound: bytes, *, seconds: float, languages: Sequence[str] = (), should_stop: Callable[[], bool] = never
    ) -> Heard:
        """What a piece of MP3 of so many seconds says. `languages` are hints. Raises AiError."""


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
        return urlsplit(self.base_url or OPENAI_BASE_URL).hostname or ""

    @property
    def abilities(self) -> Abilities:
        known = abilities_of(self.model)
        return known if self.format is None else replace(known, format=self.format)

    @property
    def is_timed(self) -> bool:
        return self.abilities.format != Format.TEXT

    def plainer(self) -> "OpenAITranscriber | None":
        return replace(self, format=Format.TEXT) if self.is_timed else None

    def hear(
        self, sound: bytes, *, seconds: float, languages: Sequence[str] = (), should_stop: Callable[[], bool] = never
    ) -> Heard:
        """One request. An answer without times where they were asked for is not timed, whatever was asked."""
        answer = _object(self._ask(sound, languages))
        try:
            return _heard(answer, seconds)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise AiError("provider_changed") from error

    def _ask(self, sound: bytes, languages: Sequence[str]) -> bytes:
        try:
            with self._client() as client:
                create = client.audio.transcriptions.with_raw_response.create
                return create(
                    file=("piece.mp3", sound, "audio/mpeg"), model=self.model, **self._wishes(languages)
                ).content
        except openai.OpenAIError as error:
            raise _failure(error) from error
        except UnicodeEncodeError as error:
            raise AiError("auth_invalid", "It may hold only plain letters, digits and signs.") from error

    def _wishes(self, languages: Sequence[str]) -> dict[str, Any]:
        can = self.abilities
        wishes: dict[str, Any] = {"response_format": can.format.value}
        if can.format == Format.TIMED:
            wishes["timestamp_granularities"] = ["segment"]
        if can.cuts:
            wishes["chunking_strategy"] = "auto"
        if can.takes_hints and languages:
            wishes["languages"] = list(languages)
        elif len(languages) == 1:
            wishes["language"] = languages[0]
        return wishes

    def _client(self) -> openai.OpenAI:
        # The address is always given: the client would else read one from the environment.
        return openai.OpenAI(
            api_key=self.api_key or _UNUSED_KEY,
            base_url=self.base_url or OPENAI_BASE_URL,
            timeout=openai.Timeout(self.timeout, connect=CONNECT_SECONDS),
            max_retries=0,
        )


def transcriber_from(api_key: str | None, base_url: str | None, model: str | None = None) -> Transcriber | None:
    """The transcriber that these settings describe; None when there is neither a key nor an address."""
    key, address = (api_key or "").strip(), (base_url or "").strip()
    if not key and not address:
        return None
    return OpenAITranscriber(key, address or None, model or DEFAULT_MODEL)


def _heard(answer: dict[str, Any], seconds: float) -> Heard:
    language = language_code(answer.get("language")) or first_language(answer.get("languages"))
    used = _used_seconds(answer, seconds)
    text = clean(answer["text"])
    segments = answer.get("segments")
    if isinstance(segments, list) and (segments or not text):
        return Heard(tuple(read_segments(segments, seconds=seconds)), language, used, is_timed=True)
    whole = (HeardCue(0.0, seconds, text),) if text else ()
    return Heard(whole, language, used, is_timed=False)


def _used_seconds(answer: dict[str, Any], seconds: float) -> float:
    """As the provider counts them; those that were sent where it does not say."""
    usage = answer.get("usage")
    told = usage.get("seconds") if isinstance(usage, dict) else None
    return float(told) if isinstance(told, int | float) and 0 <= told <= 2 * seconds + 60 else seconds


def _object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except ValueError as error:
        raise AiError("provider_changed") from error
    if not isinstance(answer, dict):
        raise AiError("provider_changed")
    return answer


def _failure(error: openai.OpenAIError) -> AiError:
    if isinstance(error, openai.APIStatusError):
        words = f"{error.message} {error.param or ''}"
        if error.status_code == 413:
            return AiError("sound_too_large")
        if error.status_code in (400, 422) and re.search("response_format|timestamp_granularities", words):
            return AiError("format_refused")
        if error.status_code == 400 and _TOO_LONG.search(error.message) and "short" not in error.message.lower():
            return AiError("sound_too_long")
    return error_from_openai(error)
