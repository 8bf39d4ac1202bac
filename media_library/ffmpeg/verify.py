"""Whether an encoding really holds what it should: FFmpeg can end well and still have left half of a film out."""

from dataclasses import dataclass
from pathlib import Path

from .errors import MediaError
from .ladder import MASTER, Ladder, Rung


@dataclass(frozen=True)
class EncodedRung:
    """One written playlist with its segments; `duration` in seconds, `size` in bytes with playlist and segments."""

    name: str
    width: int
    height: int
    duration: float
    segments: int
    size: int


@dataclass(frozen=True)
class Encoded:
    """A complete encoding: bytes of all its files, its rungs largest first, its shared sound if it has any."""

    size: int
    rungs: tuple[EncodedRung, ...]
    audio: EncodedRung | None


def verify_ladder(folder: Path, ladder: Ladder) -> Encoded:
    """What was written, if all of the ladder was.

    Raises MediaError('transcode_failed') where a playlist or segment is missing or empty, a playlist has no end, is
    not within 1 s or 1 % of its source stream's length, or rungs differ in their number of segments.
    """
    rungs = tuple(read_rung(folder, rung, ladder.video_duration) for rung in ladder.rungs)
    sound = Rung("audio", 0, 0, 0)
    audio = read_rung(folder, sound, ladder.audio_duration) if ladder.audio_index is not None else None
    playlists = [*rungs, *([audio] if audio else [])]
    refuse_master_without(folder, playlists)
    if len({rung.segments for rung in rungs}) > 1:
        fail("rungs differ in segments: " + ", ".join(f"{rung.name} {rung.segments}" for rung in rungs))
    return Encoded(sum(path.stat().st_size for path in folder.iterdir()), rungs, audio)


def read_rung(folder: Path, rung: Rung, duration: float) -> EncodedRung:
    lines = read_playlist(folder / f"{rung.name}.m3u8")
    lengths = [float(line[8:].split(",")[0]) for line in lines if line.startswith("#EXTINF:")]
    segments = [line for line in lines if line and not line.startswith("#")]
    if "#EXT-X-ENDLIST" not in lines or not segments:
        fail(f"{rung.name}: the playlist has no end")
    if abs(sum(lengths) - duration) > max(1.0, duration / 100):
        fail(f"{rung.name}: {sum(lengths):.1f} s written of {duration:.1f} s")
    size = sum(file_size(folder / name) for name in [f"{rung.name}.m3u8", f"{rung.name}_init.mp4", *segments])
    return EncodedRung(rung.name, rung.width, rung.height, sum(lengths), len(segments), size)


def refuse_master_without(folder: Path, playlists: list[EncodedRung]) -> None:
    master = "\n".join(read_playlist(folder / MASTER))
    missing = [rung.name for rung in playlists if f"{rung.name}.m3u8" not in master]
    if missing:
        fail(f"{MASTER} does not name {', '.join(missing)}")


def read_playlist(path: Path) -> list[str]:
    file_size(path)
    return path.read_text().splitlines()


def file_size(path: Path) -> int:
    size = path.stat().st_size if path.is_file() else 0
    if size == 0:
        fail(f"{path.name} is missing or empty")
    return size


def fail(detail: str) -> None:
    raise MediaError("transcode_failed", detail=detail)
