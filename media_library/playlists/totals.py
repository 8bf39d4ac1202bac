"""How much of playlists there is to watch for one person, and how far they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, FloatField, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from accounts.models import Organization
from media_library.models import PlaylistEntry

#: Seconds not seen yet; what is completed asks for no more.
LEFT = Case(
    When(watched__completed_at__isnull=False, then=Value(0.0)),
    default=F("media__duration") * (100.0 - Coalesce(F("watched__percent"), 0.0)) / 100.0,
    output_field=FloatField(),
)


@dataclass(frozen=True)
class Totals:
    """Of what this person may watch now.

    `seconds` and `left` are sums of the lengths that are known; `unknown` is of how many nobody knows it yet.
    """

    count: int = 0
    seconds: float = 0.0
    completed: int = 0
    left: float = 0.0
    unknown: int = 0

    @property
    def percent(self) -> int:
        """Of the media that are completed, 0–100."""
        return 100 * self.completed // self.count if self.count else 0

    @property
    def is_complete(self) -> bool:
        return 0 < self.count == self.completed


def totals_of(playlist_ids: Iterable[UUID], *, user: Any, organization: Organization) -> dict[UUID, Totals]:
    """By the key of the list; one that holds nothing for this person is missing. One statement."""
    entries = PlaylistEntry.objects.filter(playlist__in=list(playlist_ids)).visible_to(user, organization)
    sums = (
        entries.with_watching(user).order_by().values("playlist")
        .annotate(
            count=Count("pk"),
            seconds=Coalesce(Sum("media__duration"), 0.0),
            completed=Count("pk", filter=Q(watched__completed_at__isnull=False)),
            left=Coalesce(Sum(LEFT), 0.0),
            unknown=Count("pk", filter=Q(media__duration=None)),
        )
    )  # fmt: skip
    return {one.pop("playlist"): Totals(**one) for one in sums}
