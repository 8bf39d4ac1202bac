"""Room below the organization's ceiling for what is made from its media."""

from django.utils.translation import gettext as _

from core.errors import Refused
from core.jobs import JobPostponed
from media_library.services.ceiling import refuse_over_ceiling
from media_library.wording import words_for_size

STORAGE_FULL = "storage_full"
LOOK_AGAIN_SECONDS = 600.0


def ensure_room(needed_bytes: int) -> None:
    """Go on only if so many bytes more stay below the ceiling of the organization in scope. One statement.

    Raises JobPostponed `storage_full` otherwise: it goes on when something was deleted or the ceiling was raised.
    """
    try:
        refuse_over_ceiling(needed_bytes)
    except Refused as refusal:
        words = _("Waiting for room: the organization's storage is full.")
        detail = f"{words_for_size(needed_bytes)} needed. {refusal.message}"
        raise JobPostponed(STORAGE_FULL, words, delay=LOOK_AGAIN_SECONDS, detail=detail) from refusal
