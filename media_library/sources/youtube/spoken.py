"""The captions of YouTube's videos, which youtube-transcript-api reads without a key, and all that it raises."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any
from xml.etree.ElementTree import ParseError

from requests.adapters import BaseAdapter
from requests.models import PreparedRequest, Response
from requests.sessions import Session
from youtube_transcript_api import (
    AgeRestricted,
    CouldNotRetrieveTranscript,
    FailedToCreateConsentCookie,
    FetchedTranscript,
    InvalidVideoId,
    NoTranscriptFound,
    NotTranslatable,
    PoTokenRequired,
    RequestBlocked,
    Transcript,
    TranscriptsDisabled,
    TranslationLanguageNotAvailable,
    VideoUnavailable,
    VideoUnplayable,
    YouTubeRequestFailed,
    YouTubeTranscriptApi,
    YouTubeTranscriptApiException,
)

from core.fetch import FetchError
from media_library import captions
from media_library.captions import CaptionError, TimedText
from media_library.languages import language_tag
from media_library.sources.answers import unreached
from media_library.sources.choosing import preferred
from media_library.sources.errors import SourceError
from media_library.sources.protocol import Access, HostCaptions
from media_library.sources.youtube.addresses import WEB

SHOWN_SECONDS = 5.0  # at most, of a cue that does not say how long

_CODES: Mapping[type[Exception], str] = {
    RequestBlocked: "blocked_by_provider",  # and IpBlocked, which is one
    FailedToCreateConsentCookie: "blocked_by_provider",
    PoTokenRequired: "blocked_by_provider",
    AgeRestricted: "age_restricted",
    VideoUnavailable: "not_found",
    InvalidVideoId: "not_found",
    TranscriptsDisabled: "captions_absent",
    NoTranscriptFound: "captions_language_missing",
    NotTranslatable: "captions_language_missing",
    TranslationLanguageNotAvailable: "captions_language_missing",
}
#: What the library does not wrap: answers in another shape than it knows.
_UNKNOWN_SHAPES = (ParseError, LookupError, AttributeError, TypeError, ValueError)
#: Words of the sentences by which a video is refused, the surest first.
_REASONS = {
    "not a bot": "blocked_by_provider",
    "private": "private",
    "inappropriate": "age_restricted",
    "confirm your age": "age_restricted",
    "age-restricted": "age_restricted",
    "country": "region_blocked",
    "region": "region_blocked",
    "removed": "deleted",
    "terminated": "deleted",
    "deleted": "deleted",
    "no longer available": "deleted",
    "offline": "captions_absent",
    "live event": "captions_absent",
    "premiere": "captions_absent",
    "member": "login_required",
    "sign in": "login_required",
    "purchase": "login_required",
    "unavailable": "not_found",
}


def spoken(key: str, access: Access) -> HostCaptions:
    """What people wrote before what a machine heard, in a preferred language before any other. Raises SourceError."""
    with access.http.session() as session:
        try:
            session.mount(f"{WEB}/", Elsewhere(session, access))
            found = _wanted(list(YouTubeTranscriptApi(http_client=session).list(key)), access.languages).fetch()
        except FetchError as error:
            raise unreached(error) from error
        except (YouTubeTranscriptApiException, *_UNKNOWN_SHAPES) as error:
            raise SourceError(code_of(error), detail=_detail(error)) from error
    return HostCaptions(_cues(found), language_tag(found.language_code), found.is_generated)


def _wanted(tracks: Sequence[Transcript], languages: Sequence[str]) -> Transcript:
    language, is_generated = attrgetter("language_code"), attrgetter("is_generated")
    return preferred(tracks, languages, language=language, is_generated=is_generated)


def code_of(error: Exception) -> str:
    """Of our one list, for whatever the library raises, wrapped or not."""
    if isinstance(error, VideoUnplayable):
        return _code_of_reason(" ".join(filter(None, [error.reason, *error.sub_reasons])))
    if isinstance(error, YouTubeRequestFailed):
        return _code_of_status(error)
    return next((code for kind, code in _CODES.items() if isinstance(error, kind)), "provider_changed")


def _code_of_reason(reason: str) -> str:
    told = reason.lower()
    return next((code for words, code in _REASONS.items() if words in told), "provider_changed")


def _code_of_status(error: YouTubeRequestFailed) -> str:
    """The library keeps the status only in its sentence: `404 Client Error: …`."""
    status = str(error.reason)[:3]
    if status.startswith("5"):
        return "provider_5xx"
    return {"403": "blocked_by_provider", "404": "not_found", "410": "deleted"}.get(status, "provider_changed")


def _detail(error: Exception) -> str:
    """Short: the library's own sentences are advice for programmers."""
    told = getattr(error, "reason", None) or ("" if isinstance(error, CouldNotRetrieveTranscript) else error)
    return f"{type(error).__name__}: {told}"[:200]


def _cues(found: FetchedTranscript) -> Sequence[TimedText]:
    """The library resolves entities, twice as YouTube writes them: what looks like one now was said."""
    told = [TimedText(one.start, one.start + (one.duration or SHOWN_SECONDS), one.text) for one in found.snippets]
    try:
        return captions.tidy(told)
    except CaptionError as error:
        code = "captions_absent" if error.code == "captions_empty" else "provider_changed"
        raise SourceError(code, detail=error.code) from error


class Elsewhere(BaseAdapter):
    """The library knows one address: what is sent there goes to the one that the operator set.

    It leaves by the session's own adapter, so past its guard and within its limits: the library itself sets none.
    """

    def __init__(self, session: Session, access: Access) -> None:
        super().__init__()
        self.base = str(access.options["web_url"]).rstrip("/")
        self.inner = session.get_adapter(f"{self.base}/")

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        moved = request.copy()
        moved.url = self.base + (request.url or "").removeprefix(WEB)
        return self.inner.send(moved, *args, **options)

    def close(self) -> None:
        """It holds nothing: the session's own adapters do."""
