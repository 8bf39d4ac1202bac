"""How many questions are answered: of one person a day, of all people at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Organization
from core import pace
from core.errors import Refused

DAY = 86_400.0  # seconds

#: An open answer holds a thread of its web process: fewer than it has, so that pages are answered meanwhile.
SLOTS = BoundedSemaphore(settings.ANSWERS_AT_ONCE)


@contextmanager
def one_slot() -> Iterator[None]:
    """Raises Refused: too_many_asking (503)."""
    if not SLOTS.acquire(blocking=False):
        words = _("Many people ask right now. Please try again in a moment.")
        raise Refused("too_many_asking", words, status=503)
    try:
        yield
    finally:
        SLOTS.release()


def take_question(user: Any, organization: Organization) -> None:
    """Raises Refused: no_questions_left (429)."""
    most: int = settings.QUESTIONS_A_DAY
    if pace.take(f"ask:{organization.pk}:{user.pk}", limit=most, seconds=DAY):
        words = _(
            "You have asked %(most)d questions today, which is as many as one person may. "
            "Tomorrow you can go on; until then the search is open."
        )
        raise Refused("no_questions_left", words % {"most": most}, status=429)
