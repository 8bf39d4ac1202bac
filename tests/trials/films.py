"""Films to be worked on, each with content of its own: the same content twice would be recognized."""

import os
import struct
import subprocess
from pathlib import Path

import imageio_ffmpeg


def make_film(path: Path, *, seconds: int, size: str = "640x360") -> Path:
    """A moving picture and a tone, with keyframes so far apart that it has to be encoded anew."""
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", f"testsrc2=s={size}:r=25", "-f", "lavfi",
        "-i", "sine", "-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-g", "250", "-c:a", "aac",
        str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True)
    return path


def variant(film: Path, number: int) -> Path:
    """The same film with an empty box of its own at the end, as MP4 allows."""
    path = film.with_name(f"{film.stem}-{number}.mp4")
    path.write_bytes(film.read_bytes() + struct.pack(">I4sQ", 16, b"free", number))
    return path


def padded(film: Path, size: int, *, name: str = "big.mp4") -> Path:
    """The film as `size` bytes, nearly all of them an empty box, which takes no room on the disk."""
    path = film.with_name(name)
    content = film.read_bytes()
    path.write_bytes(content + struct.pack(">I4sQ", 1, b"free", size - len(content)))
    os.truncate(path, size)
    return path
