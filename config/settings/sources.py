"""Hosts of videos, and who hears words where none were written down. Each adapter says what may be set of it."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.environment import env
from core.ai.prices import read_prices
from media_library.sources import SOURCES as ADAPTERS
from media_library.sources.protocol import Option

READ: dict[type, Any] = {str: env.str, int: env.int, bool: env.bool}


def _read(option: Option) -> Any:
    return READ[option.kind](option.variable, option.default)


#: source: what was set of it, by the name of the option.
SOURCES: dict[str, dict[str, Any]] = {
    name: {option.name: _read(option) for option in adapter.options} for name, adapter in ADAPTERS.items()
}

# Speech recognition: any server that speaks OpenAI's transcription API. Neither key nor address: none is paid for.
SPEECH_API_KEY = env.str("SPEECH_API_KEY", "") or env.str("OPENAI_API_KEY", "")
SPEECH_BASE_URL = env.str("SPEECH_BASE_URL", "")
SPEECH_MODEL = env.str("SPEECH_MODEL", "gpt-transcribe")
SPEECH_AT_ONCE = env.int("SPEECH_AT_ONCE", 3)  # pieces of one recording that are sent at the same time
LOCAL_SPEECH_MODEL = env.str("LOCAL_SPEECH_MODEL", "")  # of faster-whisper, such as “base”; empty: none


def _prices() -> dict[str, dict[str, Decimal]]:
    try:
        return read_prices(env.json("AI_PRICES", {}))
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from error


# In US dollars: {"model": {"minute": 0.0045}, "model": {"million_tokens": 0.13}}
AI_PRICES = _prices()
