"""Where a recording may be cut so that no word is."""

import math
import subprocess

import pytest

from media_library import ffmpeg
from media_library.ffmpeg import silences
from media_library.ffmpeg.pieces import Lengths, Piece, pieces_of, smaller, speech
from media_library.ffmpeg.silences import Volume, cut_piece, find_silences, read_silences, read_volume
from media_library.services.listening import TIMED, UNTIMED
from tests.media_library.conftest import FFMPEG

SHORT = Lengths(aim=30, limit=120, gap=3)


def ends(pieces: list[Piece]) -> list[tuple[float, float]]:
    return [(piece.start, piece.end) for piece in pieces]


def pauses(seconds: float, *, every: float, lasting: float = 1.0) -> list[tuple[float, float]]:
    """The last second of every so many."""
    return [(n * every - lasting, n * every) for n in range(1, int(seconds // every) + 1)]


def test_speech_is_what_lies_between_silences():
    assert speech([(0, 1), (4, 5), (9, 12)], within=(0, 10)) == [(1, 4), (5, 9)]


def test_speech_of_a_part():
    assert speech([(0, 1), (4, 5), (9, 12)], within=(4.5, 8)) == [(5, 8)]


def test_all_silence_has_no_pieces():
    assert pieces_of([(0, 60)], SHORT, within=(0, 60)) == []


def test_pieces_end_in_silences():
    silent = pauses(60, every=5)

    assert ends(pieces_of(silent, SHORT, within=(0, 60))) == [(0, 29.25), (29.75, 59.25)]


def test_long_silences_are_left_out():
    assert ends(pieces_of([(10, 20)], SHORT, within=(0, 30))) == [(0, 10.25), (19.75, 30)]


def test_nobody_is_cut_off_before_the_limit():
    assert ends(pieces_of([], SHORT, within=(0, 119))) == [(0, 119)]


def test_who_never_pauses_is_cut_in_the_middle():
    assert ends(pieces_of([], SHORT, within=(0, 150))) == [(0, 30), (30, 60), (60, 90), (90, 120), (120, 150)]


def test_clicks_are_no_speech():
    assert pieces_of([(0, 5), (5.1, 10)], SHORT, within=(0, 10)) == []


def test_short_words_are_long_enough_for_every_provider():
    [piece] = pieces_of([(0, 5), (5.2, 10)], SHORT, within=(0, 10))

    assert (piece.start, piece.end) == (4.75, 5.45)


@pytest.mark.parametrize("lengths", [TIMED, UNTIMED])
@pytest.mark.parametrize("every", [3, 7, 45, 400, 3000])
def test_pieces_of_a_long_recording_are_in_order_and_short_enough(lengths, every):
    silent = pauses(7200, every=every, lasting=0.4)

    pieces = pieces_of(silent, lengths, within=(0, 7200))

    assert max(piece.seconds for piece in pieces) <= lengths.limit + 0.5
    assert all(one.end <= other.start for one, other in zip(pieces, pieces[1:], strict=False))
    assert sum(piece.seconds for piece in pieces) >= 7200 - sum(end - start for start, end in silent)


def test_the_longest_piece_is_small_enough_for_every_provider():
    assert TIMED.limit * silences.BIT_RATE * 1000 / 8 < 25 * 1024 * 1024 / 2


def test_smaller_is_cut_at_silences():
    parts = smaller(Piece(0, 40), pauses(40, every=5))

    assert (len(parts) > 1, [round(one.end) % 5 for one in parts]) == (True, [4] * len(parts))


def test_what_is_tiny_cannot_be_made_smaller():
    assert smaller(Piece(0, 1.5), []) == []


def test_read_silences_closes_the_last_one():
    report = (
        "lavfi.silence_start=2.5\nframe:1\nlavfi.silence_end=4\nlavfi.silence_duration=1.5\nlavfi.silence_start=9\n"
    )

    assert read_silences(report, duration=12) == [(2.5, 4.0), (9.0, 12)]


@pytest.mark.parametrize(
    ("mean", "threshold"), [(-20.0, -40.0), (-45.0, -65.0), (-60.0, -75.0), (-5.0, -30.0), (-math.inf, -75.0)]
)
def test_silence_is_measured_by_the_recording_itself(mean, threshold):
    assert Volume(mean, -3.0).silence == threshold


def test_read_volume_refuses_other_words():
    with pytest.raises(ffmpeg.MediaError) as refused:
        read_volume("nothing")

    assert refused.value.code == "transcode_failed"


def test_a_real_recording_is_heard_and_cut(tmp_path):
    source = tmp_path / "talk.wav"
    tone = "aevalsrc='if(lt(mod(t,4),2.5),0.3*sin(440*2*PI*t),0)':d=12:s=48000"
    subprocess.run([FFMPEG, "-v", "error", "-nostdin", "-f", "lavfi", "-i", tone, "-ac", "2", str(source)], check=True)
    container = ffmpeg.sniff(source)
    [track] = ffmpeg.probe(source, container).audio
    target = tmp_path / "listening.flac"

    ended = ffmpeg.run(silences.listening_command(track, source, container, target), duration=12)
    found = find_silences(target, read_volume(ended.stderr), duration=12)
    sound = cut_piece(target, Piece(4.0, 6.5))

    assert [(round(start, 1), round(end, 1)) for start, end in found] == [(2.5, 4.0), (6.5, 8.0), (10.5, 12.0)]
    (tmp_path / "piece.mp3").write_bytes(sound)
    piece = ffmpeg.probe(tmp_path / "piece.mp3", ffmpeg.sniff(tmp_path / "piece.mp3"))
    assert (piece.audio[0].channels, piece.audio[0].sample_rate, piece.duration) == (
        1,
        16000,
        pytest.approx(2.5, abs=0.1),
    )


def test_digital_silence_is_all_silence(tmp_path):
    assert find_silences(tmp_path / "never_read.flac", Volume(-91.0, -91.0), duration=7) == [(0.0, 7)]
