"""Loom: what oEmbed tells; captions and the file only where the operator switched the unstable routes on.

Loom has no public API. The unstable routes are those of its own pages, without any contract: they may change or be
blocked any day, and the operator answers for using them.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext_lazy as _

from core.fetch import Answer, origin_of
from media_library.captions import TimedText, plain_text
from media_library.sources.addresses import place_of
from media_library.sources.answers import asked, maybe, object_of, part, seconds
from media_library.sources.caption_files import cues_of
from media_library.sources.errors import NotOneVideo, SourceError
from media_library.sources.protocol import (
    Access,
    Collection,
    Description,
    HostCaptions,
    HostFile,
    Option,
    Playback,
    Reference,
    Source,
    Tells,
)

WEB = Option("base", "LOOM_BASE", "https://www.loom.com", "Loom's pages, where oEmbed and the player are.")
PACE = Option("requests_an_hour", "LOOM_REQUESTS_AN_HOUR", 100, "How often Loom is asked at most.", kind=int)
UNSTABLE = Option(
    "unstable_routes", "LOOM_UNSTABLE_ROUTES", False,
    "Whether captions and files are fetched by routes of Loom's own pages, which have no contract.", kind=bool,
)  # fmt: skip
BUILD = Option("build", "LOOM_BUILD", "be851af", "Which build of Loom's pages the unstable routes ask as.")
PICTURES = "https://cdn.loom.com"
HOUR = 3600.0

_VIDEO = re.compile(r"/(?:share|embed)/(?:[A-Za-z0-9-]*-)?([0-9a-f]{32})(?:/.*)?")
_MANY = re.compile(r"/(?:share/folder|looms|spaces|my-videos)(?:/.*)?")
LAST_WORDS_SECONDS = 5.0  # of the last phrase nobody says how long it is

ONE_VIDEO = _("Loom does not let folders be read. Please paste the links of the single videos.")
OR_MISSING = _(
    "Or there is none at this address: Loom does not tell which. Let everybody with the link watch it, or upload the "
    "file here."
)
ADD_FILE = _("Add the captions here as a file (Loom lets its owner download a VTT), or upload the video itself.")
ALLOW_DOWNLOAD = _("Or its owner does not let it be downloaded: allow that there, or upload the file here.")
NO_FILE = _("Loom gives no file of it. Download it there, and upload it here.")

TRANSCRIPT = """query FetchVideoTranscript($videoId: ID!, $password: String) {
  fetchVideoTranscript(videoId: $videoId, password: $password) {
    __typename
    ... on VideoTranscriptDetails { id video_id source_url captions_source_url }
    ... on GenericError { message }
  }
}"""
VIDEO = """query GetVideoSSR($videoId: ID!, $password: String) {
  getVideo(id: $videoId, password: $password) {
    __typename
    ... on RegularUserVideo { id name download_enabled needs_password playable_duration }
    ... on PrivateVideo { id status message }
    ... on VideoPasswordMissingOrIncorrect { id message }
  }
}"""
#: What an answer is instead of what was asked for.
REFUSALS = {
    "PrivateVideo": "private",
    "VideoPasswordMissingOrIncorrect": "login_required",
    "GenericError": "captions_absent",
}


class Loom(Source):
    name = "loom"
    label = "Loom"
    key_field = "embed_id"
    options = (WEB, PACE, UNSTABLE, BUILD)
    tells = Tells.NOTHING
    pace = (PACE.default, HOUR)

    def pace_with(self, options: Mapping[str, Any]) -> tuple[int, float] | None:
        return options[PACE.name], HOUR

    def recognize(self, address: str) -> Reference | Collection | None:
        place = place_of(address)
        if place is None or place.host not in ("loom.com", "www.loom.com"):
            return None
        if found := _VIDEO.fullmatch(place.path):
            return Reference("loom", found[1])
        if _MANY.fullmatch(place.path):
            raise NotOneVideo(ONE_VIDEO)
        return None

    def address(self, reference: Reference) -> str:
        return f"https://www.loom.com/share/{reference.key}"

    def describe(self, reference: Reference, access: Access) -> Description:
        """Loom documents no status for private or missing ones: whatever is no answer is taken for that."""
        answer = asked(access, "GET", f"{access.base(WEB)}/v1/oembed", params={"url": self.address(reference)})
        told = _told(answer)
        return Description(
            title=part(told, "title", kind=str),
            duration=seconds(told, "duration"),
            thumbnail_url=maybe(told, "thumbnail_url", kind=str, default=""),
        )

    def captions(self, reference: Reference, access: Access) -> HostCaptions:
        if not self.offers_file(access):
            raise SourceError("captions_absent", hint=ADD_FILE)
        told = _asked_graph(reference, access, "FetchVideoTranscript", TRANSCRIPT)
        found = _node(told, "fetchVideoTranscript", wanted="VideoTranscriptDetails")
        if address := maybe(found, "captions_source_url", kind=str, default=""):
            cues = cues_of(asked(access, "GET", address))
        elif address := maybe(found, "source_url", kind=str, default=""):
            cues = _spoken(asked(access, "GET", address))
        else:
            raise SourceError("captions_absent", hint=ADD_FILE)
        return HostCaptions(cues, language=access.languages[0], is_generated=True)

    def playback(self, reference: Reference, access: Access, *, facts: Mapping[str, Any]) -> Playback:
        return Playback(
            player=self.name,
            attributes={"id": reference.key, "base": access.base(WEB)},
            policy={"frame-src": (origin_of(access.base(WEB)),), "img-src": (PICTURES,)},
        )

    def offers_file(self, access: Access) -> bool:
        return bool(access.options[UNSTABLE.name])

    def file(self, reference: Reference, access: Access) -> HostFile:
        """An MP4, where its owner lets it be downloaded. Raises SourceError: private, not_found, …"""
        if not self.offers_file(access):
            raise SourceError("not_found", hint=NO_FILE)
        told = _asked_graph(reference, access, "GetVideoSSR", VIDEO)
        found = _node(told, "getVideo", wanted="RegularUserVideo")
        if not part(found, "download_enabled", kind=bool):
            raise SourceError("private", detail="download_enabled: false", hint=ALLOW_DOWNLOAD)
        title = maybe(found, "name", kind=str, default="") or reference.key
        for route in ("transcoded-url", "raw-url"):
            if url := _signed(reference, access, route):
                return HostFile(url, f"{title[:200].replace('/', '-')}.mp4", size=_size(url, access))
        raise SourceError("not_found", detail="no file by transcoded-url or raw-url", hint=NO_FILE)


def _told(answer: Answer) -> dict[str, Any]:
    try:
        is_told = answer.status == 200 and isinstance(answer.json(), dict)
    except (ValueError, RecursionError):
        is_told = False
    if not is_told:
        raise SourceError("private", detail=f"oEmbed: status {answer.status}", hint=OR_MISSING)
    return object_of(answer)


def _asked_graph(reference: Reference, access: Access, operation: str, query: str) -> dict[str, Any]:
    """What stands in `data`. Raises SourceError."""
    build = str(access.options[BUILD.name])
    headers = {
        "x-loom-request-source": f"loom_web_{build}",
        "apollographql-client-name": "web",
        "apollographql-client-version": build,
        "graphql-operation-name": operation,
        "Origin": origin_of(access.base(WEB)),
    }
    variables = {"videoId": reference.key, "password": None}
    body = {"operationName": operation, "variables": variables, "query": query}
    answer = _answered(asked(access, "POST", f"{access.base(WEB)}/graphql", json=body, headers=headers))
    return part(object_of(answer), "data", kind=dict)


def _node(data: Mapping[str, Any], name: str, *, wanted: str) -> dict[str, Any]:
    found = part(data, name, kind=dict)
    kind = part(found, "__typename", kind=str)
    if kind in REFUSALS:
        detail = f"{kind}: {maybe(found, 'message', kind=str, default='')[:200]}"
        raise SourceError(REFUSALS[kind], detail=detail, hint=ADD_FILE if kind == "GenericError" else "")
    if kind != wanted:
        raise SourceError("provider_changed", detail=f"{name}: {kind:.80}")
    return found


def _spoken(answer: Answer) -> Sequence[TimedText]:
    """Phrases say only when they begin: each lasts until the next one."""
    phrases = [
        (part(one, "ts", kind=float), plain_text(part(one, "value", kind=str)))
        for one in part(object_of(_answered(answer)), "phrases", kind=list)
    ]
    phrases.sort(key=lambda phrase: phrase[0])
    if not any(text for _, text in phrases):
        raise SourceError("captions_absent", hint=ADD_FILE)
    ends = [*(later for _, (later, _) in pairwise(phrases)), phrases[-1][0] + LAST_WORDS_SECONDS]
    return [
        TimedText(start, end, text) for (start, text), end in zip(phrases, ends, strict=True) if text and end > start
    ]


def _signed(reference: Reference, access: Access, route: str) -> str:
    """An address that opens for a while; empty where Loom answers nothing."""
    url = f"{access.base(WEB)}/api/campaigns/sessions/{reference.key}/{route}"
    body = {"anonID": str(uuid4()), "deviceID": None, "force_original": False, "password": None}
    answer = asked(access, "POST", url, json=body, headers={"Origin": origin_of(access.base(WEB))})
    if answer.status in (204, 404) or (answer.status == 200 and not answer.content.strip()):
        return ""
    return part(object_of(_answered(answer)), "url", kind=str)


def _size(url: str, access: Access) -> int | None:
    """Bytes, where whoever keeps the file tells."""
    answer = asked(access, "HEAD", url)
    told = answer.headers.get("content-length", "") if answer.status == 200 else ""
    return int(told) if told.isdecimal() and int(told) > 0 else None


def _answered(answer: Answer) -> Answer:
    if answer.status != 200:
        raise SourceError("provider_changed", detail=f"status {answer.status}: {answer.text[:200]}")
    return answer
