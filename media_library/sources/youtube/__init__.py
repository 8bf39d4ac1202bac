"""YouTube: its videos play here in its own player; what is said in them is read from its captions.

Without a key oEmbed tells the title and whether a video may play here, and the captions are read as any visitor would.
With an organization's key the Data API tells lengths, days and countries, and lists playlists and channels.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from media_library.sources.answers import by_key_or_public, maybe, oembed, part
from media_library.sources.errors import SourceError
from media_library.sources.protocol import (
    Access,
    Check,
    Collection,
    Credential,
    Description,
    HostCaptions,
    Option,
    Playback,
    Reference,
    Source,
    Words,
)
from media_library.sources.youtube import data_api
from media_library.sources.youtube.addresses import NAME, address_of, recognized
from media_library.sources.youtube.spoken import spoken

FORBIDDEN = {400: "not_found", 401: "embed_disabled", 403: "private", 404: "not_found"}
#: What a check cannot tell while these last.
UNTOLD = frozenset({"quota_exhausted", "rate_limited", "network", "provider_5xx"})
KEY_NEEDED = _("Playlists and channels are listed only with an API key: please give one under Sources.")


class YouTube(Source):
    name = NAME
    label = "YouTube"
    key_field = "youtube_video_id"
    options = (
        Option("web_url", "YOUTUBE_WEB_BASE", "https://www.youtube.com", "YouTube's pages, oEmbed and captions."),
        Option("api_url", "YOUTUBE_API_BASE", "https://www.googleapis.com/youtube/v3", "YouTube's Data API."),
        Option(
            "player_url", "YOUTUBE_PLAYER_BASE", "https://www.youtube-nocookie.com",
            "YouTube's player, at the address where it sets no cookies before somebody plays.",
        ),
        Option("picture_url", "YOUTUBE_IMAGE_BASE", "https://i.ytimg.com", "YouTube's pictures."),
        Option(
            "proxy", "YOUTUBE_PROXY", "",
            "A proxy to YouTube, `http://user:password@host:port`, where it refuses the addresses of a data center.",
        ),
    )  # fmt: skip
    credentials = (
        Credential(
            "api_key",
            _("API key"),
            _("Of a Google Cloud project with the YouTube Data API v3. It tells lengths, and lists playlists."),
        ),
    )

    def recognize(self, address: str) -> Reference | Collection | None:
        return recognized(address)

    def address(self, reference: Reference) -> str:
        return address_of(reference)

    def describe(self, reference: Reference, access: Access) -> Description:
        """The Data API is silent about what it does not show; oEmbed tells why."""
        return by_key_or_public(lambda: _by_key(reference, access), lambda: _by_oembed(reference, access))

    def captions(self, reference: Reference, access: Access) -> HostCaptions:
        return spoken(reference.key, access)

    def items(self, collection: Collection, access: Access) -> Iterator[Reference]:
        if not _has_key(access):
            raise SourceError("auth_invalid", hint=KEY_NEEDED)
        keys = data_api.listed(collection.key, access)
        yield from (Reference(self.name, key, collection=collection.key) for key in keys)

    def check(self, access: Access) -> Sequence[Check]:
        if not _has_key(access):
            return [Check(_("API key"), None, _("None: titles are read without one, lengths and lists are not."))]
        return [
            self._tried(_("Reads videos"), data_api.try_videos, access),
            self._tried(_("Lists playlists"), data_api.try_lists, access),
        ]

    def playback(self, reference: Reference, access: Access, *, facts: Mapping[str, Any]) -> Playback:
        web, player = access.options["web_url"], access.options["player_url"]
        return Playback(
            player=self.name,
            attributes={"video": reference.key, "host": player, "script": f"{web}/iframe_api"},
            policy={"script-src": [web], "frame-src": [web, player], "img-src": [access.options["picture_url"]]},
        )

    def _tried(self, what: Words, trial: Callable[[Access], None], access: Access) -> Check:
        try:
            trial(access)
        except SourceError as error:
            return Check(what, None if error.code in UNTOLD else False, error.message(self.label))
        return Check(what, True)


def _has_key(access: Access) -> bool:
    return bool(access.credentials.get("api_key"))


def _by_key(reference: Reference, access: Access) -> Description | None:
    return data_api.described(reference.key, access) if _has_key(access) else None


def _by_oembed(reference: Reference, access: Access) -> Description:
    """Its title, its author and a picture; no length."""
    told = oembed(access, f"{access.options['web_url']}/oembed", address_of(reference), codes=FORBIDDEN)
    author = maybe(told, "author_url", kind=str, default="").rstrip("/").rpartition("/")[2]
    return Description(
        title=part(told, "title", kind=str),
        thumbnail_url=maybe(told, "thumbnail_url", kind=str, default=""),
        author=maybe(told, "author_name", kind=str, default=""),
        author_key=author if author.startswith("UC") else "",
    )
