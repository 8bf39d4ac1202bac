"""Wistia: what is public by oEmbed; by the Data API with a token of the account."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.fetch import Answer, origin_of
from media_library import captions
from media_library.captions import CaptionError, TimedText, plain_text
from media_library.languages import language_tag
from media_library.sources.addresses import Place, place_of
from media_library.sources.answers import asked, by_key_or_public, json_of, maybe, object_of, oembed, part, seconds
from media_library.sources.caption_files import failed
from media_library.sources.choosing import preferred
from media_library.sources.errors import NotOneVideo, SourceError
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
)

API = Option("api_base", "WISTIA_API_BASE", "https://api.wistia.com", "Wistia's Data API.")
FAST = Option("fast_base", "WISTIA_FAST_BASE", "https://fast.wistia.com", "Wistia's player, oEmbed and public data.")
VERSION = Option(
    "api_version", "WISTIA_API_VERSION", "2026-07",
    "The version of Wistia's Data API, of which each lives about a year; empty: v1, which does not change any more.",
)  # fmt: skip
#: Pictures, pieces of video and figures come from hosts of many names.
ALL_HOSTS = (
    "https://fast.wistia.com", "https://fast.wistia.net", "https://*.wistia.com", "https://*.wistia.net",
)  # fmt: skip

_KEY = re.compile(r"[a-z0-9]{10}")
_HOST = re.compile(r"(?:[\w-]+\.)?(?:wistia\.(?:com|net)|wi\.st)")
_VIDEO = re.compile(r"/(?:medias|m|embed/(?:iframe|medias))/([a-z0-9]{10})(?:[./].*)?")
_OTHER = re.compile(r"/(?:embed/)?(?:channel|channels|playlists|s|projects|folders|live)/.+")
#: By these a page elsewhere says which video it shows.
EMBEDDED = ("wvideo", "wmediaid")

LOOK_AGAIN_SECONDS = 60.0  # after which what is being prepared is looked at again
PREPARING = frozenset({"queued", "processing"})
ONE_VIDEO = _(
    "This is no address of one video. Please copy the address of the media page itself: …/medias/ and its id."
)


class Wistia(Source):
    name = "wistia"
    label = "Wistia"
    key_field = "embed_id"
    options = (API, FAST, VERSION)
    credentials = (
        Credential(
            "token", _("Access token"),
            help=_("Account → Settings → API Access, with permission to read all folder and media data."),
        ),
    )  # fmt: skip

    def recognize(self, address: str) -> Reference | Collection | None:
        place = place_of(address)
        if place is None:
            return None
        if key := _key(place):
            return Reference("wistia", key)
        if _HOST.fullmatch(place.host) and _OTHER.fullmatch(place.path):
            raise NotOneVideo(ONE_VIDEO)
        return None

    def address(self, reference: Reference) -> str:
        return f"https://fast.wistia.com/embed/iframe/{reference.key}"

    def describe(self, reference: Reference, access: Access) -> Description:
        """By the Data API where the token's account owns it, else as everybody sees it."""
        return by_key_or_public(
            lambda: _own(reference, access), lambda: _shown(reference, self.address(reference), access)
        )

    def captions(self, reference: Reference, access: Access) -> HostCaptions:
        """By the Data API; without a token, or for what belongs to others, those that the player shows."""
        answer = _called(access, f"/medias/{reference.key}/captions")
        if answer is None or answer.status == 404:
            return _shown_captions(reference, access)
        tracks = [track for track in _captions(answer) if maybe(track, "text", kind=str, default="").strip()]
        track = preferred(tracks, access.languages, language=_language)
        return HostCaptions(_parsed(part(track, "text", kind=str)), language=_language(track))

    def playback(self, reference: Reference, access: Access, *, facts: Mapping[str, Any]) -> Playback:
        fast = origin_of(access.options[FAST.name])
        hosts = tuple(dict.fromkeys((fast, *ALL_HOSTS)))
        policy = dict.fromkeys(("script-src", "frame-src", "connect-src", "img-src"), hosts)
        return Playback(
            player=self.name,
            attributes={"id": reference.key, "base": fast},
            policy={**policy, "media-src": ("blob:", *hosts), "worker-src": ("blob:",)},
        )

    def check(self, access: Access) -> Sequence[Check]:
        what = _("Reads media and captions of your account")
        answer = _called(access, "/medias", page="1", per_page="1")
        if answer is None:
            return (Check(what, None, _("There is no access token: only what everybody sees works.")),)
        _objects(json_of(_successful(answer)))
        return (Check(what, works=True),)


def _key(place: Place) -> str:
    """Of a media page or an embed at Wistia, or of a page anywhere that says which video it shows."""
    if _HOST.fullmatch(place.host) and (found := _VIDEO.fullmatch(place.path)):
        return found[1]
    named = (place.query.get(name, "") for name in EMBEDDED)
    return next((key for key in named if _KEY.fullmatch(key)), "")


