"""Tokens that open the files of one rendition or storyboard, or what is shown beside a media item, for a while, to one
audience, without a database.

A token stands in the path, `…/<organization>/media/<media>/hls/<files>/<token>/master.m3u8`: playlists name their
segments relatively, so each of them carries it too, also in players that send no headers and no cookies of ours.
It is an HMAC over everything before it in the path, the audience and the time. Whoever changes a letter, comes from
another session or comes too late holds nothing.
"""

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner, b62_encode

from accounts.models import ApiToken

SEPARATOR = "~"  # in no slug, key or base 62
STEPS = 4  # in the life of a link


@dataclass(frozen=True)
class Audience:
    """For whom a link is: the browser session it was made in, or whoever holds it while that API token works."""

    session_key: str = ""
    token_id: UUID | None = None

    @property
    def lifetime(self) -> int:
        """Seconds."""
        return settings.MEDIA_BEARER_SECONDS if self.token_id else settings.MEDIA_LINK_SECONDS

    @property
    def words(self) -> str:
        """What is signed. Raises ValueError for nobody."""
        if self.token_id:
            return f"token {self.token_id}"
        if not self.session_key:
            raise ValueError("A link for nobody would be a link for everybody.")
        return f"session {self.session_key}"


@dataclass(frozen=True)
class Files:
    """What a link opens: `key` is that of a rendition or storyboard, or of the media for what is shown beside it.

    As the path names them.
    """

    slug: str
    media_id: UUID
    key: UUID

    def signed_for(self, audience: Audience) -> str:
        return f"{self.slug}/{self.media_id}/{self.key}/{audience.words}"


class LinkSigner(TimestampSigner):
    """Its clock stands still for a quarter of a link's life, so that a page opened again finds the same addresses.

    Browsers then play from what they have kept, and a link is good for at least three quarters of its time.
    """

    def __init__(self, lifetime: int) -> None:
        super().__init__(salt="media_library.links", sep=SEPARATOR)
        self.step = max(1, lifetime // STEPS)

    def timestamp(self) -> str:
        now = int(time.time())
        return b62_encode(now - now % self.step)


def audience_of(request: Any) -> Audience:
    """Who asks, over the API with a token or in a browser."""
    token = getattr(request, "auth", None)
    return Audience(token_id=token.pk) if isinstance(token, ApiToken) else Audience(request.session.session_key or "")


def sign_link(files: Files, *, audience: Audience) -> str:
    """The token for the path, 50 letters; 83 where it names an API token. Raises ValueError for nobody."""
    words = files.signed_for(audience)
    token = LinkSigner(audience.lifetime).sign(words).removeprefix(words + SEPARATOR)
    return f"{audience.token_id.hex}{SEPARATOR}{token}" if audience.token_id else token


def read_link(token: str, *, files: Files, session_key: str) -> Audience:
    """The audience of a token that opens these files now, to the bearer of that session.

    Raises BadSignature for any other.
    """
    audience = _named(token, session_key)
    stamp = token.partition(SEPARATOR)[2] if audience.token_id else token
    try:
        signed = files.signed_for(audience) + SEPARATOR + stamp
    except ValueError as error:
        raise BadSignature("Nobody asks.") from error
    LinkSigner(audience.lifetime).unsign(signed, max_age=audience.lifetime)
    return audience


def seconds_left(audience: Audience) -> int:
    """How long a link lives that is made now."""
    return audience.lifetime - int(time.time()) % LinkSigner(audience.lifetime).step


def _named(token: str, session_key: str) -> Audience:
    if token.count(SEPARATOR) != 2:
        return Audience(session_key)
    try:
        return Audience(token_id=UUID(hex=token.partition(SEPARATOR)[0]))
    except ValueError as error:
        raise BadSignature("No token of ours.") from error
