"""Where shows have media: what is an episode is not purged."""

from collections.abc import Iterator
from uuid import UUID

from django.urls import reverse

from media_library.models import Episode
from media_library.usage import Use, add_reader


@add_reader
def episodes_of(media_ids: list[UUID]) -> Iterator[Use]:
    """Each episode of one of them, published or not."""
    episodes = Episode.objects.filter(media__in=media_ids).order_by("podcast__title", "title", "pk")
    for media_id, key, podcast_id, show, title in episodes.values_list(
        "media_id", "pk", "podcast_id", "podcast__title", "title"
    ):
        address = reverse("admin:media_library_episode_change", args=[key])
        yield Use(media_id, "podcast", podcast_id, show, title, address)
