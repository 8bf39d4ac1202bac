"""Models that are in use here and that their provider will switch off (research/contracts.md, section 1.1).

Asked once a day; what was answered lies in the cache, for it is the provider's to say and nobody's to keep.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from core.ai.errors import AiError
from core.ai.shutdowns import shutdown_dates
from core.ai.transcriber import OPENAI_BASE_URL
from core.jobs import JobError

WARNED_DAYS = 90
KEY = "model_endings"
KEPT_SECONDS = int(timedelta(days=3).total_seconds())


@dataclass(frozen=True)
class Ending:
    """A model in use and the day from which it answers no more."""

    model: str
    day: date

    @property
    def words(self) -> str:
        days = (self.day - timezone.localdate()).days
        if days <= 0:
            return _("The model %(model)s was shut down on %(day)s. Configure another one.") % self._facts
        words = _("The model %(model)s is shut down on %(day)s, in %(days)s days. Configure another one before.")
        return words % {**self._facts, "days": days}

    @property
    def _facts(self) -> dict[str, str]:
        return {"model": self.model, "day": self.day.isoformat()}


def look_at_models() -> None:
    """Ask the providers, and keep what they say for the dashboard. Raises JobError."""
    try:
        found = endings()
    except AiError as error:
        raise JobError(error.code, error.message, permanent=error.permanent) from error
    cache.set(KEY, [(one.model, one.day.isoformat()) for one in found], KEPT_SECONDS)


def known_endings() -> list[Ending]:
    """As they were told last. One statement at the most."""
    return [Ending(model, date.fromisoformat(day)) for model, day in cache.get(KEY, [])]


def endings() -> list[Ending]:
    """Of the models in use those that end within 90 days, by their day; each server is asked once. Raises AiError."""
    last = timezone.localdate() + timedelta(days=WARNED_DAYS)
    found = {
        Ending(model, days[model])
        for (key, address), models in models_in_use().items()
        for days in [_days(key, address)]
        for model in models
        if model in days and days[model] <= last
    }
    return sorted(found, key=lambda one: (one.day, one.model))


def models_in_use() -> dict[tuple[str, str], set[str]]:
    """By key and address of their server; none for what runs on this machine."""
    configured = (
        (settings.SPEECH_API_KEY, settings.SPEECH_BASE_URL, settings.SPEECH_MODEL),
        (settings.EMBEDDING_API_KEY, settings.EMBEDDING_BASE_URL, settings.EMBEDDING_MODEL),
    )
    used: dict[tuple[str, str], set[str]] = {}
    for key, address, model in configured:
        if key or address:
            used.setdefault((key, address or OPENAI_BASE_URL), set()).add(model)
    return used


def _days(key: str, address: str) -> dict[str, date]:
    """Servers of one's own need not have a list of models."""
    try:
        return shutdown_dates(key, address)
    except AiError as error:
        if error.code == "not_found":
            return {}
        raise
