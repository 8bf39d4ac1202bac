"""Vimeo: what is public by oEmbed; with the owner's token private videos, captions and the list of one's own videos."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.fetch import Answer, origin_of
from media_library.sources.addresses import Place, place_of
from media_library.sources.answers import asked, by_key_or_public, maybe, object_of, part, seconds
from media_library.sources.caption_files import cues_of
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

WEB = Option("web_base", "VIMEO_WEB_BASE", "https://vimeo.com", "Vimeo's pages, where oEmbed is.")
API = Option("api_base", "VIMEO_API_BASE", "https://api.vimeo.com", "Vimeo's API.")
PLAYER = Option("player_base", "VIMEO_PLAYER_BASE", "https://player.vimeo.com", "Where Vimeo's player is.")
PICTURES = "https://i.vimeocdn.com"
ACCEPTED = "application/vnd.vimeo.*+json;version=3.4"
FIELDS = "uri,name,description,duration,privacy,status,pictures,user"

_CONTEXTS = r"video|videos|manage/videos|channels/[^/]+|groups/[^/]+/videos|showcase/\d+/video|album/\d+/video"
_VIDEO = re.compile(rf"/(?:(?:{_CONTEXTS})/)?(\d{{5,}})(?:/([0-9a-f]{{8,}}))?(?:/.*)?")
_OWN_LIST = re.compile(r"/manage/videos/?")
#: Of the account behind the token: the only list there is.
OWN = "me"
_MANY = re.compile(r"/(?:event|showcase|album|ondemand|channels|groups|categories|user\d+)(?:/.*)?")
_PERSON = re.compile(r"/[A-Za-z][A-Za-z0-9_]{2,}/?")
_HASH = re.compile(r"[0-9a-f]{8,}")
_URI = re.compile(r"/videos/(\d{5,})(?::([0-9a-f]{8,}))?")

PAGE, MOST_PAGES = 100, 500
LOOK_AGAIN_SECONDS = 60.0  # after which what is being prepared is looked at again
EXPIRED = frozenset({403, 404, 410})  # what an address answers whose time is over
PREPARING = frozenset({"uploading", "transcode_starting", "transcoding"})
BROKEN = frozenset({"uploading_error", "transcoding_error", "unavailable"})
CLOSED = {"nobody": "private", "contacts": "private", "users": "private", "password": "login_required"}

ONE_VIDEO = _("This is no address of one video. Please open the video there and copy its own address.")
NEEDS_TOKEN = _("Its captions can be read with an access token of its owner: add one under Sources, or a file here.")
NOT_OWN = _("Only captions of the videos that belong to the account of the token can be read. Add them here as a file.")
NEEDS_SCOPE = _("Please make a token with the scopes public and private, and add it under Sources.")
OR_PRIVATE = _("Or it is private there. Please check the address, or let everybody with the link watch it.")
ALLOW_DOMAIN = _("Allow this site among the domains in its privacy settings there, or upload the file here.")


class Vimeo(Source):
    name = "vimeo"
    label = "Vimeo"
    key_field = "embed_id"
    options = (WEB, API, PLAYER)
    credentials = (
        Credential(
            "token", _("Access token"),
            help=_("Of an app at developer.vimeo.com, with the scopes public and private. It reads captions too."),
        ),
    )  # fmt: skip

    def recognize(self, address: str) -> Reference | Collection | None:
        place = place_of(address)
        if place is None or place.host not in ("vimeo.com", "www.vimeo.com", "player.vimeo.com"):
            return None
        if found := _VIDEO.fullmatch(place.path):
            return Reference("vimeo", found[1], found[2] or _hash(place))
        if _OWN_LIST.fullmatch(place.path):
            return Collection("vimeo", OWN)
        if _MANY.fullmatch(place.path) or _PERSON.fullmatch(place.path):
            raise NotOneVideo(ONE_VIDEO)
        return None

    def address(self, reference: Reference) -> str:
        return "/".join(filter(None, ("https://vimeo.com", reference.key, reference.secret)))

    def describe(self, reference: Reference, access: Access) -> Description:
        """By the API where the token's account owns it, else as everybody sees it."""
        return by_key_or_public(lambda: _own(reference, access), lambda: _shown(self.address(reference), access))

    def captions(self, reference: Reference, access: Access) -> HostCaptions:
        """A text track that is switched on, a person's before a machine's. The address of its file lives shortly."""
        if not access.credentials.get("token"):
            raise SourceError("captions_absent", hint=NEEDS_TOKEN)
        for _attempt in range(2):
            track = _track(reference, access)
            answer = asked(access, "GET", part(track, "link", kind=str))
            if answer.status not in EXPIRED:
                break
        return HostCaptions(cues_of(answer), language=_language(track), is_generated=_is_generated(track))

    def playback(self, reference: Reference, access: Access, *, facts: Mapping[str, Any]) -> Playback:
        player = origin_of(access.options[PLAYER.name])
        return Playback(
            player=self.name,
            attributes={"id": reference.key, "hash": reference.secret, "dnt": "1", "base": player},
            policy={"frame-src": (player,), "script-src": (player,), "img-src": (PICTURES,)},
        )

    def items(self, collection: Collection, access: Access) -> Iterator[Reference]:
        """The videos of the account behind the token, the newest first."""
        for page in range(1, MOST_PAGES + 1):
            told = _listed(access, page, size=PAGE)
            for one in part(told, "data", kind=list):
                yield _reference(part(one, "uri", kind=str))
            if not maybe(told, "paging", "next", kind=str, default=""):
                return

    def check(self, access: Access) -> Sequence[Check]:
        what = _("Reads your own videos and their captions")
        if not access.credentials.get("token"):
            return (Check(what, None, _("There is no access token: only what everybody sees works.")),)
        told = _listed(access, 1, size=1)
        words = _("The account has %(count)s videos.") % {"count": part(told, "total", kind=int)}
        return (Check(what, works=True, words=words),)


