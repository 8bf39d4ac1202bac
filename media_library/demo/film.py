"""Joins slides, speech and cues of a talk into one MP4 with the embedded FFmpeg."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ffmpeg
import imageio_ffmpeg
from PIL import Image

from media_library.demo.speech import FRAME_RATE, Cue, Narration
from media_library.demo.talks import Talk

LINE_LENGTH = 42  # characters a subtitle line may have, as broadcasters do it
KEYFRAME_FRAMES = 5 * FRAME_RATE

# One thread and no version stamps: the same FFmpeg makes the same bytes again.
ENCODING: dict[str, Any] = {
    "c:v": "libx264",
    "profile:v": "high",
    "preset": "slow",
    "tune": "stillimage",
    "crf": 25,
    "g": KEYFRAME_FRAMES,
    "threads": 1,
    "color_primaries": "bt709",
    "color_trc": "bt709",
    "colorspace": "bt709",
    "c:a": "aac",
    "b:a": "64k",
    "ar": 48_000,
    "c:s": "mov_text",
    "metadata:s:a:0": "language=eng",
    "metadata:s:s:0": "language=eng",
    "disposition:s:0": "default",
    "movflags": "+faststart",
    "fflags": "+bitexact",
    "flags:v": "+bitexact",
    "flags:a": "+bitexact",
}


def make_film(talk: Talk, slides: Sequence[Image.Image], narration: Narration, *, folder: Path) -> None:
    """Write the film to `talk.path`; `folder` takes temporary files."""
    narration.write_wav(folder / "speech.wav")
    (folder / "cues.srt").write_text(as_subrip(narration.cues), encoding="utf-8")
    pictures = _write_pictures(slides, folder)
    graph = ffmpeg.output(
        _shown_in_turn(pictures, narration.slide_frames),
        _at_speaking_volume(folder / "speech.wav"),
        ffmpeg.input(str(folder / "cues.srt"))["s"],
        str(talk.path),
        **ENCODING,
        metadata=f"title={talk.title}",
    )
    command = ffmpeg.compile(graph, cmd=imageio_ffmpeg.get_ffmpeg_exe(), overwrite_output=True)
    subprocess.run([*command, "-nostdin", "-loglevel", "error"], check=True)


def as_subrip(cues: Sequence[Cue]) -> str:
    """The cues as a SubRip file, each in one or two lines of similar length."""
    blocks = [
        f"{number}\n{_clock(cue.start)} --> {_clock(cue.end)}\n{in_lines(cue.text)}\n"
        for number, cue in enumerate(cues, start=1)
    ]
    return "\n".join(blocks)


def in_lines(sentence: str) -> str:
    """A sentence in one line of at most 42 characters, or in two that are about as long as each other."""
    if len(sentence) <= LINE_LENGTH:
        return sentence
    breaks = [index for index, character in enumerate(sentence) if character == " "]
    middle = min(breaks, key=lambda index: abs(2 * index + 1 - len(sentence)))
    return f"{sentence[:middle]}\n{sentence[middle + 1 :]}"


def _write_pictures(slides: Sequence[Image.Image], folder: Path) -> list[Path]:
    paths = [folder / f"slide-{index}.png" for index in range(len(slides))]
    for slide, path in zip(slides, paths, strict=True):
        slide.save(path, compress_level=1)
    return paths


def _shown_in_turn(pictures: Sequence[Path], slide_frames: Sequence[int]) -> Any:
    shots = [
        ffmpeg.input(str(path), framerate=FRAME_RATE).filter("tpad", stop_mode="clone", stop=frames - 1)
        for path, frames in zip(pictures, slide_frames, strict=True)
    ]
    film = ffmpeg.concat(*shots, v=1, a=0)
    return film.filter("scale", out_color_matrix="bt709", out_range="tv").filter("format", "yuv420p")


def _at_speaking_volume(path: Path) -> Any:
    return ffmpeg.input(str(path)).audio.filter("loudnorm", I=-16, TP=-1.5, LRA=11)


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{rest:03}"
