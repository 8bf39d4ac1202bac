"""Who may watch what. Pages, files, the API and watch reports all ask here."""

from typing import Any

from accounts.models import Organization
from accounts.permissions import can
from media_library.models import Media, Publication


def can_watch(user: Any, media: Media, organization: Organization) -> bool:
    """Those who make content watch everything; those who may browse what is published and plays."""
    if can(user, "content.view", organization):
        return True
    is_out = media.publication == Publication.PUBLISHED and media.is_playable
    return is_out and can(user, "catalog.browse", organization)
