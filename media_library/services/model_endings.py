"""Models that are in use here and that their provider will switch off (research/contracts.md, section 1.1).

Asked once a day; what was answered lies in the cache, for it is the provider's to say and nobody's to keep.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from core.ai.client import OPENAI_BASE_URL, host_at
from core.ai.errors import AiError
from core.ai.prices import is_local
from core.ai.shutdowns import announced, shutdown_dates

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
        known = announced(self.model)
        facts = {"model": self.model, "day": self.day.isoformat(), "days": days}
        facts["other"] = known.replacement if known else _("another one")
        if days <= 0:
            return _("The model %(model)s was shut down on %(day)s. Configure %(other)s.") % facts
        return _("The model %(model)s is shut down on %(day)s, in %(days)s days. Configure %(other)s before.") % facts


def look_at_models() -> None:
    """Ask the providers, and keep what they say for the dashboard."""
    cache.set(KEY, [(one.model, one.day.isoformat()) for one in endings()], KEPT_SECONDS)


def known_endings() -> list[Ending]:
    """As they were told last. One statement at the most."""
    return [Ending(model, date.fromisoformat(day)) for model, day in cache.get(KEY, [])]


def endings() -> list[Ending]:
    """Of the models in use those that end within 90 days, by their day; each server is asked once."""
    last = timezone.localdate() + timedelta(days=WARNED_DAYS)
    found = {
        Ending(model, days[model])
        for (key, address), models in models_in_use().items()
        for days in [_days(key, address, models)]
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
    for key, address, model in configured[: 1 if settings.LOCAL_EMBEDDING_MODEL else 2]:
        if key or address:
            used.setdefault((key, address or OPENAI_BASE_URL), set()).add(model)
    return used


def _days(key: str, address: str, models: Collection[str]) -> dict[str, date]:
    """As the server tells; where it cannot be asked, as OpenAI announced. A server of one's own ends when one wants."""
    try:
        return shutdown_dates(key, address)
    except AiError:
        if is_local(host_at(address)):
            return {}
        return {model: known.day for model in models if (known := announced(model)) is not None}
