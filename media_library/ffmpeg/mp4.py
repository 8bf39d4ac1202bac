"""One file for downloads and for players without streaming: put together from what was made, never encoded again."""

from pathlib import Path

import ffmpeg

from .boxes import read_tracks
from .child import GIB, Confinement
from .command import CLEAN, compile_command, open_source
from .errors import MediaError
from .plan import Ladder, Rung
from .sniff import Container
from .verify import Encoded, Written, file_size

MP4_FILE = "video.mp4"
OWN_PLAYLIST = Container("hls", "hls", "application/vnd.apple.mpegurl")
SLACK = 1.2


def mp4_command(folder: Path, rung: Rung, ladder: Ladder, target: Path) -> list[str]:
    """The FFmpeg arguments that write a rung and the first sound into one file, its table of contents in front.

    Each is an input of its own, whose first frame is taken for second 0: so they were cut.
    """
    streams = [open_source(folder / f"{rung.name}.m3u8", OWN_PLAYLIST)["v:0"]]
    if ladder.sounds:
        streams.append(open_source(folder / f"{ladder.sounds[0].name}.m3u8", OWN_PLAYLIST)["a:0"])
    options = {"format": "mp4", "c": "copy", "movflags": "+faststart", "progress": "pipe:1", "nostats": None}
    return compile_command(ffmpeg.output(*streams, f"file:{target}", **options, **CLEAN))


def mp4_confinement(written: Written, encoded: Encoded) -> Confinement:
    """A long film is larger than other results may be."""
    sound = encoded.sounds[0].size if encoded.sounds else 0
    return Confinement(file_size=GIB + int((written.size + sound) * SLACK))


def verify_mp4(path: Path, ladder: Ladder) -> int:
    """Its size in bytes. Raises MediaError('transcode_failed') where a stream is missing or not of its length."""
    size = file_size(path)
    expected = [("video", ladder.video_duration), *(("audio", sound.duration) for sound in ladder.sounds[:1])]
    tracks = read_tracks(path)
    for (kind, duration), track in zip(expected, tracks, strict=False):
        if track.kind != kind or abs(track.duration - duration) > max(1.0, duration / 100):
            raise MediaError("transcode_failed", detail=f"{path.name}: {track.kind}, {track.duration:.1f} s")
    if len(tracks) != len(expected):
        raise MediaError("transcode_failed", detail=f"{path.name}: {len(tracks)} tracks")
    return size
