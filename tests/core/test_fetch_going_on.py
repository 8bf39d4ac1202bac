"""A file that came in part goes on where it broke off, if it still is the same one."""

import fcntl
import json

import pytest

from core.fetch import Fetcher, FetchError, forget_part, network_allowed
from core.fetch.session import CHUNK
from tests.core.internet import Listener, led_to, page

DATES = {"Last_Modified": "Fri, 20 Nov 2026 08:00:00 GMT", "Date": "Fri, 20 Nov 2026 08:02:00 GMT"}
TAG = {"ETag": '"one"'}


@pytest.fixture
def listener():
    found = Listener()
    yield found
    found.close()


@pytest.fixture
def there():
    found = Listener()
    yield found
    found.close()


def cut(letters, **headers):
    """As much of ten pieces, then the line breaks; each letter stands for one."""
    return [page(bytes(10 * CHUNK), **headers)[0], pieces(letters)]


def pieces(letters):
    return b"".join(letters[at : at + 1] * CHUNK for at in range(len(letters)))


def rest(letters, *, of=10, at=None, **headers):
    begins = (of - len(letters) if at is None else at) * CHUNK
    told = f"bytes {begins}-{begins + len(letters) * CHUNK - 1}/{of * CHUNK}"
    return page(pieces(letters), "206 Partial Content", **{"Content_Range": told, **headers})


@pytest.fixture
def fetch(listener, there, tmp_path):
    """Answers what came of it: the content, or the code; and which bytes were asked for."""

    def act(parts, *, most=10, path="/"):
        listener.answer(path, parts)
        fetcher = Fetcher(trusted=frozenset({listener.origin, there.origin}), seconds=0.5)
        file = tmp_path / "file"
        begun = len(listener.heads)
        try:
            with network_allowed():
                fetcher.download(
                    f"{listener.origin}{path}", file, most_bytes=most * CHUNK, should_stop=lambda: False, goes_on=True
                )
            told = file.read_bytes()[::CHUNK]
        except FetchError as error:
            told = error.code
        asked = [line for head in listener.heads[begun:] for line in head.split("\r\n") if "ange" in line]
        return told, asked

    return act


@pytest.mark.parametrize(
    ("headers", "validator"), [(TAG, '"one"'), (DATES, DATES["Last_Modified"])], ids=["tag", "date"]
)
def test_it_goes_on_with_what_its_host_still_has(fetch, headers, validator, listener):
    broken = fetch(cut(b"abcd", **headers))
    whole = fetch(rest(b"efghij", **headers))

    assert broken == ("network", [])
    assert whole == (b"abcdefghij", [f"Range: bytes={4 * CHUNK}-", f"If-Range: {validator}"])


def test_it_goes_on_again_and_again_and_knows_when_it_is_whole(fetch):
    fetch(cut(b"ab", **TAG))
    fetch([rest(bytes(8), **TAG)[0], pieces(b"cde")])
    third = fetch(rest(b"fghij"))
    whole = fetch(page(b"", "416 Range Not Satisfiable", Content_Range=f"bytes */{10 * CHUNK}"))

    assert third == (b"abcdefghij", [f"Range: bytes={5 * CHUNK}-", 'If-Range: "one"'])
    assert whole == (b"abcdefghij", [f"Range: bytes={10 * CHUNK}-", 'If-Range: "one"'])


def test_it_begins_anew_where_the_file_is_another_one_by_now(fetch):
    fetch(cut(b"abcdefgh", ETag='"one"'))

    assert fetch(page(pieces(b"other"), ETag='"two"'))[0] == b"other"
    assert fetch(page(b"", "416 Range Not Satisfiable", Content_Range="bytes */3"))[0] == "refused"


@pytest.mark.parametrize(
    "answer",
    [
        rest(b"xxxxxx", at=3, **TAG),
        rest(b"xxxxxx", ETag='"two"'),
        rest(b"xxxxxx", of=11, at=4, **TAG),
        rest(b"xxxxxx", Content_Range="all of it", **TAG),
    ],
    ids=["another byte", "another file", "too short", "no range"],
)
def test_a_part_that_does_not_fit_is_refused_and_the_next_time_begins_anew(fetch, answer):
    fetch(cut(b"abcd", **TAG))

    refused = fetch(answer)
    anew = fetch(page(pieces(b"abcdefghij")))

    assert (refused[0], anew) == ("network", (b"abcdefghij", []))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"ETag": 'W/"one"'},
        {**DATES, "Date": "Fri, 20 Nov 2026 08:00:30 GMT"},
        {**TAG, "Content_Encoding": "gzip"},
    ],
    ids=["nothing", "weak", "just now", "packed"],
)
def test_nothing_stays_of_what_no_host_could_go_on_with(fetch, headers, tmp_path):
    fetch(cut(b"abcd", **headers))

    assert list(tmp_path.iterdir()) == []


def test_it_is_no_larger_than_it_may_be_with_what_was_here_before(fetch):
    fetch(cut(b"abcd", **TAG))

    assert fetch(rest(b"efghij", **TAG), most=9)[0] == "too_large"


def test_what_came_from_another_address_is_not_gone_on_with(fetch):
    fetch(cut(b"abcd", **TAG))

    assert fetch(page(pieces(b"0123456789")), path="/other") == (b"0123456789", [])


def test_another_origin_hears_under_which_condition_it_goes_on(fetch, there):
    """Without it the rest of another file would be taken for that of this one."""
    there.answer("/", cut(b"abcd", **TAG))
    fetch(led_to(there.origin))
    there.answer("/", rest(b"efghij", **TAG))

    told, _asked = fetch(led_to(there.origin))

    conditions = [line for line in there.heads[1].split("\r\n") if "ange" in line]
    assert (told, conditions) == (b"abcdefghij", [f"Range: bytes={4 * CHUNK}-", 'If-Range: "one"'])


def test_half_a_note_begins_anew_and_what_is_forgotten_is_gone(fetch, tmp_path):
    fetch(cut(b"abcd", **TAG))
    note = tmp_path / "file.from"
    told = json.loads(note.read_text())
    note.write_text(json.dumps(told)[:9])

    anew = fetch(page(pieces(b"0123456789"), **TAG))
    forget_part(tmp_path / "file")

    assert (anew, list(tmp_path.iterdir())) == ((b"0123456789", []), [])


def test_two_processes_never_write_to_the_same_file(fetch, tmp_path):
    fetch(cut(b"abcd", **TAG))

    with (tmp_path / "file").open("r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        refused = fetch(rest(b"efghij", **TAG))

    assert (refused, (tmp_path / "file").read_bytes()) == (("network", []), pieces(b"abcd"))
    assert fetch(rest(b"efghij", **TAG))[0] == b"abcdefghij"
