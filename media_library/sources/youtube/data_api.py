"""YouTube's Data API, for organizations that have a key: what it tells of videos, playlists and channels."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from media_library.sources.answers import asked, length_of, maybe, object_of, part
from media_library.sources.errors import SourceError
from media_library.sources.protocol import Access, Description

PAGE = 50
PARTS = "snippet,contentDetails,status"
_DURATION = re.compile(r"P(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,6})S)?)?")
_PACIFIC = ZoneInfo("America/Los_Angeles")
#: The titles of entries whose videos are gone; only they have no day of publication.
_GONE_TITLES = frozenset({"Deleted video", "Private video"})

_REASONS = {
    "quotaExceeded": "quota_exhausted",
    "dailyLimitExceeded": "quota_exhausted",
    "rateLimitExceeded": "rate_limited",
    "userRateLimitExceeded": "rate_limited",
    "playlistItemsNotAccessible": "private",
    "playlistNotFound": "not_found",
    "channelNotFound": "not_found",
    "videoNotFound": "not_found",
    "keyInvalid": "auth_invalid",
    "keyExpired": "auth_invalid",
}
_STATUSES = {401: "auth_invalid", 403: "auth_invalid", 404: "not_found"}


def described(key: str, access: Access) -> Description | None:
    """None for a video that is private, deleted or was never there: the API does not tell which. Raises SourceError."""
    found = part(_asked(access, "videos", part=PARTS, id=key), "items", kind=list)
    if not found:
        return None
    _refuse_unwatchable(found[0])
    return _description(found[0])


def listed(key: str, access: Access) -> Iterator[str]:
    """The ids of the videos of a playlist or channel, each once and in its order; not those that are gone."""
    found: set[str] = set()
    for page in _pages(key, access):
        entries = [entry for entry in page if not _is_gone(entry)]
        ids = dict.fromkeys(part(entry, "contentDetails", "videoId", kind=str) for entry in entries)
        yield from (one for one in ids if one not in found)
        found.update(ids)


def _pages(key: str, access: Access) -> Iterator[list[Any]]:
    """Raises SourceError, provider_changed, for a list that goes round in circles."""
    query = {"part": "snippet,contentDetails", "maxResults": str(PAGE), "playlistId": _playlist_of(key, access)}
    seen: set[str] = set()
    while True:
        told = _asked(access, "playlistItems", **query)
        yield part(told, "items", kind=list)
        if not (following := maybe(told, "nextPageToken", kind=str, default="")):
            return
        if following in seen:
            raise SourceError("provider_changed", detail=f"list {key}: page {following} comes again")
        seen.add(following)
        query["pageToken"] = following


def try_videos(access: Access) -> None:
    """Raises SourceError where this key reads no videos. What was asked for need not be there."""
    part(_asked(access, "videos", part="id", id="AAAAAAAAAAA"), "items", kind=list)


def try_lists(access: Access) -> None:
    """Raises SourceError where this key reads no playlists."""
    try:
        part(_asked(access, "playlistItems", part="id", playlistId="PL0000000000000000"), "items", kind=list)
    except SourceError as error:
        if error.code != "not_found":
            raise


def seconds_until_reset(now: float) -> float:
    """Quotas are full again at midnight in California. `now` in seconds since 1970."""
    here = datetime.fromtimestamp(now, _PACIFIC)
    midnight = datetime.combine(here.date() + timedelta(days=1), datetime.min.time(), _PACIFIC)
    return midnight.timestamp() - now


def seconds_of(duration: str) -> float | None:
    """Of ISO 8601 as the API writes it; None for `P0D`, which is on the air or still to come."""
    found = _DURATION.fullmatch(duration)
    if found is None:
        raise SourceError("provider_changed", detail=f"duration {duration[:40]}")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return length_of(float(days * 86400 + hours * 3600 + minutes * 60 + seconds))


def _asked(access: Access, what: str, **query: str) -> dict[str, Any]:
    url = f"{access.options['api_url']}/{what}"
    answer = asked(access, "GET", url, params={**query, "key": access.credentials["api_key"]})
    told = object_of(answer)
    if answer.status != 200:
        raise _refusal(answer.status, told)
    return told


def _refusal(status: int, told: Mapping[str, Any]) -> SourceError:
    message = maybe(told, "error", "message", kind=str, default="")
    errors: Sequence[Any] = maybe(told, "error", "errors", kind=list, default=[])
    reason = maybe(errors[0], "reason", kind=str, default="") if errors else ""
    code = _REASONS.get(reason) or _STATUSES.get(status, "provider_changed")
    if status == 400 and "api key" in message.lower():
        code = "auth_invalid"
    delay = seconds_until_reset(time.time()) if code == "quota_exhausted" else None
    return SourceError(code, delay=delay, detail=f"status {status} {reason}: {message[:200]}")


def _playlist_of(key: str, access: Access) -> str:
    """The uploads of a channel; a playlist is one itself."""
    by = {"UC": "id", "@": "forHandle", "user/": "forUsername"}
    name = next((name for prefix, name in by.items() if key.startswith(prefix)), None)
    if name is None:
        return key
    told = _asked(access, "channels", part="contentDetails", **{name: key.removeprefix("user/")})
    found = maybe(told, "items", kind=list, default=[])
    if not found:
        raise SourceError("not_found", detail=f"channel {key}")
    return part(found[0], "contentDetails", "relatedPlaylists", "uploads", kind=str)


def _is_gone(entry: Any) -> bool:
    published = maybe(entry, "contentDetails", "videoPublishedAt", kind=str, default="")
    return not published and part(entry, "snippet", "title", kind=str) in _GONE_TITLES


def _refuse_unwatchable(item: Any) -> None:
    rating = maybe(item, "contentDetails", "contentRating", "ytRating", kind=str, default="")
    regions = maybe(item, "contentDetails", "regionRestriction", kind=dict, default={})
    upload = maybe(item, "status", "uploadStatus", kind=str, default="")
    refusals = {
        "deleted": upload in ("deleted", "rejected", "failed"),
        "private": maybe(item, "status", "privacyStatus", kind=str, default="") == "private",
        "region_blocked": regions.get("allowed") == [],
        "age_restricted": rating == "ytAgeRestricted",
        "embed_disabled": not maybe(item, "status", "embeddable", kind=bool, default=True),
    }
    if code := next((code for code, holds in refusals.items() if holds), None):
        raise SourceError(code, detail=f"uploadStatus {upload}" if code == "deleted" else "")


def _description(item: Any) -> Description:
    snippet = part(item, "snippet", kind=dict)
    return Description(
        title=part(snippet, "title", kind=str),
        description=maybe(snippet, "description", kind=str, default=""),
        duration=seconds_of(part(item, "contentDetails", "duration", kind=str)),
        thumbnail_url=_largest(maybe(snippet, "thumbnails", kind=dict, default={})),
        author=maybe(snippet, "channelTitle", kind=str, default=""),
        author_key=maybe(snippet, "channelId", kind=str, default=""),
        facts=_facts(item),
    )


def _facts(item: Any) -> dict[str, Any]:
    """What else matters to creators: whether it is live or for children, and where it does not play."""
    live = maybe(item, "snippet", "liveBroadcastContent", kind=str, default="none")
    facts = {
        "live": "" if live == "none" else live,
        "language": maybe(item, "snippet", "defaultAudioLanguage", kind=str, default=""),
        "made_for_kids": maybe(item, "status", "madeForKids", kind=bool, default=False),
        "privacy": maybe(item, "status", "privacyStatus", kind=str, default=""),
        "blocked_in": maybe(item, "contentDetails", "regionRestriction", "blocked", kind=list, default=[]),
        "allowed_in": maybe(item, "contentDetails", "regionRestriction", "allowed", kind=list, default=[]),
    }
    return {name: value for name, value in facts.items() if value}


def _largest(thumbnails: Mapping[str, Any]) -> str:
    pictures = [(maybe(one, "width", kind=int, default=0), part(one, "url", kind=str)) for one in thumbnails.values()]
    return max(pictures, default=(0, ""))[1]
