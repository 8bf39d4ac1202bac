from typing import Any

from django.db import models

from accounts.models import Organization
from accounts.permissions import can


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
        """The same rule as `media_library.access.can_watch`, for many rows at once."""
        if can(user, "content.view", organization):
            return self
        if can(user, "catalog.browse", organization):
            return self.published().filter(rendition__isnull=False)
        return self.none()

    def created_by(self, user: Any) -> "MediaQuerySet":
        return self.filter(creator=user)
