"""What answers of hosts mean that mean the same everywhere."""

import time
from email.utils import formatdate

import pytest

from core.fetch import Answer, Fetcher, FetchError, network_allowed
from media_library.sources import Access, SourceError
from media_library.sources.answers import asked, json_of, maybe, part, pause_of, seconds, unreached

WRONG_KINDS = [({}, str), ({"a": None}, str), ({"a": 7}, str), ({"a": True}, int), ({"a": True}, float), ([], dict)]


def answer(content):
    return Answer(200, {}, content, "https://host.test/")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": " 7 "}, 7),
        ({"retry-after": "0"}, 1),
        ({"retry-after": "31536000"}, 86400),
        ({"retry-after": "", "x-ratelimit-reset": "30"}, 30),
        ({"x-ratelimit-reset": "2015-10-21T07:28:00+00:00"}, 1),
    ],
)
def test_a_pause_is_read_in_every_spelling(headers, seconds):
    assert pause_of(headers) == seconds


@pytest.mark.parametrize(
    "written",
    [
        lambda moment: formatdate(moment, usegmt=True),
        lambda moment: str(int(moment)),
        lambda moment: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment)),
    ],
    ids=["http", "epoch", "iso"],
)
def test_a_pause_until_a_time_ends_then(written):
    headers = {"x-ratelimit-reset": written(time.time() + 600)}

    assert 595 < pause_of(headers) <= 600


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"\xff\xfe", b"[" * 100_000, b'{"a": '])
def test_what_is_no_json_has_changed(content):
    with pytest.raises(SourceError) as refusal:
        json_of(answer(content))

    assert refusal.value.code == "provider_changed"


@pytest.mark.parametrize(("data", "kind"), WRONG_KINDS)
def test_a_part_of_another_kind_has_changed(data, kind):
    with pytest.raises(SourceError) as refusal:
        part(data, "a", kind=kind)

    assert refusal.value.code == "provider_changed"


def test_parts_are_what_they_are_asked_for():
    data = {"a": {"b": 7, "c": None}}

    assert part(data, "a", "b", kind=int) == 7
    assert repr(part(data, "a", "b", kind=float)) == "7.0"
    assert maybe(data, "a", "c", kind=str, default="none") == "none"
    assert maybe(data, "a", "b", "c", kind=str, default="none") == "none"


def test_json_comes_without_what_no_database_takes():
    content = rb'{"a\u0000": ["Tide\u0000\ud800!", {"b": "\u0000"}], "c": 7, "d": null}'

    assert json_of(answer(content)) == {"a": ["Tide!", {"b": ""}], "c": 7, "d": None}


@pytest.mark.parametrize("told", [{}, {"a": None}, {"a": 0}, {"a": 0.0}])
def test_a_length_that_nobody_tells_is_none(told):
    assert seconds(told, "a") is None


@pytest.mark.parametrize("told", [float("nan"), float("inf"), -5, 1e300, 10**400, 10**9, "61", True])
def test_what_no_recording_lasts_has_changed(told):
    with pytest.raises(SourceError) as refusal:
        seconds({"a": told}, "a")

    assert refusal.value.code == "provider_changed"


@pytest.mark.parametrize(
    ("code", "ours"),
    [("network", "network"), ("blocked_address", "provider_changed"), ("too_large", "provider_changed"),
     ("too_many_redirects", "provider_changed")],
)  # fmt: skip
def test_what_was_not_reached_has_a_code(code, ours):
    assert unreached(FetchError(code)).code == ours


def test_what_was_not_reached_tells_no_secret():
    error = unreached(FetchError("network", "no answer from /videos?key=a%2Fkey and a/key"), secrets=["a/key", ""])

    assert error.detail == "network: no answer from /videos?key=… and …"


def test_nobody_is_asked_in_front_of_a_page(stand_in):
    access = Access(Fetcher(trusted=frozenset({stand_in.origin})), {})
    stand_in.play([{"path": "/", "json": {}}])

    with pytest.raises(RuntimeError):
        asked(access, "GET", stand_in.origin + "/")

    assert stand_in.asked == []


def test_a_refusal_is_an_answer(stand_in):
    access = Access(Fetcher(trusted=frozenset({stand_in.origin})), {})
    stand_in.play([{"path": "/", "status": 418, "text": "tea"}])

    with network_allowed():
        found = asked(access, "GET", stand_in.origin + "/")

    assert (found.status, found.text) == (418, "tea")
