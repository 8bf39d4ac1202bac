"""Speakers who are named before what they say, as in “MARA: Good evening”."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from media_library.captions.text import TimedText

# Up to three words that begin with a capital letter, behind the marks with which broadcasters begin a turn.
_PREFIX = re.compile(r"(?:>>+|[-–—])?\s*([^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,2})\s?:\s+(?=\S)")
_TIMES_EACH = 2  # whoever is named once may be a heading


def with_speakers(cues: Sequence[TimedText]) -> list[TimedText]:
    """The names taken out of the text, where the whole file is written so; any other file as it is."""
    names = [_name(cue) for cue in cues]
    counted = Counter(name for name in names if name)
    known = {name for name, count in counted.items() if count >= _TIMES_EACH}
    if not _is_consistent(cues, names, known):
        return list(cues)
    return [
        replace(cue, speaker=name, text=_PREFIX.sub("", cue.text, count=1)) if name in known else cue
        for name, cue in zip(names, cues, strict=True)
    ]


def _name(cue: TimedText) -> str:
    found = None if cue.speaker else _PREFIX.match(cue.text)
    name = found.group(1) if found else ""
    return name if all(word[0].isupper() for word in name.split()) else ""


def _is_consistent(cues: Sequence[TimedText], names: Sequence[str], known: set[str]) -> bool:
    """Two people at least, each named again, in capitals; or a name before at least half of what is said."""
    named = sum(name in known for name in names)
    in_capitals = len(known) > 1 and all(name.isupper() and len(name) > 1 for name in known)
    return bool(known) and (in_capitals or named * 2 >= len(cues))
