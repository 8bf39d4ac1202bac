"""Which models their provider will switch off, when, and what takes their place."""

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.ai.client import client_at
from core.ai.errors import AiError

SECONDS = 10.0
MOST_MODELS = 10_000


@dataclass(frozen=True)
class Shutdown:
    day: date
    replacement: str


#: What OpenAI has announced (research/contracts.md, section 1.1), for where its list of models cannot be read.
ANNOUNCED = {
    model: Shutdown(date(2027, 2, 26), "gpt-transcribe")
    for model in ("whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "gpt-4o-transcribe-diarize")
}


def announced(model: str) -> Shutdown | None:
    """Of a model, or of a version of it such as `gpt-4o-mini-transcribe-2025-12-15`."""
    return ANNOUNCED.get(re.sub(r"-\d{4}-\d\d-\d\d$", "", model))


def shutdown_dates(api_key: str, base_url: str) -> dict[str, date]:
    """Of the models of a server that have such a date: `GET models`. Servers that tell none have none.

    Raises AiError.
    """
    with client_at(base_url, api_key, timeout=SECONDS) as client:
        content = client.models.with_raw_response.list().content
    try:
        models = json.loads(content)["data"]
    except (ValueError, TypeError, KeyError) as error:
        raise AiError("provider_changed") from error
    if not isinstance(models, list):
        raise AiError("provider_changed")
    return {model["id"]: when for model in models[:MOST_MODELS] if (when := _date_of(model)) is not None}


def _date_of(model: Any) -> date | None:
    try:
        return date.fromisoformat(model["shutdown_date"]) if isinstance(model["id"], str) else None
    except (KeyError, TypeError, ValueError):
        return None
