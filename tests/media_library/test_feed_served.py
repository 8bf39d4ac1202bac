"""An enclosure over a real socket, from the server that the product runs on: what a player asks for is what it gets."""

from http.client import HTTPConnection

import pytest

from media_library.podcasts.keys import revoke_key
from tests.benchmarks.servers import served
from tests.media_library.listening import addresses, followed_by, private_show
from tests.media_library.shows import SOUND, episode_of, show_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.xdist_group("worker")]

SIZE = len(SOUND)


class Player:
    """Keeps one connection, as players do: an answer that is longer or shorter than it says spoils the next one."""

    def __init__(self, port):
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(self, path, *, method="GET", **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, path, headers={"Host": "localhost", "User-Agent": "Overcast/3.0", **named})
        answer = self.connection.getresponse()
        answer.body = answer.read()
        return answer


@pytest.fixture
def tides(scope):
    return private_show()


@pytest.fixture
def player(scope, tmp_path):
    with served("config.settings", tmp_path) as port:
        player = Player(port)
        yield player
        player.connection.close()


def told(answer, *names):
    return (answer.status, *(answer.headers[name] for name in names))


def heard_in_parts(player, path):
    """Ten ranges, the last ones first."""
    tenth = SIZE // 10
    starts = range(0, SIZE, tenth)
    answers = {
        start: player.ask(path, Range=f"bytes={start}-{start + tenth - 1}") for start in sorted(starts, reverse=True)
    }
    assert [told(answers[start], "Content-Range", "Content-Length") for start in starts] == [
        (206, f"bytes {start}-{start + tenth - 1}/{SIZE}", str(tenth)) for start in starts
    ]
    return b"".join(answers[start].body for start in starts)


def test_enclosure_is_served_as_players_ask_for_it(tides, bob, player):
    key, token = followed_by(tides.show, bob)
    path = addresses(token, tides.episode.pk)["mp3"]
    whole, head = player.ask(path), player.ask(path, method="HEAD")
    etag = whole.headers["ETag"]

    assert (whole.body == SOUND, heard_in_parts(player, path) == SOUND) == (True, True)
    assert (*told(head, "Content-Length", "Content-Type", "Accept-Ranges", "ETag"), head.body) == (
        200, str(SIZE), "audio/mpeg", "bytes", etag, b"",
    )  # fmt: skip

    end = player.ask(path, Range="bytes=-10")
    rest = player.ask(path, Range=f"bytes={SIZE - 5}-")
    assert (told(end, "Content-Range"), end.body) == ((206, f"bytes {SIZE - 10}-{SIZE - 1}/{SIZE}"), SOUND[-10:])
    assert (told(rest, "Content-Range"), rest.body) == ((206, f"bytes {SIZE - 5}-{SIZE - 1}/{SIZE}"), SOUND[-5:])

    same = player.ask(path, Range="bytes=5-9", If_Range=etag)
    other = player.ask(path, Range="bytes=5-9", If_Range='"another"')
    dated = player.ask(path, Range="bytes=5-9", If_Range="Fri, 20 Nov 2026 08:00:00 GMT")
    assert [(one.status, one.body) for one in (same, other, dated)] == [(206, SOUND[5:10]), (200, SOUND), (200, SOUND)]

    for asked in (f"bytes={SIZE}-", "bytes=-0"):
        beyond = player.ask(path, Range=asked)
        assert (told(beyond, "Content-Range"), beyond.body) == ((416, f"bytes */{SIZE}"), b"")
    part_of_head = player.ask(path, method="HEAD", Range="bytes=0-9")  # RFC 9110, 14.2: of GET only
    several, known = player.ask(path, Range="bytes=0-1,5-6"), player.ask(path, If_None_Match=etag)
    assert told(part_of_head, "Content-Length", "Content-Range") == (200, str(SIZE), None)
    assert [(one.status, one.body) for one in (several, known)] == [(200, SOUND), (304, b"")]

    revoke_key(key, by=bob)
    refused = [player.ask(path, Range="bytes=0-9").status, player.ask(path, method="HEAD").status]
    assert (refused, told(player.ask(path), "X-Robots-Tag")) == ([404, 404], (404, "noindex, nofollow"))


def test_public_feed_and_its_enclosure_are_served(player):
    show = show_of(slug="winds")
    path = f"/harbor/podcasts/winds/episodes/{episode_of(show).pk}.mp3"
    feed = player.ask("/harbor/podcasts/winds/feed.xml")
    known = player.ask("/harbor/podcasts/winds/feed.xml", If_None_Match=feed.headers["ETag"])
    head = player.ask("/harbor/podcasts/winds/feed.xml", method="HEAD")

    assert heard_in_parts(player, path) == SOUND
    assert told(feed, "Content-Type", "Content-Length") == (
        200, "application/rss+xml; charset=utf-8", str(len(feed.body)),
    )  # fmt: skip
    assert [(one.status, one.body) for one in (known, head)] == [(304, b""), (200, b"")]
    assert head.headers["Content-Length"] == str(len(feed.body))
