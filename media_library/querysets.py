from typing import Any

from django.db import models

from accounts.models import Organization
from accounts.permissions import can
from media_library.access import granted_to


class MediaQuerySet(models.QuerySet):
    """Reads of the library, named for who reads."""

    def present(self) -> "MediaQuerySet":
        """What was not archived."""
        return self.exclude(publication="archived")

    def for_list(self) -> "MediaQuerySet":
        """One row of a list: no transcript, no raw metadata."""
        return self.defer("source_metadata", "description")

    def for_player(self) -> "MediaQuerySet":
        return self.select_related("rendition", "transcript").defer("source_metadata")

    def published(self) -> "MediaQuerySet":
        return self.filter(publication="published")

    def visible_to(self, user: Any, organization: Organization) -> "MediaQuerySet":
        """What this person may watch, in the one statement that reads it (media_library.access)."""
        if can(user, "content.view", organization):
            return self
        if not can(user, "course.learn", organization):
            return self.none()
        return self.published().filter(granted_to(user, organization), rendition__isnull=False)

    def created_by(self, user: Any) -> "MediaQuerySet":
        return self.filter(creator=user)
