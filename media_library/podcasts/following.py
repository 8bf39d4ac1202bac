"""What can be followed by a private address: private shows, and what a higher floor offers as one.

A higher floor registers its offer here and is asked through it: this floor never knows what stands behind a
`context_id`. Everything is asked anew at every request, so that what a listener may hear no longer is refused at once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, cast
from uuid import UUID

from accounts.models import Organization
from media_library.models import ListenerKey, Media
from media_library.podcasts.addresses import Addresses
from media_library.podcasts.channel import Channel

SHOW, CONTEXT = "podcast_id", "context_id"


@dataclass(frozen=True)
class Listener:
    """Somebody in an organization: what they may hear depends on both."""

    user: Any
    organization: Organization


@dataclass(frozen=True)
class Telling:
    """What a feed tells: `build` is asked where it was not in this `state` before. It raises NoSuchPage."""

    state: str
    build: Callable[[], Channel]


class Offer(Protocol):
    """One kind of thing that can be followed, each by its key. All of it runs in the organization's scope."""

    def titles(self, keys: Iterable[UUID]) -> dict[UUID, str]:
        """Of those that are there, whoever may hear them. One statement."""

    def may_follow(self, key: UUID, listener: Listener) -> bool:
        """Now."""

    def public_addresses(self, key: UUID, organization: Organization) -> Addresses | None:
        """Where everybody hears it by now; None where they do not. One statement."""

    def is_withdrawn(self, key: UUID) -> bool:
        """Whether apps are to be told that it is gone. One statement."""

    def page(self, key: UUID, organization: Organization) -> str:
        """The path of its page for people; empty where it is gone."""

    def telling(self, key: UUID, listener: Listener, addresses: Addresses, *, page: int) -> Telling:
        """For a listener who may follow it."""

    def media(self, key: UUID, episode: UUID, listener: Listener) -> Media | None:
        """What an episode of it lets this listener hear now, with its transcript; None for any other."""

    def picture(self, key: UUID, name: str) -> str | None:
        """The path in the storage of a picture that its channel names, by the name of its file."""


_offers: dict[str, Offer] = {}


def add_offer(column: str, offer: Offer) -> None:
    """Say what stands behind a column of keys: shows, or what a higher floor has."""
    _offers[column] = offer


@dataclass(frozen=True)
class Followed:
    """What a key opens: the row that its `column` names."""

    column: str
    key: UUID

    @classmethod
    def by(cls, key: ListenerKey) -> "Followed":
        return cls(SHOW, key.podcast_id) if key.podcast_id else cls(CONTEXT, cast(UUID, key.context_id))

    @property
    def offer(self) -> Offer:
        return _offers[self.column]

    @property
    def title(self) -> str:
        """Empty where it is gone."""
        return self.offer.titles([self.key]).get(self.key, "")


def titles_of(keys: Iterable[ListenerKey]) -> dict[UUID, str]:
    """What each key opens, by what it opens. One statement for each kind."""
    named: dict[UUID, str] = {}
    for column, offer in _offers.items():
        named |= offer.titles({getattr(key, column) for key in keys} - {None})
    return named
