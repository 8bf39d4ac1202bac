"""Sound made ready for speech recognition: one channel without loss, its silences, and pieces of it as small MP3."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import ffmpeg

from .child import Confinement, capture, never
from .command import CLEAN, compile_command, open_source
from .errors import MediaError
from .pieces import Piece, Span
from .probe import AudioStream
from .run import refuse_failure, time_limit_for
from .sniff import FLAC, Container

SAMPLE_RATE = 16_000  # Hz: all that models listen to
BIT_RATE = 48  # kilobits a second: 20 minutes are 7 MB
BYTES_A_SECOND = SAMPLE_RATE * 2  # at most, before it is packed
SHORTEST_SILENCE = 0.3  # seconds
BELOW_SPEECH = 20.0  # decibels under the average: speech with its own short pauses is the average
QUIETEST, LOUDEST = -75.0, -30.0  # dB: what may be called silence at all
NOTHING_HEARD = -60.0  # dB: a peak below that is no voice
MOST_BYTES = 25 * 1024 * 1024
MOST_REPORT_BYTES = 50_000_000
VOLUME = re.compile(r"(mean|max)_volume: (-?[0-9.]+|-inf) dB")
EDGE = re.compile(r"lavfi\.silence_(start|end)=([0-9.]+)")


@dataclass(frozen=True)
class Volume:
    """In decibels of full scale."""

    mean: float
    peak: float

    @property
    def is_silent(self) -> bool:
        return self.peak < NOTHING_HEARD

    @property
    def silence(self) -> float:
        """Below that nobody speaks in this recording, however quiet all of it is."""
        return min(max(self.mean - BELOW_SPEECH, QUIETEST), LOUDEST)


def listening_command(track: AudioStream, source: Path, container: Container, to: Path) -> list[str]:
    """The FFmpeg arguments that write a sound track as FLAC, from second 0 on; `read_volume` understands the run."""
    heard = open_source(source, container)[str(track.index)]
    heard = heard.filter("aresample", SAMPLE_RATE, **{"async": 1, "first_pts": 0})
    heard = heard.filter("aformat", channel_layouts="mono", sample_fmts="s16").filter("volumedetect")
    options = {"format": "flac", "c:a": "flac", "progress": "pipe:1", "nostats": None, **CLEAN}
    return compile_command(ffmpeg.output(heard, f"file:{to}", **options), log="info")


def read_volume(words: str) -> Volume:
    """From the last words of the run. Raises MediaError('transcode_failed') where they do not say."""
    told = {name: float(value) for name, value in VOLUME.findall(words)}
    if told.keys() != {"mean", "max"}:
        raise MediaError("transcode_failed", detail=f"no volume in: {words}")
    return Volume(told["mean"], told["max"])


def find_silences(
    sound: Path, volume: Volume, *, duration: float, should_stop: Callable[[], bool] = never
) -> list[Span]:
    """The pauses of 0.3 s and more of a file that `listening_command` wrote, in order; all of it where it is silent.

    Raises MediaError: cancelled, timed_out, transcode_failed.
    """
    if volume.is_silent:
        return [(0.0, duration)]
    heard = open_source(sound, FLAC).audio.filter("silencedetect", noise=f"{volume.silence}dB", d=SHORTEST_SILENCE)
    heard = heard.filter("ametadata", mode="print", file="-")
    argv = compile_command(ffmpeg.output(heard, "-", format="null"))
    ended, output = capture(
        argv, confinement=Confinement(file_size=0), time_limit=time_limit_for(duration), limit=MOST_REPORT_BYTES,
        should_stop=should_stop,
    )  # fmt: skip
    refuse_failure(ended)
    return read_silences(output.decode(errors="replace"), duration=duration)


def read_silences(report: str, *, duration: float) -> list[Span]:
    """From what was printed; a silence that has not ended lasts until the end."""
    silences: list[Span] = []
    begun: float | None = None
    for edge, value in EDGE.findall(report):
        if edge == "start":
            begun = float(value)
        elif begun is not None:
            silences.append((begun, float(value)))
            begun = None
    return silences if begun is None else [*silences, (begun, duration)]


def cut_piece(sound: Path, piece: Piece, *, should_stop: Callable[[], bool] = never) -> bytes:
    """That stretch as MP3, one channel of 16 kHz.

    Raises MediaError: cancelled, timed_out, transcode_failed.
    """
    heard = open_source(sound, FLAC, start=piece.start).audio
    options = {
        "t": f"{piece.seconds:.3f}", "format": "mp3", "c:a": "libmp3lame", "b:a": f"{BIT_RATE}k", "ar": SAMPLE_RATE,
        "ac": 1, "write_xing": 0, **CLEAN,
    }  # fmt: skip
    argv = compile_command(ffmpeg.output(heard, "pipe:1", **options))
    limit = time_limit_for(piece.seconds)
    ended, sound_bytes = capture(
        argv, confinement=Confinement(file_size=0), time_limit=limit, limit=MOST_BYTES, should_stop=should_stop
    )
    refuse_failure(ended)
    return sound_bytes
