"""What can go wrong with a model provider, in one vocabulary for all of them."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from core.ai.library import openai

_MAX_RETRY_AFTER_SECONDS = 24 * 3600.0
_MAX_QUOTED_CHARACTERS = 300

_MESSAGES = {
    "auth_invalid": "The AI provider refused the API key. Please check it in the configuration.",
    "quota_exhausted": "The AI provider's quota or budget is used up. Please check the plan and billing there.",
    "rate_limited": "The AI provider asks for a pause.",
    "network": "The AI provider could not be reached in time.",
    "provider_5xx": "The AI provider has trouble of its own.",
    "provider_changed": "The AI provider answered something that could not be understood.",
    "not_found": "The AI provider does not know this model or address.",
    "request_refused": "The AI provider refused the request.",
    "vector_too_long": "The model answers more numbers than can be stored. Please choose another model.",
    "sound_too_large": "The AI provider takes no piece of sound of this size.",
    "sound_too_long": "The AI provider takes no piece of sound of this length.",
    "format_refused": "The model cannot tell when something is said.",
    "not_installed": "The model on this machine is not installed.",
    "too_slow": "The model on this machine did not answer in time.",
    "cancelled": "This was stopped.",
}
_TEMPORARY = frozenset({"rate_limited", "network", "provider_5xx", "too_slow"})
_CODES_BY_STATUS = {
    401: "auth_invalid",
    402: "quota_exhausted",
    403: "auth_invalid",
    404: "not_found",
    408: "network",
    409: "provider_5xx",
    425: "provider_5xx",
    429: "rate_limited",
}
_QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})


class AiError(Exception):
    """A call to a model provider that failed.

    ``code`` is one of ``auth_invalid``, ``quota_exhausted``, ``rate_limited``, ``network``, ``provider_5xx``,
    ``provider_changed``, ``not_found``, ``request_refused``, ``vector_too_long``, and of speech ``sound_too_large``,
    ``sound_too_long``, ``format_refused``, ``not_installed``, ``too_slow``, ``cancelled``; ``message`` is for people
    and never holds the key; ``permanent`` says that trying again changes nothing; ``retry_after`` is in seconds (0 to a
    day), None when the provider named no time; ``was_answered`` says that the provider did its work and is paid for it.
    """

    def __init__(
        self, code: str, detail: str = "", *, retry_after: float | None = None, was_answered: bool = False
    ) -> None:
        self.code = code
        self.message = f"{_MESSAGES[code]} {detail}".strip()
        self.permanent = code not in _TEMPORARY
        self.retry_after = retry_after
        self.was_answered = was_answered
        super().__init__(self.message)


def unreadable(detail: str = "") -> AiError:
    """It answered, and nobody can tell what."""
    return AiError("provider_changed", detail, was_answered=True)


def error_from_openai(error: "openai.OpenAIError") -> AiError:
    """The same failure in our words; the provider's own words only where they name what was wrong with the request."""
    if isinstance(error, openai.APIConnectionError):
        return AiError("network")
    if not isinstance(error, openai.APIStatusError):
        return AiError("provider_changed")
    code = _code_of(error)
    detail = error.message[:_MAX_QUOTED_CHARACTERS] if code in {"request_refused", "not_found"} else ""
    return AiError(code, detail, retry_after=_retry_after(error))


def _code_of(error: "openai.APIStatusError") -> str:
    if error.status_code == 429 and {error.code, error.type} & _QUOTA_CODES:
        return "quota_exhausted"
    if error.status_code >= 500:
        return "provider_5xx"
    if error.status_code < 400:
        return "provider_changed"
    return _CODES_BY_STATUS.get(error.status_code, "request_refused")


def _retry_after(error: "openai.APIStatusError") -> float | None:
    """Seconds from ``Retry-After``, which is a number or a date (RFC 9110, section 10.2.3)."""
    value = error.response.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]+)?", value):
        return min(float(value), _MAX_RETRY_AFTER_SECONDS)
    try:
        seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(max(seconds, 0.0), _MAX_RETRY_AFTER_SECONDS)
