"""Where a feed and what it names are found. A listener's private feed has addresses of its own kind."""

from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.urls import reverse


class Addresses(Protocol):
    """Absolute, in ASCII, each with the extension of what it gives. `key` is that of an episode, or of what stands for
    one.
    """

    @property
    def page(self) -> str:
        """For people."""

    def feed(self, page: int = 1) -> str: ...

    def item_page(self, key: UUID) -> str:
        """For people."""

    def enclosure(self, key: UUID, extension: str) -> str:
        """`extension`: mp3 or m4a."""

    def transcript(self, key: UUID) -> str: ...

    def chapters(self, key: UUID) -> str: ...

    def artwork(self, path: str) -> str:
        """Of a picture in the storage; empty where there is none."""


class PublicAddresses:
    """Of a show that everybody may hear."""

    def __init__(self, organization: str, show: str) -> None:
        """Both as addresses name them."""
        self.named = [organization, show]

    @property
    def page(self) -> str:
        return self.feed().removesuffix("feed.xml")

    def feed(self, page: int = 1) -> str:
        address = self._address("podcast_feed")
        return address if page == 1 else f"{address}?page={page}"

    def item_page(self, key: UUID) -> str:
        return f"{self.page}{key}/"

    def enclosure(self, key: UUID, extension: str) -> str:
        return self._address("episode_sound", key, extension)

    def transcript(self, key: UUID) -> str:
        return self._address("episode_transcript", key)

    def chapters(self, key: UUID) -> str:
        return self._address("episode_chapters", key)

    def artwork(self, path: str) -> str:
        return self._address("podcast_artwork", artwork_name(path)) if path else ""

    def _address(self, route: str, *named: object) -> str:
        return absolute(reverse(f"media_library:{route}", args=[*self.named, *named]))


def absolute(path: str) -> str:
    """An address that also says which site."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def artwork_name(path: str) -> str:
    """The file's, as addresses show it: a new picture has a new one."""
    return path.rpartition("/")[2]
