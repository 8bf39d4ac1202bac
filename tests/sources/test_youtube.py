"""What recordings of YouTube cannot show: errors that no answer causes, clocks, and what a page gets."""

from datetime import UTC, datetime

import pytest
import youtube_transcript_api as library
from requests import HTTPError

from core.fetch import Fetcher, network_allowed
from media_library.sources import SOURCES, Access, Collection, Reference, SourceError
from media_library.sources.youtube import data_api
from media_library.sources.youtube.spoken import code_of

YOUTUBE = SOURCES["youtube"]
OPTIONS = {option.name: option.default for option in YOUTUBE.options}
ID = "AAAAAAAAAA1"


def kinds(base):
    return {base, *(kind for child in base.__subclasses__() for kind in kinds(child))}


#: All that the library raises, made as it makes it, and what we call it.
CODES = {
    library.YouTubeTranscriptApiException(): "provider_changed",
    library.CouldNotRetrieveTranscript(ID): "provider_changed",
    library.RequestBlocked(ID): "blocked_by_provider",
    library.IpBlocked(ID): "blocked_by_provider",
    library.PoTokenRequired(ID): "blocked_by_provider",
    library.FailedToCreateConsentCookie(ID): "blocked_by_provider",
    library.YouTubeDataUnparsable(ID): "provider_changed",
    library.YouTubeRequestFailed(ID, HTTPError("503 Server Error: Busy")): "provider_5xx",
    library.VideoUnplayable(ID, "This is a private video.", []): "private",
    library.VideoUnavailable(ID): "not_found",
    library.InvalidVideoId(ID): "not_found",
    library.AgeRestricted(ID): "age_restricted",
    library.TranscriptsDisabled(ID): "captions_absent",
    library.NoTranscriptFound(ID, ["en"], None): "captions_language_missing",
    library.NotTranslatable(ID): "captions_language_missing",
    library.TranslationLanguageNotAvailable(ID): "captions_language_missing",
    library.CookieError(): "provider_changed",
    library.CookieInvalid("c"): "provider_changed",
    library.CookiePathInvalid("c"): "provider_changed",
}


@pytest.mark.parametrize(("error", "code"), CODES.items(), ids=lambda one: type(one).__name__)
def test_an_error_of_the_library_has_its_code(error, code):
    assert code_of(error) == code


def test_no_error_of_the_library_is_forgotten():
    assert kinds(library.YouTubeTranscriptApiException) == {type(error) for error in CODES}


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 1, 15, 8, 0, tzinfo=UTC), 24),  # midnight there: the quota is full, the next one is tomorrow
        (datetime(2026, 1, 15, 7, 30, tzinfo=UTC), 0.5),
        (datetime(2026, 7, 15, 7, 0, tzinfo=UTC), 24),  # summer time
        (datetime(2026, 3, 8, 8, 0, tzinfo=UTC), 23),  # the night in which the clocks go forward
    ],
)
def test_quotas_are_full_again_at_midnight_in_california(now, hours):
    assert data_api.seconds_until_reset(now.timestamp()) == hours * 3600


def test_a_page_gets_what_the_player_needs():
    found = YOUTUBE.playback(Reference("youtube", ID), Access(Fetcher(), OPTIONS), facts={})

    assert found.player == "youtube"
    assert found.attributes == {
        "video": ID,
        "host": "https://www.youtube-nocookie.com",
        "script": "https://www.youtube.com/iframe_api",
    }
    assert found.policy == {
        "script-src": ["https://www.youtube.com"],
        "frame-src": ["https://www.youtube.com", "https://www.youtube-nocookie.com"],
        "img-src": ["https://i.ytimg.com"],
    }


def test_a_check_without_a_key_says_what_that_means():
    access = Access(Fetcher(), OPTIONS)

    [found] = YOUTUBE.check(access)

    assert (found.works, str(found.words)) == (None, "None: titles are read without one, lengths and lists are not.")


def test_a_list_without_a_key_says_what_is_needed():
    with pytest.raises(SourceError) as refusal:
        list(YOUTUBE.items(Collection("youtube", "PLabcdefghijklmnop"), Access(Fetcher(), OPTIONS)))

    assert refusal.value.message("YouTube").endswith(
        "Playlists and channels are listed only with an API key: please give one under Sources."
    )


def test_a_check_says_why_a_key_does_not_work(stand_in):
    refusal = {"status": 400, "json": {"error": {"message": "Bad", "errors": [{"reason": "keyInvalid"}]}}}
    stand_in.play([{"path": "/videos", **refusal}, {"path": "/playlistItems", "json": {"items": []}}])
    access = Access(
        Fetcher(trusted=frozenset({stand_in.origin})), {"api_url": stand_in.origin}, credentials={"api_key": "key"}
    )

    with network_allowed():
        videos, lists = YOUTUBE.check(access)

    assert (str(videos.what), videos.works) == ("Reads videos", False)
    assert str(videos.words).startswith("YouTube refused the credentials.")
    assert (str(lists.what), lists.works, lists.words) == ("Lists playlists", True, "")


def test_captions_go_by_the_operators_proxy(stand_in):
    """It gets the whole address, and it alone is connected to."""
    page = {"path": "/watch", "status": 404}
    stand_in.play([page])
    options = {**OPTIONS, "web_url": "http://youtube.test"}
    access = Access(Fetcher(proxy=stand_in.origin), options)

    with network_allowed(), pytest.raises(SourceError) as refusal:
        YOUTUBE.captions(Reference("youtube", ID), access)

    assert (refusal.value.code, stand_in.asked) == ("not_found", [f"GET http://youtube.test/watch?v={ID}"])
