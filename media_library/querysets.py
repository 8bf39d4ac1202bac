from typing import Any

from django.db import models


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

    def created_by(self, user: Any) -> "MediaQuerySet":
        return self.filter(creator=user)
