"""One loudness for whatever is listened to: measured in a first pass, set in a second that writes MP3 and M4A at once.

The aim is what podcast platforms ask for (EBU R 128 at another level): -16 LUFS, true peak at most -1.5 dBTP, a range
of at most 11 LU. Where one gain for all of the recording reaches that, nothing else is done to it (`linear`).
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg

from .command import CLEAN, compile_command, open_source
from .errors import MediaError
from .probe import AudioStream, probe
from .sniff import Container, sniff

TARGET = -16.0  # LUFS
HIGHEST_PEAK = -1.5  # dBTP
WIDEST_RANGE = 11.0  # LU
NOTHING_HEARD = -70.0  # LUFS: the measure's absolute gate
SOUND_RATE = 128  # kilobits a second
SAMPLE_RATE = 48_000  # Hz; without it FFmpeg would keep the 192 kHz that its limiter works at
MP3, M4A = "sound.mp3", "sound.m4a"
SUMMARY = re.compile(r"(I|Threshold|LRA|Peak):\s+(-?inf|-?nan|-?[0-9.]+) (?:LUFS|LU|dBFS)")
STATISTICS = re.compile(r"\{[^{}]*\"normalization_type\"[^{}]*\}")


@dataclass(frozen=True)
class Loudness:
    """`integrated` and `threshold` (of the relative gate) in LUFS, `range` in LU, `true_peak` in dBTP."""

    integrated: float
    threshold: float
    range: float
    true_peak: float

    @property
    def is_measured(self) -> bool:
        """False for silence, and for less than the 0.4 s that the measure needs."""
        return self.integrated > NOTHING_HEARD


@dataclass(frozen=True)
class Normalization:
    """What was done, `linear`, `dynamic` or `none`, and what came of it: LUFS and dBTP, None where nothing was done."""

    type: str
    loudness: float | None = None
    true_peak: float | None = None


def measure_command(track: AudioStream, source: Path, container: Container) -> list[str]:
    """The FFmpeg arguments that measure a sound track; `read_loudness` understands the last words of the run.

    The `ebur128` filter gives the figures of a first pass of `loudnorm` in a quarter of the time.
    """
    heard = even_sound(open_source(source, container)[str(track.index)], track)
    heard = heard.filter("ebur128", peak="true", framelog="quiet", dualmono=int(track.channels == 1))
    options = {"format": "null", "vn": None, "sn": None, "dn": None, "progress": "pipe:1", "nostats": None}
    return compile_command(ffmpeg.output(heard, "-", **options), log="info")


def read_loudness(words: str) -> Loudness:
    """From the last words of a measuring run. Raises MediaError('transcode_failed') where they hold no summary."""
    _, found, summary = words.rpartition("Summary:")
    # Two thresholds are told; the first is that of the loudness, the second that of the range.
    values = dict(reversed(SUMMARY.findall(summary))) if found else {}
    if not {"I", "Threshold", "LRA", "Peak"} <= values.keys():
        raise MediaError("transcode_failed", detail=f"no loudness in: {words}")
    return Loudness(float(values["I"]), float(values["Threshold"]), float(values["LRA"]), float(values["Peak"]))


def sound_command(
    track: AudioStream, source: Path, container: Container, folder: Path, *, measured: Loudness
) -> list[str]:
    """The FFmpeg arguments that write sound.mp3 and sound.m4a into an existing folder, from one reading.

    What could not be measured is encoded as it is. `read_normalization` understands the last words of the run.
    """
    heard = even_sound(open_source(source, container)[str(track.index)], track)
    if measured.is_measured:
        heard = heard.filter("loudnorm", **normalizing(measured, is_mono=track.channels == 1))
        heard = heard.filter("aresample", SAMPLE_RATE)
    copies = heard.asplit()
    shared = {"b:a": f"{SOUND_RATE}k", "ar": SAMPLE_RATE, **CLEAN}
    told = {"progress": "pipe:1", "nostats": None}
    mp3 = ffmpeg.output(copies[0], f"file:{folder}/{MP3}", format="mp3", **{"c:a": "libmp3lame"}, **shared, **told)
    m4a = {"format": "ipod", "c:a": "aac", "movflags": "+faststart"}
    both = ffmpeg.merge_outputs(mp3, ffmpeg.output(copies[1], f"file:{folder}/{M4A}", **m4a, **shared))
    return compile_command(both, log="info")


def even_sound(track: Any, about: AudioStream) -> Any:
    """Mono or stereo at 48 kHz from second 0 on; gaps and a late start become silence, as in the film's own sound."""
    layout = "mono" if about.channels == 1 else "stereo"
    even = track.filter("aresample", SAMPLE_RATE, **{"async": 1, "first_pts": 0})
    return even.filter("aformat", channel_layouts=layout)


def normalizing(measured: Loudness, *, is_mono: bool) -> dict[str, Any]:
    """The options of `loudnorm`: it takes a range of 0 and a loudness from 0 LUFS on for “not measured”."""
    return {
        "I": TARGET,
        "TP": HIGHEST_PEAK,
        "LRA": WIDEST_RANGE,
        "measured_I": min(measured.integrated, 0.0),
        "measured_TP": max(measured.true_peak, -99.0),
        "measured_LRA": max(measured.range, 0.1),
        "measured_thresh": min(measured.threshold, 0.0),
        "linear": "true",
        "dual_mono": str(is_mono).lower(),
        "print_format": "json",
    }


def read_normalization(words: str, *, measured: Loudness) -> Normalization:
    """From the last words of a writing run. Raises MediaError('transcode_failed') where they do not say.

    A linear run tells the peak of the samples only, so the true one is worked out: it moved with everything else.
    """
    if not measured.is_measured:
        return Normalization("none")
    found = STATISTICS.findall(words)
    if not found:
        raise MediaError("transcode_failed", detail=f"no statistics in: {words}")
    told = json.loads(found[-1])
    kind, loudness, peak = told["normalization_type"], float(told["output_i"]), float(told["output_tp"])
    if kind == "linear":
        peak = measured.true_peak + TARGET - measured.integrated
    return Normalization(kind, round(loudness, 2), round(peak, 2))


def verify_sound(path: Path, *, duration: float) -> int:
    """The bytes of a written file that really holds `duration` seconds, within 1 s or 1 %.

    Raises MediaError('transcode_failed').
    """
    written = probe(path, sniff(path))
    if abs(written.duration - duration) > max(1.0, duration / 100):
        raise MediaError("transcode_failed", detail=f"{path.name}: {written.duration:.1f} s of {duration:.1f} s")
    return written.size
