"""What no recording of one verb shows: how lessons are read, page after page, and how long an address opens."""

import time

import jwt
import pytest

from core.fetch import Fetcher, network_allowed
from media_library.sources import SOURCES, Access, Lesson, Reference, SourceError
from tests.sources.recording import options_at

WHOP = SOURCES["whop"]
B = "/api/v1"


@pytest.fixture
def access(stand_in):
    credentials = {"api_key": "key", "account_id": "biz_1"}
    http = Fetcher(trusted=frozenset({stand_in.origin}))
    return Access(http=http, options=options_at(WHOP, stand_in.origin), credentials=credentials)


def page(path, data, *, leads_to=None, **query):
    info = {"end_cursor": leads_to, "start_cursor": "c0", "has_next_page": leads_to is not None}
    return {"path": f"{B}{path}", "query": query, "json": {"data": data, "page_info": info}}


def item(key, **more):
    return {"id": key, "title": key.title(), "lesson_type": "video", "order": 1, "visibility": "visible", **more}


def lesson(key, **more):
    return {"path": f"{B}/course_lessons/{key}", "json": item(key, **more)}


VIDEO = {"asset_id": "a1", "playback_id": None, "signed_playback_id": "S1", "duration_seconds": 61, "status": "ready"}
CHAPTERS = [{"id": "chap_1", "title": "Start", "lessons": [{"id": "one"}, {"id": "two"}, "odd"]}, {"id": "chap_2"}]
SCHOOL = [
    page("/courses", [{"id": "c1", "title": "Tides"}], leads_to="next", account_id="biz_1"),
    page("/courses", [{"id": "c2", "title": "Boats"}], account_id="biz_1", after="next"),
    {"path": f"{B}/courses/c1", "json": {"id": "c1", "title": "Tides", "chapters": CHAPTERS}},
    {"path": f"{B}/courses/c2", "json": {"id": "c2", "title": "Boats", "chapters": None}},
    page("/course_lessons", [item("one"), item("hidden", visibility="hidden")], leads_to="more", course_id="c1"),
    page("/course_lessons", [item("two", lesson_type="pdf")], course_id="c1", after="more"),
    page("/course_lessons", [item("tube"), item("loom")], course_id="c2"),
    lesson("one", content="Hello", video_asset=VIDEO),
    lesson("tube", embed_type="youtube", embed_id="AAAAAAAAAA1"),
    lesson("loom", embed_type="loom", embed_id="0" * 32),
]


def test_lessons_are_read_over_all_pages_and_only_videos_one_by_one(stand_in, access):
    stand_in.play(SCHOOL)

    with network_allowed():
        found = list(WHOP.lessons(access))

    assert stand_in.strays == []
    assert found == [
        Lesson("one", "One", "Hello", "Tides", "Start", 1, "S1", "a1", None, 61.0),
        Lesson("hidden", "Hidden", "", "Tides", "", 1, is_visible=False),
        Lesson("two", "Two", "", "Tides", "Start", 1),
        Lesson("tube", "Tube", "", "Boats", "", 1, embedded=Reference("youtube", "AAAAAAAAAA1")),
        Lesson("loom", "Loom", "", "Boats", "", 1, embedded=Reference("loom", "0" * 32)),
    ]
    assert [asked for asked in stand_in.asked if "/course_lessons/" in asked] == [
        f"GET {B}/course_lessons/one",
        f"GET {B}/course_lessons/tube",
        f"GET {B}/course_lessons/loom",
    ]


def test_what_is_known_is_not_read_again(stand_in, access):
    stand_in.play(SCHOOL)

    with network_allowed():
        found = [one.key for one in WHOP.lessons(access, known={"one", "two"})]

    assert found == ["hidden", "tube", "loom"]
    assert f"GET {B}/course_lessons/one" not in stand_in.asked


def test_pause_is_taken_from_the_words(stand_in, access):
    words = {"error": {"type": "rate_limit_exceeded", "message": "Try again in 12 seconds."}}
    stand_in.play([{"path": f"{B}/courses", "status": 429, "json": words}])

    with network_allowed(), pytest.raises(SourceError) as error:
        list(WHOP.lessons(access))

    assert (error.value.code, error.value.delay) == ("rate_limited", 12.0)


def test_address_opens_as_long_as_its_token_says(stand_in, access):
    token = jwt.encode({"exp": int(time.time()) + 120}, "k" * 32)
    stand_in.play([lesson("one", video_asset={**VIDEO, "signed_video_playback_token": token})])

    with network_allowed():
        url, seconds = WHOP.playback_url(Reference("whop", "one"), access, facts={})

    assert url == f"{stand_in.origin}/S1.m3u8?token={token}"
    assert 115 < seconds <= 120
