"""Addresses of a player's files, and fetching them as a browser does."""

from typing import Any

from django.test import Client

from media_library.links import Audience
from media_library.models import Media
from media_library.player import MediaAddresses

SEGMENT = "240p_00000.m4s"


def addresses(media: Media, client: Client, *, slug: str = "harbor") -> MediaAddresses:
    """As the pages of this browser name them."""
    return MediaAddresses(media, slug, Audience(client.session.session_key or "nobody"))


def address(media: Media, client: Client, file: str = SEGMENT, *, slug: str = "harbor") -> str:
    return addresses(media, client, slug=slug).hls.replace("master.m3u8", file)


def fetch(client: Client, url: str, **headers: str) -> Any:
    """The answer, with its `body` read to the end as a server does."""
    return read(client.get(url, headers=headers))


def read(response: Any) -> Any:
    response.body = b"".join(response) if response.streaming else response.content
    return response


def status(client: Client, url: str) -> int:
    return fetch(client, url).status_code
