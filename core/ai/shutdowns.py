"""Which models their provider will switch off, and when."""

import json
from datetime import date
from typing import Any

import openai

from core.ai.errors import AiError, error_from_openai

SECONDS = 10.0
MOST_MODELS = 10_000


def shutdown_dates(api_key: str, base_url: str) -> dict[str, date]:
    """Of the models of a server that have such a date: `GET models`. Servers that tell none have none.

    Raises AiError.
    """
    try:
        with openai.OpenAI(api_key=api_key or "unused", base_url=base_url, timeout=SECONDS, max_retries=0) as client:
            answer = json.loads(client.models.with_raw_response.list().content)
    except openai.OpenAIError as error:
        raise error_from_openai(error) from error
    except UnicodeEncodeError as error:
        raise AiError("auth_invalid") from error
    except ValueError as error:
        raise AiError("provider_changed") from error
    models = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(models, list):
        raise AiError("provider_changed")
    return {model["id"]: when for model in models[:MOST_MODELS] if (when := _date_of(model)) is not None}


def _date_of(model: Any) -> date | None:
    try:
        return date.fromisoformat(model["shutdown_date"]) if isinstance(model["id"], str) else None
    except (KeyError, TypeError, ValueError):
        return None
