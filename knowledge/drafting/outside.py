"""Drafts of a service that the operator runs, in place of a model: one POST, one answer, the same shapes."""

import json
from typing import Any

from django.conf import settings
from pydantic import ValidationError

from core.ai.errors import AiError, unreadable
from core.fetch import Fetcher, FetchError, origin_of
from knowledge.drafting.asking import TOLD
from knowledge.drafting.script import Script
from knowledge.models import Draft, DraftKind

SILENCE_SECONDS, MOST_SECONDS = 120.0, 300.0
MOST_SENT, MOST_ANSWERED = 8 * 1024**2, 2 * 1024**2  # bytes


def service_for(kind: str) -> str:
    """The address that drafts of this kind are asked of; empty: the model is."""
    addresses: dict[str, str] = {
        DraftKind.NOTES: settings.NOTES_GENERATION_ENDPOINT,
        DraftKind.QUIZ: settings.QUIZ_GENERATION_ENDPOINT,
    }
    return addresses.get(kind, "").strip()


def told_by_service(address: str, draft: Draft, script: Script, *, language: str) -> dict[str, Any]:
    """Its answer, checked to be what a model would answer. Raises AiError."""
    body = json.dumps(_question(draft, script, language), ensure_ascii=False).encode()
    if len(body) > MOST_SENT:
        raise AiError("request_refused", "The transcript is too long to be sent.")
    answered = _posted(address, body)
    try:
        return TOLD[draft.kind].model_validate_json(answered).model_dump(mode="json")
    except ValidationError as error:
        raise unreadable(f"{error.error_count()} parts of its answer do not fit.") from error


def _question(draft: Draft, script: Script, language: str) -> dict[str, Any]:
    """`{"version", "kind", "media": {"id", "title", "language"}, "cues": [{"number", "start", "end", "text", …}]}`."""
    cues = [
        {"number": number, "start": cue.start, "end": cue.end, "text": cue.text, "speaker": cue.speaker}
        for number, cue in enumerate(script.cues, start=1)
    ]
    media = {"id": str(draft.media_id), "title": draft.media.title, "language": language}
    return {"version": 1, "kind": draft.kind, "media": media, "cues": cues}


def _posted(address: str, body: bytes) -> bytes:
    """No redirect is followed: the operator named one address."""
    way = Fetcher(trusted=frozenset({origin_of(address)}) - {""}, seconds=SILENCE_SECONDS, most_seconds=MOST_SECONDS)
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    try:
        answer = way.tell(address, body, headers=headers, most_bytes=MOST_ANSWERED + 1)
    except FetchError as error:
        raise AiError("network", error.code) from error
    if answer.status != 200:
        raise _refusal(answer.status)
    if len(answer.content) > MOST_ANSWERED:
        raise unreadable("It is too long.")
    return answer.content


def _refusal(status: int) -> AiError:
    if status == 429:
        return AiError("rate_limited")
    return AiError("provider_5xx" if status >= 500 else "request_refused", f"It answered {status}.")
