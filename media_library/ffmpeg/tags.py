"""Title and chapters written into an MP3 as ID3v2.3 (frames CHAP and CTOC); its sound is copied as it is."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import ffmpeg

from .command import compile_command, open_source
from .sniff import Container

#: FFmpeg's own file of tags has these for itself.
SPECIAL = str.maketrans({sign: f"\\{sign}" for sign in "=;#\\\n"})
ID3_2_3 = 3  # the version that every app reads


def write_tags(target: Path, tags: dict[str, str], chapters: Sequence[tuple[float, str]], *, seconds: float) -> None:
    """The file of tags for `tags_command`: chapters begin at their second and end where the next one does.

    Those behind the end are left out.
    """
    begun = [(at, title) for at, title in chapters if at < seconds]
    lines = [";FFMETADATA1", *(f"{name}={_plain(value)}" for name, value in tags.items())]
    for (start, title), (end, _) in pairwise([*begun, (seconds, "")]):
        lines += _chapter(start, end, title)
    target.write_text("\n".join([*lines, ""]), encoding="utf-8")


def tags_command(source: Path, container: Container, tags: Path, target: Path) -> list[str]:
    """The FFmpeg arguments that copy an MP3 with the tags of `write_tags`, and no others."""
    options = {"c": "copy", "map_metadata": 1, "map_chapters": 1, "id3v2_version": ID3_2_3, "format": "mp3"}
    told = {"progress": "pipe:1", "nostats": None}
    sound = open_source(source, container)["a:0"]
    command = compile_command(ffmpeg.output(sound, f"file:{target}", **options, **told))
    behind = command.index("-i") + 2  # an input of no streams, which ffmpeg-python cannot describe
    return [*command[:behind], *_opened(tags), *command[behind:]]


def _opened(tags: Path) -> Iterator[str]:
    yield from ("-f", "ffmetadata", "-protocol_whitelist", "file,pipe", "-i", f"file:{tags}")


def _chapter(start: float, end: float, title: str) -> list[str]:
    times = [f"START={round(start * 1000)}", f"END={round(end * 1000)}"]
    return ["[CHAPTER]", "TIMEBASE=1/1000", *times, f"title={_plain(title)}"]


def _plain(text: str) -> str:
    return text.replace("\0", "").translate(SPECIAL)