def _hash(place: Place) -> str:
    return place.query.get("h", "") if _HASH.fullmatch(place.query.get("h", "")) else ""


def _shown(address: str, access: Access) -> Description:
    """By oEmbed, asked from our own pages: a video may play on certain domains only."""
    url, headers = f"{access.base(WEB)}/api/oembed.json", {"Referer": f"{access.site}/"}
    answer = asked(access, "GET", url, params={"url": address}, headers=headers)
    if answer.status == 404:
        raise SourceError("not_found", hint=OR_PRIVATE)
    if answer.status == 403:
        raise SourceError("embed_disabled", detail="oEmbed: status 403")
    told = _object(answer, "oEmbed")
    if maybe(told, "domain_status_code", kind=int, default=200) == 403:
        raise SourceError("embed_disabled", detail="oEmbed: domain_status_code 403", hint=ALLOW_DOMAIN)
    return Description(
        title=part(told, "title", kind=str),
        description=maybe(told, "description", kind=str, default=""),
        duration=seconds(told, "duration"),
        thumbnail_url=maybe(told, "thumbnail_url", kind=str, default=""),
        author=maybe(told, "author_name", kind=str, default=""),
        author_key=_last(maybe(told, "author_url", kind=str, default="")),
    )


def _own(reference: Reference, access: Access) -> Description | None:
    """What the API tells of it; None without a token, and for what belongs to others."""
    if not access.credentials.get("token"):
        return None
    answer = _called(access, _path(reference), fields=FIELDS)
    return None if answer.status in (403, 404) else _described(_object(answer, "API"))


def _described(told: Mapping[str, Any]) -> Description:
    _refuse_unplayable(told)
    return Description(
        title=part(told, "name", kind=str),
        description=maybe(told, "description", kind=str, default=""),
        duration=seconds(told, "duration"),
        thumbnail_url=_picture(told),
        author=maybe(told, "user", "name", kind=str, default=""),
        author_key=_last(maybe(told, "user", "uri", kind=str, default="")),
    )


def _refuse_unplayable(told: Mapping[str, Any]) -> None:
    """Raises SourceError for what no player of ours would show. What nobody knows is no reason."""
    status = maybe(told, "status", kind=str, default="available")
    view = maybe(told, "privacy", "view", kind=str, default="")
    if status in PREPARING:
        raise SourceError("not_ready", delay=LOOK_AGAIN_SECONDS)
    if status in BROKEN:
        raise SourceError("unplayable", detail=status)
    if view in CLOSED:
        raise SourceError(CLOSED[view], detail=f"privacy.view: {view}")
    if maybe(told, "privacy", "embed", kind=str, default="") == "private":
        raise SourceError("embed_disabled", detail="privacy.embed: private")


def _track(reference: Reference, access: Access) -> Mapping[str, Any]:
    answer = _called(access, f"{_path(reference)}/texttracks")
    if answer.status in (403, 404):
        raise SourceError("captions_absent", detail=f"texttracks: status {answer.status}", hint=NOT_OWN)
    tracks = [track for track in part(_object(answer, "API"), "data", kind=list) if _is_active(track)]
    return preferred(tracks, access.languages, language=_language, is_generated=_is_generated)


def _is_active(track: Any) -> bool:
    """Those that are switched off are drafts, or were found wanting."""
    return maybe(track, "active", kind=bool, default=False) and bool(maybe(track, "link", kind=str, default=""))


def _language(track: Any) -> str:
    """`en` of `en-x-autogen`: what follows an x is private to the host."""
    return maybe(track, "language", kind=str, default="").partition("-x-")[0]


def _is_generated(track: Any) -> bool:
    return "-x-autogen" in maybe(track, "language", kind=str, default="")


def _called(access: Access, path: str, **params: str) -> Answer:
    """Raises SourceError: auth_invalid, and what `asked` raises. Any other status is an answer."""
    headers = {"Authorization": f"bearer {access.credentials.get('token', '')}", "Accept": ACCEPTED}
    answer = asked(access, "GET", access.base(API) + path, params=params, headers=headers)
    if answer.status == 401:
        raise SourceError("auth_invalid", detail=f"{path}: status 401")
    return answer


def _object(answer: Answer, what: str) -> dict[str, Any]:
    if answer.status != 200:
        raise SourceError("provider_changed", detail=f"{what}: status {answer.status}: {answer.text[:200]}")
    return object_of(answer)


def _listed(access: Access, page: int, *, size: int) -> dict[str, Any]:
    """One page of the account's own videos."""
    answer = _called(access, "/me/videos", page=str(page), per_page=str(size), fields="uri")
    if answer.status == 403:
        raise SourceError("auth_invalid", detail="/me/videos: status 403", hint=NEEDS_SCOPE)
    return _object(answer, "API")


def _path(reference: Reference) -> str:
    return f"/videos/{reference.key}:{reference.secret}" if reference.secret else f"/videos/{reference.key}"


def _reference(uri: str) -> Reference:
    found = _URI.fullmatch(uri)
    if found is None:
        raise SourceError("provider_changed", detail=f"uri: {uri:.80}")
    return Reference("vimeo", found[1], found[2] or "")


def _picture(told: Mapping[str, Any]) -> str:
    """The largest there is."""
    sizes = maybe(told, "pictures", "sizes", kind=list, default=[])
    links = [link for one in sizes if (link := maybe(one, "link", kind=str, default=""))]
    return links[-1] if links else ""


def _last(path: str) -> str:
    """`user123` of `/users/user123`."""
    return path.rstrip("/").rpartition("/")[2]
