"""Nothing that a host sends takes more bytes or seconds than it may."""

import gzip
import socket
import threading
import time
import zlib

import pytest

from core.fetch import Fetcher, FetchError, network_allowed
from core.fetch.session import CHUNK
from tests.core.internet import Listener, certified, dripping, led_to, page

MEGABYTE = 1024 * 1024
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
BOMB = gzip.compress(bytes(50 * MEGABYTE), 1)
DOUBLE_BOMB = gzip.compress(BOMB)


@pytest.fixture
def listener():
    found = Listener()
    yield found
    found.close()


@pytest.fixture
def fetcher(listener):
    with network_allowed():
        yield Fetcher(trusted=frozenset({listener.origin}), seconds=0.3, most_seconds=0.6)


def code_of(act):
    began_at = time.monotonic()
    with pytest.raises(FetchError) as caught:
        act()
    assert time.monotonic() - began_at < 1.5
    return caught.value.code


@pytest.mark.parametrize(
    "head",
    [HEAD, b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"],
    ids=["body", "header", "status", "chunk"],
)
def test_a_host_that_drips_ends_in_time(head, listener, fetcher):
    listener.pages["/"] = lambda: dripping(head, every=0.05)

    assert code_of(lambda: fetcher.get(listener.origin)) == "network"


def test_a_host_that_drips_behind_tls_ends_in_time(tmp_path):
    context, authority = certified("localhost", tmp_path)
    listener = Listener(context)
    listener.pages["/"] = lambda: dripping(HEAD, every=0.05)
    origin = f"https://localhost:{listener.port}"
    session = Fetcher(trusted=frozenset({origin}), most_seconds=0.6).session()
    session.verify = str(authority)

    with network_allowed():
        code = code_of(lambda: session.get(origin))

    listener.close()
    assert code == "network"


@pytest.mark.parametrize("parts", [[5.0], [HEAD, 5.0]], ids=["head", "body"])
def test_a_host_that_says_nothing_is_given_up(parts, listener, fetcher):
    listener.answer("/", parts)

    assert code_of(lambda: fetcher.get(listener.origin)) == "network"


def test_redirects_share_one_time(listener, fetcher):
    for number in range(5):
        listener.answer(f"/{number}", [0.2, *led_to(f"/{number + 1}")])

    assert code_of(lambda: fetcher.get(f"{listener.origin}/0")) == "network"


def test_a_redirect_that_goes_on_talking_is_not_listened_to(listener, fetcher):
    head = b"HTTP/1.1 302 Found\r\nLocation: /end\r\nTransfer-Encoding: chunked\r\n\r\n"
    listener.pages["/start"] = lambda: dripping(head, every=0.05)

    answer = fetcher.get(f"{listener.origin}/start")

    assert answer.content == b"hello"


@pytest.mark.parametrize(
    "parts",
    [[b""], [b"garbage\r\n\r\n"], [HEAD, b"short"], [b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n"]],
    ids=["nothing", "garbage", "short", "headers"],
)
def test_what_is_no_answer_is_a_matter_of_the_network(parts, listener, fetcher):
    listener.answer("/", parts)

    assert code_of(lambda: fetcher.get(listener.origin)) == "network"


def test_a_body_of_exactly_the_most_is_taken(listener, fetcher):
    listener.answer("/", page(bytes(MEGABYTE)))

    assert len(fetcher.get(listener.origin, most_bytes=MEGABYTE).content) == MEGABYTE
    assert code_of(lambda: fetcher.get(listener.origin, most_bytes=MEGABYTE - 1)) == "too_large"


@pytest.mark.parametrize(
    ("body", "encoding"),
    [(BOMB, "gzip"), (DOUBLE_BOMB, "gzip, gzip"), (zlib.compress(bytes(50 * MEGABYTE), 1), "deflate")],
    ids=["gzip", "twice", "deflate"],
)
def test_a_bomb_is_not_unpacked(body, encoding, listener, fetcher):
    unpacked = []
    listener.answer("/", page(body, Content_Encoding=encoding))
    session = fetcher.session()

    with pytest.raises(FetchError) as caught, session.get(listener.origin, stream=True) as response:
        unpacked.extend(map(len, response.iter_content(CHUNK)))

    assert caught.value.code == "too_large"
    assert (max(unpacked, default=0) <= CHUNK, len(body) < MEGABYTE) == (True, True)
    assert code_of(lambda: fetcher.get(listener.origin)) == "too_large"


def test_compressed_pages_are_unpacked(listener, fetcher):
    listener.answer("/", page(gzip.compress(b"hello"), Content_Encoding="gzip"))

    assert fetcher.get(listener.origin).text == "hello"


def test_errors_quote_no_secret(listener, fetcher):
    listener.answer("/", [HEAD, 5.0])
    urls = [f"{listener.origin}/?key=secret", "http://127.0.0.1:9/?key=secret", "http://unknown.invalid/?key=secret"]
    told = []

    for url in urls:
        with pytest.raises(FetchError) as caught:
            fetcher.get(url, headers={"Authorization": "Bearer secret"})
        told.append(str(caught.value))

    assert [one for one in told if "secret" in one] == []


@pytest.mark.parametrize("value", ["a\r\nX-Own: b", "a\nb", "“quoted”"])
def test_a_header_that_cannot_be_sent_is_refused(value, listener, fetcher):
    assert code_of(lambda: fetcher.get(listener.origin, headers={"X-Api-Key": value})) == "blocked_address"


def test_a_download_goes_into_a_file(listener, fetcher, tmp_path):
    listener.answer("/", page(b"abc" * CHUNK))

    written = fetcher.download(listener.origin, tmp_path / "file", most_bytes=3 * CHUNK, should_stop=lambda: False)

    assert (written, (tmp_path / "file").read_bytes() == b"abc" * CHUNK) == (3 * CHUNK, True)


def test_a_download_may_take_longer_than_a_request(listener, fetcher, tmp_path):
    listener.answer("/", [*page(b"abc")[:1], b"a", 0.2, b"b", 0.2, b"c", 0.2, 0.2])

    written = fetcher.download(listener.origin, tmp_path / "file", most_bytes=3, should_stop=lambda: False)

    assert written == 3


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (page(bytes(10)), "too_large"),
        ([HEAD, b"1234"], "network"),
        ([HEAD, b"1234", 5.0], "network"),
        (page(b"", "404 Not Found"), "refused"),
        (page(b"", "206 Partial Content"), "refused"),
        (page(b"", "503 Busy"), "network"),
        (page(b"", "429 Slow down"), "network"),
        (led_to("http://127.0.0.1:9/"), "blocked_address"),
    ],
)
def test_a_download_that_fails_leaves_nothing(parts, code, listener, fetcher, tmp_path):
    file = tmp_path / "file"
    listener.answer("/", parts)

    told = code_of(lambda: fetcher.download(listener.origin, file, most_bytes=9, should_stop=lambda: False))

    assert (told, file.exists()) == (code, False)


def test_a_download_stops_when_told_so_even_while_nothing_comes(listener, tmp_path):
    listener.answer("/", [HEAD, b"1234", 5.0])
    began_at = time.monotonic()
    fetcher = Fetcher(trusted=frozenset({listener.origin}))

    with network_allowed():
        told = code_of(
            lambda: fetcher.download(
                listener.origin, tmp_path / "file", most_bytes=MEGABYTE,
                should_stop=lambda: time.monotonic() - began_at > 0.3,
            )
        )  # fmt: skip

    assert (told, list(tmp_path.iterdir())) == ("network", [])


def test_a_name_server_that_hangs_ends_in_time(monkeypatch):
    hangs = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: hangs.wait(5))

    with network_allowed():
        code = code_of(lambda: Fetcher(most_seconds=0.3).get("http://public.test/"))

    hangs.set()
    assert code == "network"


def test_who_answered_with_a_status_has_answered_however_slowly_the_rest_comes(listener, fetcher):
    listener.pages["/"] = lambda: dripping(HEAD, every=0.05)
    began_at = time.monotonic()

    answer = fetcher.tell(f"{listener.origin}/", b"{}", headers={"X-Own": "1"}, most_bytes=2048)

    assert (answer.status, len(answer.content) < 100) == (200, True)
    assert time.monotonic() - began_at < 1.5
    assert "X-Own: 1" in listener.heads[0]


def test_what_is_told_is_told_to_nobody_else(listener, fetcher):
    listener.answer("/", led_to(f"{listener.origin}/else", "307 Temporary Redirect"))

    answer = fetcher.tell(f"{listener.origin}/", b"{}", headers={}, most_bytes=2048)

    assert (answer.status, len(listener.heads)) == (307, 1)
