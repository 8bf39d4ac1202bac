"""Where a listener finds a private feed and what it names: one token stands in all of it."""

from collections.abc import Callable
from functools import cached_property
from uuid import UUID

from django.urls import reverse

from media_library.podcasts.addresses import absolute, artwork_name


class PrivateAddresses:
    """Of a feed for one listener; `page` finds the path of what it is about, for people: asked when that is written."""

    def __init__(self, organization: str, token: str, *, page: Callable[[], str]) -> None:
        self.named = [organization, token]
        self._find_page = page

    @cached_property
    def page(self) -> str:
        return absolute(self._find_page())

    def feed(self, page: int = 1) -> str:
        address = self._address("private_feed")
        return address if page == 1 else f"{address}?page={page}"

    def item_page(self, key: UUID) -> str:
        """Of an episode; what stands for one on a higher floor has a page of its own kind."""
        return f"{self.page}{key}/"

    def enclosure(self, key: UUID, extension: str) -> str:
        return self._address("private_sound", key, extension)

    def transcript(self, key: UUID) -> str:
        return self._address("private_transcript", key)

    def chapters(self, key: UUID) -> str:
        return self._address("private_chapters", key)

    def artwork(self, path: str) -> str:
        return self._address("private_artwork", artwork_name(path)) if path else ""

    def _address(self, route: str, *named: object) -> str:
        return absolute(reverse(f"media_library:{route}", args=[*self.named, *named]))