def _shown(reference: Reference, address: str, access: Access) -> Description:
    told = oembed(access, f"{access.base(FAST)}/oembed", address, codes={404: "not_found", 403: "private"})
    return Description(
        title=part(told, "title", kind=str),
        duration=seconds(told, "duration") or _length(reference, access),
        thumbnail_url=maybe(told, "thumbnail_url", kind=str, default=""),
    )


def _length(reference: Reference, access: Access) -> float | None:
    """As the player knows it. There is no contract about that: what cannot be read is no reason."""
    try:
        told = _public(access, f"/embed/medias/{reference.key}.json")
        return seconds(told, "media", "duration")
    except SourceError as error:
        if error.code != "provider_changed":
            raise
        return None


def _own(reference: Reference, access: Access) -> Description | None:
    """What the Data API tells of it; None without a token, and for what belongs to others."""
    answer = _called(access, f"/medias/{reference.key}")
    return None if answer is None or answer.status == 404 else _described(object_of(_successful(answer)))


def _described(told: Mapping[str, Any]) -> Description:
    status = maybe(told, "status", kind=str, default="ready")
    if maybe(told, "archived", kind=bool, default=False):
        raise SourceError("embed_disabled", detail="archived", hint=_("Take it out of the archive there."))
    if status in PREPARING:
        raise SourceError("not_ready", delay=LOOK_AGAIN_SECONDS)
    if status == "failed":
        raise SourceError("unplayable", detail="status failed")
    return Description(
        title=part(told, "name", kind=str),
        description=plain_text(maybe(told, "description", kind=str, default="")),
        duration=seconds(told, "duration"),
        thumbnail_url=maybe(told, "thumbnail", "url", kind=str, default=""),
        is_audio=maybe(told, "type", kind=str, default="") == "Audio",
    )


def _captions(answer: Answer) -> list[Mapping[str, Any]]:
    """Those that are no drafts. The frozen v1 writes some names otherwise."""
    tracks = _objects(json_of(_successful(answer)))
    return [track for track in tracks if not (track.get("is_draft") or track.get("isDraft"))]


def _parsed(text: str) -> Sequence[TimedText]:
    try:
        return captions.parse(text)
    except CaptionError as error:
        raise failed(error) from error


def _language(track: Any) -> str:
    """Told in three letters."""
    return language_tag(maybe(track, "language", kind=str, default=""))


def _shown_captions(reference: Reference, access: Access) -> HostCaptions:
    """What the player loads. There is no contract about it: what cannot be read means that it has changed."""
    told = _public(access, f"/embed/captions/{reference.key}.json")
    track = preferred(_objects(part(told, "captions", kind=list)), access.languages, language=_language)
    cues = [_cue(line) for line in _objects(part(track, "hash", "lines", kind=list))]
    if not (spoken := [cue for cue in cues if cue.text and cue.end > cue.start >= 0]):
        raise SourceError("captions_absent")
    return HostCaptions(spoken, language=_language(track))


def _cue(line: Mapping[str, Any]) -> TimedText:
    words = part(line, "text", kind=list)
    text = plain_text(" ".join(word for word in words if isinstance(word, str)))
    return TimedText(part(line, "start", kind=float), part(line, "end", kind=float), text)


def _public(access: Access, path: str) -> dict[str, Any]:
    """Of what no media has, Wistia says so with a status that is none."""
    headers = {"Referer": f"{access.site}/"}
    answer = asked(access, "GET", access.base(FAST) + path, headers=headers)
    if answer.status == 404:
        raise SourceError("not_found", detail=f"{path}: status 404")
    told = object_of(_successful(answer))
    if told.get("error") is True:
        raise SourceError("not_found", detail=f"{path}: error")
    return told


def _called(access: Access, path: str, **params: str) -> Answer | None:
    """Of the Data API; None without a token. Raises SourceError: auth_invalid, and what `asked` raises."""
    if not (token := access.credentials.get("token")):
        return None
    version = access.options[VERSION.name]
    generation = f"/modern{path}" if version else f"/v1{path}.json"
    headers = {"Authorization": f"Bearer {token}"} | ({"X-Wistia-Api-Version": version} if version else {})
    answer = asked(access, "GET", access.base(API) + generation, params=params, headers=headers)
    if answer.status in (401, 403):
        raise SourceError("auth_invalid", detail=f"{path}: status {answer.status}: {answer.text[:100]}")
    return answer


def _successful(answer: Answer) -> Answer:
    if answer.status != 200:
        raise SourceError("provider_changed", detail=f"status {answer.status}: {answer.text[:200]}")
    return answer


def _objects(found: Any) -> list[Mapping[str, Any]]:
    return [part(one, kind=dict) for one in part(found, kind=list)]
