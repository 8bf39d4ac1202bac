"""A private feed and all that it names, to whoever holds its token: feed, sound, words, chapters and pictures alike.

The organization of the address opens the scope, if the key is its own. Nothing of an answer may be kept or listed, and
no site that is linked to learns the address.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.middleware import opens_own_scope
from accounts.origin import address_of
from accounts.services.limits import TooManyTries, charge
from core.tenancy import organization_scope
from media_library.chapter_marks import marks_in
from media_library.models import ListenerKey, Media
from media_library.podcasts.addresses import Addresses
from media_library.podcasts.downloads import CONTEXT as OF_CONTEXT
from media_library.podcasts.downloads import EPISODE
from media_library.podcasts.following import SHOW, Followed, Listener
from media_library.podcasts.gone import was_given
from media_library.podcasts.keys import find_key
from media_library.podcasts.private_addresses import PrivateAddresses
from media_library.podcasts.visits import note_visit
from media_library.views.counting import Heard
from media_library.views.feeds import (
    PRIVATE,
    artwork_answer,
    chapters_answer,
    enclosure_answer,
    feed_answer,
    inside,
    page_asked_for,
    transcript_answer,
)

HEADERS = {"Cache-Control": PRIVATE, "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}
RECOGNIZED = 8  # letters of a token by which wrong ones are counted


@dataclass(frozen=True)
class Opened:
    """What a token opens now: to whom, and of what."""

    key: ListenerKey
    followed: Followed
    listener: Listener
    is_open: bool

    def addresses(self, token: str) -> PrivateAddresses:
        organization = self.listener.organization
        find_page = partial(self.followed.offer.page, self.followed.key, organization)
        return PrivateAddresses(organization.slug, token, page=find_page)

    def media(self, episode: UUID) -> Media:
        """What an episode of it lets this listener hear. Raises Http404."""
        found = self.followed.offer.media(self.followed.key, episode, self.listener)
        if found is None:
            raise Http404
        return found


Answer = Callable[..., HttpResponseBase]
Elsewhere = Callable[..., str]


class FeedGone(Http404):
    """What this address opened is deleted: its feed says so, what that named is refused."""


def guarded(elsewhere: Elsewhere) -> Callable[[Answer], Answer]:
    """`answer(request, opened, …)` for whoever holds the token of the address; whatever is refused looks alike.

    What everybody may hear by now is found `elsewhere(addresses, …)`: apps that follow it here are sent there.
    """
    return lambda answer: _guarded(answer, elsewhere)


def _guarded(answer: Answer, elsewhere: Elsewhere) -> Answer:
    @opens_own_scope
    @login_not_required
    @require_safe
    @wraps(answer)
    def view(request: HttpRequest, organization: str, token: str, **parts: Any) -> HttpResponseBase:
        try:
            with _opened(request, organization, token) as opened:
                response = (
                    answer(request, opened, token, **parts) if opened.is_open else _instead(opened, elsewhere, parts)
                )
        except FeedGone:
            response = _nothing_there() if parts else HttpResponse(status=410)
        except Http404:
            response = _nothing_there()
        except TooManyTries as refusal:
            response = HttpResponse(refusal.message, status=429, content_type="text/plain")
            response["Retry-After"] = str(refusal.seconds)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return view


def _feed_there(there: Addresses) -> str:
    return there.feed()


def _sound_there(there: Addresses, *, episode_id: UUID, extension: str) -> str:
    return there.enclosure(episode_id, extension)


def _transcript_there(there: Addresses, *, episode_id: UUID) -> str:
    return there.transcript(episode_id)


def _chapters_there(there: Addresses, *, episode_id: UUID) -> str:
    return there.chapters(episode_id)


def _artwork_there(there: Addresses, *, name: str) -> str:
    return there.artwork(name)


@guarded(_feed_there)
def private_feed(request: HttpRequest, opened: Opened, token: str) -> HttpResponseBase:
    page = page_asked_for(request)
    addresses = opened.addresses(token)
    followed, listener = opened.followed, opened.listener
    telling = followed.offer.telling(followed.key, listener, addresses, page=page)
    note_visit(opened.key, request)
    return feed_answer(request, address=addresses.feed(page), state=telling.state, build=telling.build, kept=PRIVATE)


@guarded(_sound_there)
def private_sound(
    request: HttpRequest, opened: Opened, token: str, *, episode_id: UUID, extension: str
) -> HttpResponseBase:
    media = opened.media(episode_id)
    note_visit(opened.key, request)
    column = EPISODE if opened.followed.column == SHOW else OF_CONTEXT
    heard = Heard(column, episode_id, who=f"key {opened.key.pk}")
    return enclosure_answer(request, media, extension, heard=heard, kept=PRIVATE)


@guarded(_transcript_there)
def private_transcript(request: HttpRequest, opened: Opened, token: str, *, episode_id: UUID) -> HttpResponseBase:
    return transcript_answer(request, opened.media(episode_id), kept=PRIVATE)


@guarded(_chapters_there)
def private_chapters(request: HttpRequest, opened: Opened, token: str, *, episode_id: UUID) -> HttpResponseBase:
    media = opened.media(episode_id)
    return chapters_answer(request, marks_in(media.chapters), seconds=media.duration, kept=PRIVATE)


@guarded(_artwork_there)
def private_artwork(request: HttpRequest, opened: Opened, token: str, *, name: str) -> HttpResponseBase:
    path = opened.followed.offer.picture(opened.followed.key, name)
    return artwork_answer(request, path, kept=PRIVATE)


@contextmanager
def _opened(request: HttpRequest, slug: str, token: str) -> Iterator[Opened]:
    """Inside the organization. Raises Http404, FeedGone, and TooManyTries where wrong tokens come too often: a right
    one opens all the same.
    """
    key = find_key(token, slug=slug)
    if key is None:
        if _was_given(token, slug=slug):
            raise FeedGone
        charge("feeds", account=slug, address=address_of(request))
        charge("feed", account=f"{slug} {token[:RECOGNIZED]}", address=address_of(request))
        raise Http404
    with organization_scope(key.organization):
        followed, listener = Followed.by(key), Listener(key.user, key.organization)
        yield Opened(key, followed, listener, is_open=followed.offer.may_follow(followed.key, listener))


def _was_given(token: str, *, slug: str) -> bool:
    """Two statements."""
    try:
        with inside(slug):
            return was_given(token)
    except Http404:
        return False


def _nothing_there() -> HttpResponse:
    return HttpResponse(_("There is nothing at this address."), status=404, content_type="text/plain")


def _instead(opened: Opened, elsewhere: Elsewhere, parts: dict[str, Any]) -> HttpResponseBase:
    """For a listener whose address opens nothing now: 301 to what is public, 410 for a withdrawn feed, or Http404."""
    offer, key = opened.followed.offer, opened.followed.key
    there = offer.public_addresses(key, opened.listener.organization)
    if there is not None:
        return HttpResponsePermanentRedirect(elsewhere(there, **parts))
    if not parts and offer.is_withdrawn(key):
        return HttpResponse(status=410)
    raise Http404
