"""Whop: the lessons of courses, whose videos lie in an environment of Mux that is Whop's own.

Nothing of it opens with an organization's own token there, but with one that a lesson brings along and that lasts a
while. It is asked for when it is needed, and never kept.
"""

import re
import time
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

import jwt
from django.utils.translation import gettext_lazy as _

from core.fetch import origin_of
from media_library.sources.addresses import place_of
from media_library.sources.answers import asked, maybe, object_of, objects_in, part, seconds
from media_library.sources.errors import NotOneVideo, SourceError
from media_library.sources.hls import preferred_subtitles, read_master, read_subtitles
from media_library.sources.mux.addresses import ALL_HOSTS, STREAMS
from media_library.sources.protocol import (
    Access,
    Check,
    Collection,
    Credential,
    Description,
    HostCaptions,
    Lesson,
    Option,
    Playback,
    Reference,
    Source,
)

API = Option("api_base", "WHOP_API_BASE", "https://api.whop.com/api/v1", "Whop's API.")
A_PAGE = "50"
MOST_PAGES = 1000
LOOK_AGAIN_SECONDS = 60.0
OPENS_FOR = 600.0  # seconds, of a token that does not say
OPENS_FOR_EVER = 6 * 3600.0  # without a token: asked again after that all the same
PLAYS_VIDEO = frozenset({"video", "multi"})
UNREADY = frozenset({"uploading", "created"})
CODES = {401: "auth_invalid", 402: "auth_invalid", 403: "auth_invalid", 404: "not_found"}
_HINT = _("Lessons come in all together: give an API key under Sources, then synchronize there.")


class Whop(Source):
    name = "whop"
    label = "Whop"
    key_field = "whop_lesson_id"
    stored_as = "mux"
    options = (API, STREAMS)
    credentials = (
        Credential("api_key", _("API key"), help=_("Dashboard → Developer; it needs the permission courses:read.")),
        Credential("account_id", _("Account ID"), help=_("It begins with biz_."), is_secret=False),
    )
    pace = (600, 60.0)
    has_lessons = True

    def recognize(self, address: str) -> Reference | Collection | None:
        """No address of a lesson says which video it holds. Raises NotOneVideo for all of them."""
        place = place_of(address)
        if place is not None and place.host in {"whop.com", "www.whop.com"}:
            raise NotOneVideo(_HINT)
        return None

    def address(self, reference: Reference) -> str:
        """Where people find it; no address of Whop's is known by the lesson alone."""
        return "https://whop.com/"

    def describe(self, reference: Reference, access: Access) -> Description:
        """Without its picture: that would need a token that lasts."""
        told = _lesson(reference.key, access)
        video = _video(told)
        return Description(
            title=part(told, "title", kind=str), description=maybe(told, "content", kind=str, default=""),
            duration=_duration(video), asset_key=maybe(video, "asset_id", kind=str, default=""),
            is_audio=maybe(video, "audio_only", kind=bool, default=False),
            facts={"duration": _duration(video)},
        )  # fmt: skip

    def captions(self, reference: Reference, access: Access) -> HostCaptions:
        """The subtitles that its stream carries. Its sound alone is not to be had: speech is not recognized."""
        url, _seconds = self.playback_url(reference, access, facts={})
        track = preferred_subtitles(read_master(access, url), access.languages)
        return HostCaptions(read_subtitles(access, track), track.language, is_generated=track.is_generated)

    def playback(self, reference: Reference, access: Access, *, facts: Mapping[str, Any]) -> Playback:
        origins = (ALL_HOSTS, origin_of(access.base(STREAMS)))
        return Playback(
            player="",
            policy=dict.fromkeys(("connect-src", "media-src"), origins),
            opens_for=OPENS_FOR,
            is_asked_for=True,
        )

    def playback_url(self, reference: Reference, access: Access, *, facts: Mapping[str, Any]) -> tuple[str, float]:
        video = _video(_lesson(reference.key, access))
        stream = access.base(STREAMS)
        if public := maybe(video, "playback_id", kind=str, default=""):
            return f"{stream}/{public}.m3u8", OPENS_FOR_EVER
        key = part(video, "signed_playback_id", kind=str)
        token = part(video, "signed_video_playback_token", kind=str)
        return f"{stream}/{key}.m3u8?token={token}", _seconds_left(token)

    def lessons(self, access: Access, *, known: Container[str] = ()) -> Iterator[Lesson]:
        account = {"account_id": access.credentials.get("account_id", "")}
        for course in _listed(access, "/courses", account):
            course_key = part(course, "id", kind=str)
            chapters = _chapters(course_key, access)
            for item in _listed(access, "/course_lessons", {"course_id": course_key}):
                if part(item, "id", kind=str) not in known:
                    yield _read(item, access, course=maybe(course, "title", kind=str, default=""), chapters=chapters)

    def check(self, access: Access) -> Sequence[Check]:
        what = _("Reads the courses")
        if not access.credentials.get("api_key") or not access.credentials.get("account_id"):
            return (Check(what, works=False, words=_("Both the API key and the account ID are needed.")),)
        try:
            found = _got(access, "/courses", {"account_id": access.credentials["account_id"], "first": "1"})
        except SourceError as error:
            if error.code not in CODES.values():
                raise
            return (Check(what, works=False, words=error.message(self.label)),)
        part(found, "data", kind=list)
        return (Check(what, works=True),)


