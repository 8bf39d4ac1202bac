"""What a person changes in a transcript, applied to its cues. Pure, but for the words of refusals."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.errors import Refused
from media_library.captions import MAX_CUE_CHARACTERS, MAX_CUES, MAX_SECONDS, TimedText, plain_text


@dataclass(frozen=True)
class Corrections:
    """Only what changes. Keys are positions in the version that was corrected, from 0.

    To split a cue is to change it and to add one; to join two is to change one and to remove the other.
    """

    changed: Mapping[int, TimedText] = field(default_factory=dict)
    removed: frozenset[int] = frozenset()
    added: Sequence[TimedText] = ()


def corrected(cues: Sequence[TimedText], changes: Corrections) -> list[TimedText]:
    """The cues afterwards, by their start. Raises Refused `invalid`, and names the field."""
    _refuse_unknown(cues, changes)
    kept = [
        _usable(changes.changed[position], f"changed.{position}") if position in changes.changed else cue
        for position, cue in enumerate(cues)
        if position not in changes.removed
    ]
    added = [_usable(cue, f"added.{number}") for number, cue in enumerate(changes.added)]
    return in_order([*kept, *added])


def usable_cues(cues: Sequence[TimedText]) -> list[TimedText]:
    """Cues that a program sent, by their start. Raises Refused `invalid`, and names the cue."""
    return in_order([_usable(cue, f"cues.{number}") for number, cue in enumerate(cues)])


def in_order(cues: Sequence[TimedText]) -> list[TimedText]:
    """Raises Refused for none, and for more than a transcript may have."""
    if not cues:
        raise _refused("cues", _("A transcript needs words. Delete this version instead."))
    if len(cues) > MAX_CUES:
        raise _refused("cues", _("A transcript has at most %(most)s lines.") % {"most": MAX_CUES})
    return sorted(cues, key=lambda cue: (cue.start, cue.end))


def _refuse_unknown(cues: Sequence[TimedText], changes: Corrections) -> None:
    unknown = {*changes.changed, *changes.removed} - set(range(len(cues)))
    if unknown:
        raise _refused("changed", _("There is no line %(position)s in this version.") % {"position": min(unknown)})


def _usable(cue: TimedText, name: str) -> TimedText:
    text, speaker = plain_text(cue.text), plain_text(cue.speaker)
    if not text:
        raise _refused(name, _("A line needs words. Remove it instead."))
    if len(text) > MAX_CUE_CHARACTERS:
        raise _refused(name, _("A line has at most %(most)s characters.") % {"most": MAX_CUE_CHARACTERS})
    if not (math.isfinite(cue.start) and math.isfinite(cue.end) and 0 <= cue.start < cue.end <= MAX_SECONDS):
        raise _refused(name, _("A line ends after it begins, both within the recording."))
    return TimedText(round(cue.start, 3), _end(cue), text, speaker)


def _end(cue: TimedText) -> float:
    """To the millisecond, and after the start."""
    return max(round(cue.end, 3), round(round(cue.start, 3) + 0.001, 3))


def _refused(name: str, words: str) -> Refused:
    return Refused("invalid", words, fields={name: [words]})
