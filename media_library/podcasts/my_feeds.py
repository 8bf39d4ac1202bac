"""What a listener is shown of their private addresses, and what a page offers to follow."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from accounts.models import Organization
from accounts.permissions import can
from media_library.models import Audience, ListenerKey, Podcast, ShowStatus
from media_library.podcasts.addresses import PublicAddresses
from media_library.podcasts.channels import heard_episodes, with_heard_episode
from media_library.podcasts.following import SHOW, Followed, Listener, titles_of
from media_library.podcasts.keys import living_keys
from media_library.podcasts.private_shows import followable_shows


@dataclass(frozen=True)
class AppLink:
    """Opens an app that is installed, and follows the feed there."""

    name: str
    address: str


@dataclass(frozen=True)
class Row:
    """A living address; `is_open` says whether it opens now, `page` is the path of what it is about."""

    key: ListenerKey
    title: str
    is_open: bool
    page: str


@dataclass(frozen=True)
class Following:
    """How somebody follows a show: at its public address, or at one of their own, of which there may be one already."""

    show: Podcast
    address: str = ""
    key: ListenerKey | None = None
    may_follow: bool = False

    @property
    def apps(self) -> list[AppLink]:
        return app_links(self.address) if self.address else []


def my_rows(listener: Listener) -> list[Row]:
    """The latest first. A statement for all, one for each kind of what is followed, and one to ask for each."""
    keys = list(living_keys().filter(user=listener.user))
    titles = titles_of(keys)
    return [_row(key, titles, listener) for key in keys]


def shows_to_follow(listener: Listener) -> list[Podcast]:
    """Private shows with an episode that somebody has no address of yet. One statement."""
    if not can(listener.user, "catalog.browse", listener.organization):
        return []
    mine = living_keys().filter(user=listener.user, podcast__isnull=False).values("podcast")
    heard = with_heard_episode(followable_shows())
    return list(heard.exclude(pk__in=mine).order_by("title", "pk"))


def following_of(show: Podcast, *, user: Any, organization: Organization) -> Following:
    """For `media_library/podcasts/follow.html`: apps take no show without an episode, so none is offered to them.

    One statement for a public show, at most three for a private one.
    """
    is_heard = heard_episodes(show).exists()
    if show.audience == Audience.PUBLIC:
        is_there = is_heard and show.status == ShowStatus.PUBLISHED
        return Following(show, PublicAddresses(organization.slug, show.slug).feed() if is_there else "")
    listener = Listener(user, organization)
    if not (user.is_authenticated and Followed(SHOW, show.pk).offer.may_follow(show.pk, listener)):
        return Following(show)
    return Following(show, key=living_keys().filter(user=user, podcast=show).first(), may_follow=is_heard)


def app_links(address: str) -> list[AppLink]:
    """The apps' own ways to be asked for a feed; without its scheme, or quoted whole."""
    bare = address.partition("://")[2]
    return [
        AppLink("Apple Podcasts", f"podcast://{bare}"),
        AppLink("Pocket Casts", f"pktc://subscribe/{bare}"),
        AppLink("Overcast", f"overcast://x-callback-url/add?url={quote(address, safe='')}"),
        AppLink("Castro, Downcast, iCatcher", f"pcast://{bare}"),
    ]


def _row(key: ListenerKey, titles: dict[Any, str], listener: Listener) -> Row:
    followed = Followed.by(key)
    is_open = followed.offer.may_follow(followed.key, listener)
    page = followed.offer.page(followed.key, listener.organization) if is_open else ""
    return Row(key, titles.get(followed.key, ""), is_open, page)
