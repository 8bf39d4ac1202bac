"""Subtitles in pieces: on one clock, whole or not at all, over one connection."""

from typing import Any

import pytest

from core.fetch import Fetcher, network_allowed
from media_library.captions import TimedText
from media_library.sources import Access, SourceError
from media_library.sources.hls import MOST_PIECES, Subtitles, read_length, read_master, read_subtitles

MASTER = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow.m3u8\n"
CUE = "00:00:01.000 --> 00:00:02.000\n"


def piece(words: str, ticks: Any = 900_000, timing: str = CUE) -> str:
    return f"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:{ticks}\n\n{timing}{words}\n"


@pytest.fixture
def read(stand_in):
    """The cues of these pieces of six seconds each; a turn to ask the host's API is taken for the list alone."""
    turns: list[int] = []
    playlist = "".join(f"#EXTINF:6,\n{n}.vtt\n" for n in range(2))

    def read(*pieces: str, playlist: str = f"#EXTM3U\n{playlist}#EXT-X-ENDLIST\n") -> list[TimedText]:
        told = [{"path": f"/{number}.vtt", "text": text} for number, text in enumerate(pieces)]
        stand_in.play([{"path": "/list.m3u8", "text": playlist}, {"path": "/master.m3u8", "text": MASTER}, *told])
        http = Fetcher(trusted=frozenset({stand_in.origin}), take_turn=lambda: turns.append(1))
        access = Access(http=http, options={})
        with network_allowed():
            return read_subtitles(access, Subtitles(f"{stand_in.origin}/list.m3u8", "en", is_generated=False))

    read.turns = turns
    return read


def refusal(read: Any, *pieces: str, **options: Any) -> str:
    with pytest.raises(SourceError) as refused:
        read(*pieces, **options)
    return refused.value.code


def test_pieces_are_told_on_the_clock_of_the_first(read):
    found = read(piece("one", 8_100_000), piece("two", 8_100_000 + 6 * 90_000))

    assert found == [TimedText(1, 2, "one"), TimedText(7, 8, "two")]
    assert len(read.turns) == 1


@pytest.mark.parametrize("ticks", [900_000 + 90 * 3600 * 90_000, 10**11, "9" * 500])
def test_a_piece_of_long_after_the_end_is_refused(read, ticks):
    assert refusal(read, piece("one"), piece("two", ticks)) == "provider_changed"


def test_words_of_long_after_the_end_are_refused(read):
    late = piece("two", timing="90:00:00.000 --> 90:00:01.000\n")

    assert refusal(read, piece("one"), late) == "provider_changed"


def test_more_pieces_than_any_recording_has_are_refused_before_one_is_asked_for(read, stand_in):
    many = "#EXTM3U\n" + "#EXTINF:4,\nno.vtt\n" * (MOST_PIECES + 1)

    assert (refusal(read, playlist=many), len(read.turns)) == ("provider_changed", 1)


def test_twelve_hours_of_pieces_are_allowed():
    assert MOST_PIECES * 4 >= 12 * 3600


def test_pieces_come_over_one_connection(read, stand_in, monkeypatch):
    opened: list[int] = []
    server = stand_in.server
    accept = server.get_request
    monkeypatch.setattr(server, "get_request", lambda: opened.append(1) or accept())

    read(piece("one"), piece("two"))

    assert len(opened) == 2  # of the list, and of all pieces


@pytest.mark.parametrize("seconds", ["9" * 400, "400000"])
def test_a_length_that_no_media_has_is_refused(stand_in, seconds):
    low = f"#EXTM3U\n#EXTINF:{seconds},\n0.ts\n#EXT-X-ENDLIST\n"
    stand_in.play([{"path": "/master.m3u8", "text": MASTER}, {"path": "/low.m3u8", "text": low}])
    access = Access(http=Fetcher(trusted=frozenset({stand_in.origin})), options={})

    with network_allowed(), pytest.raises(SourceError) as refused:
        read_length(access, read_master(access, f"{stand_in.origin}/master.m3u8"))

    assert refused.value.code == "provider_changed"
