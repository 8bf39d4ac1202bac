"""The master playlist (RFC 8216): what a player chooses from, with figures that were measured."""

from pathlib import Path

from media_library.languages import UNKNOWN, language_name, language_tag

from .plan import Ladder, Rung, Sound
from .verify import Encoded, Written

MASTER = "master.m3u8"
GROUP = "audio"


def write_master(folder: Path, ladder: Ladder, encoded: Encoded) -> int:
    """Write it for all rungs and sounds of a ladder; answers its size in bytes."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if ladder.rungs:
        lines += [describe_sound(sound, is_first=sound is ladder.sounds[0]) for sound in ladder.sounds]
        for rung, written in zip(ladder.rungs, encoded.rungs, strict=True):
            lines += [describe_rung(rung, written, ladder, encoded), f"{rung.name}.m3u8"]
    else:
        loudest = encoded.sounds[0]
        rates = f"BANDWIDTH={loudest.peak},AVERAGE-BANDWIDTH={loudest.average}"
        lines += [f'#EXT-X-STREAM-INF:{rates},CODECS="{loudest.codec}"', f"{loudest.name}.m3u8"]
    return (folder / MASTER).write_text("\n".join(lines) + "\n")


def describe_sound(sound: Sound, *, is_first: bool) -> str:
    """Players start with the first one; people choose another."""
    tag = "" if sound.language in UNKNOWN else language_tag(sound.language)
    name = tame(sound.title) or (language_name(tag) if tag else "Sound")
    chosen = "DEFAULT=YES,AUTOSELECT=YES" if is_first else "DEFAULT=NO,AUTOSELECT=YES"
    language = f',LANGUAGE="{tag}"' if tag else ""
    numbered = name if is_first else f"{name} ({sound.name.removeprefix('audio')})"
    return (
        f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{GROUP}",NAME="{numbered}"{language},{chosen},'
        f'CHANNELS="2",URI="{sound.name}.m3u8"'
    )


def tame(title: str) -> str:
    """A track's title as a creator's program wrote it: a quote or a line break would end the attribute."""
    return "".join(letter for letter in title if letter.isprintable() and letter != '"').strip()


def describe_rung(rung: Rung, written: Written, ladder: Ladder, encoded: Encoded) -> str:
    sounds = encoded.sounds
    peak = written.peak + max((sound.peak for sound in sounds), default=0)
    average = written.average + max((sound.average for sound in sounds), default=0)
    codecs = ",".join([written.codec, *sorted({sound.codec for sound in sounds})])
    group = f',AUDIO="{GROUP}"' if sounds else ""
    return (
        f"#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average},RESOLUTION={rung.width}x{rung.height},"
        f'FRAME-RATE={float(ladder.fps):.3f},CODECS="{codecs}"{group}'
    )
