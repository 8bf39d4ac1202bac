"""What plays as it is, cut into segments without encoding its pictures: seconds of work for hours of film."""

from pathlib import Path
from typing import Any

import ffmpeg

from .command import CLEAN, compile_command, open_source
from .hls import hls_options
from .ladder import AUDIO_RATE, even_sounds
from .plan import COPIED, Ladder
from .sniff import Container


def remux_command(ladder: Ladder, source: Path, container: Container, folder: Path) -> list[str]:
    """The FFmpeg arguments that write the copied part of a ladder into an existing folder.

    Sound that cannot be copied is encoded, which takes a hundredth of its length.
    """
    opened = open_source(source, container)
    evened = even_sounds(opened, ladder)
    streams: list[Any] = []
    options: dict[str, Any] = {"c:v": "copy"}
    for number, sound in enumerate(ladder.sounds):
        is_copied = sound.made == COPIED
        streams.append(opened[str(sound.index)] if is_copied else evened[number])
        options |= {f"c:a:{number}": "copy"} if is_copied else encoded_sound(number)
    streams += [opened[str(ladder.video_index)] for _ in ladder.rungs]
    options |= hls_options(ladder, folder) | CLEAN | {"sn": None}
    return compile_command(ffmpeg.output(*streams, f"file:{folder}/%v.m3u8", **options))


def encoded_sound(number: int) -> dict[str, Any]:
    return {f"c:a:{number}": "aac", f"b:a:{number}": f"{AUDIO_RATE}k", f"ac:a:{number}": 2, f"ar:a:{number}": 48000}