def _lesson(key: str, access: Access) -> dict[str, Any]:
    if not re.fullmatch(r"\w{1,100}", key):
        raise SourceError("not_found")
    return _got(access, f"/course_lessons/{key}", {})


def _video(told: Mapping[str, Any]) -> dict[str, Any]:
    """Of a lesson. Raises SourceError: deleted where it has none any more, not_ready."""
    video = maybe(told, "video_asset", kind=dict, default={})
    if not video:
        raise SourceError("deleted", detail="the lesson has no video")
    if video.get("status") in UNREADY:
        raise SourceError("not_ready", delay=LOOK_AGAIN_SECONDS)
    return video


def _read(item: Mapping[str, Any], access: Access, *, course: str, chapters: Mapping[str, str]) -> Lesson:
    """What a list tells is enough for what shows no video, or shows it to nobody."""
    key = part(item, "id", kind=str)
    is_visible = item.get("visibility") != "hidden"
    is_wanted = is_visible and maybe(item, "lesson_type", kind=str, default="video") in PLAYS_VIDEO
    told: Mapping[str, Any] = item
    if is_wanted:
        told = _lesson(key, access)
    video = maybe(told, "video_asset", kind=dict, default={})
    return Lesson(
        key=key, title=maybe(told, "title", kind=str, default=""),
        description=maybe(told, "content", kind=str, default=""), course=course, chapter=chapters.get(key, ""),
        order=maybe(told, "order", kind=int, default=0), playback_key=_playback_key(video),
        asset_key=maybe(video, "asset_id", kind=str, default=""), embedded=_embedded(told),
        duration=_duration(video), is_visible=is_visible, is_ready=video.get("status") not in UNREADY,
    )  # fmt: skip


def _embedded(told: Mapping[str, Any]) -> Reference | None:
    """A video of another host, by the name and the key that are told of it."""
    source, key = (maybe(told, name, kind=str, default="") for name in ("embed_type", "embed_id"))
    return Reference(source, key) if source and key else None


def _playback_key(video: Mapping[str, Any]) -> str:
    public = maybe(video, "playback_id", kind=str, default="")
    return public or maybe(video, "signed_playback_id", kind=str, default="")


def _duration(video: Mapping[str, Any]) -> float | None:
    return seconds(video, "duration_seconds")


def _chapters(course_key: str, access: Access) -> dict[str, str]:
    """Lesson → title of the chapter it stands in."""
    course = _got(access, f"/courses/{course_key}", {})
    return {
        lesson["id"]: maybe(chapter, "title", kind=str, default="")
        for chapter in objects_in(maybe(course, "chapters", kind=list, default=[]))
        for lesson in objects_in(maybe(chapter, "lessons", kind=list, default=[]))
        if isinstance(lesson.get("id"), str)
    }


def _listed(access: Access, path: str, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """All entries of a list, page after page. Raises SourceError, provider_changed, for one that does not end."""
    after: dict[str, str] = {}
    for _number in range(MOST_PAGES):
        page = _got(access, path, {**query, "first": A_PAGE, **after})
        yield from objects_in(part(page, "data", kind=list))
        if not maybe(page, "page_info", "has_next_page", kind=bool, default=False):
            return
        after = {"after": part(page, "page_info", "end_cursor", kind=str)}
    raise SourceError("provider_changed", detail=f"{path}: more than {MOST_PAGES} pages")


def _got(access: Access, path: str, query: Mapping[str, str]) -> dict[str, Any]:
    """Raises SourceError."""
    headers = {"Authorization": f"Bearer {access.credentials.get('api_key', '')}"}
    answer = asked(access, "GET", access.base(API) + path, params=query, headers=headers)
    if answer.status in CODES:
        raise SourceError(CODES[answer.status], detail=f"{path}: status {answer.status}")
    if answer.status != 200:
        raise SourceError("provider_changed", detail=f"{path}: status {answer.status}")
    return object_of(answer)


def _seconds_left(token: str) -> float:
    """Until it opens nothing any more, as the token itself says. It is not ours to verify."""
    try:
        end = float(jwt.decode(token, options={"verify_signature": False})["exp"])
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError):
        return OPENS_FOR
    return max(end - time.time(), 1.0)
