"""What a part of a draft stands on, as people read it beside the part."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.drafting.forms import Part
from knowledge.drafting.generating import script_of
from knowledge.drafting.shapes import DraftChapter
from knowledge.models import Draft
from media_library.wording import clock_time

MOST_SENTENCES = 12
SENTENCES_OF_A_CHAPTER = 3


@dataclass(frozen=True)
class Sentence:
    """`at` in whole seconds, `clock` the same as people write it."""

    at: int
    clock: str
    text: str


def sentences_of(draft: Draft, parts: Sequence[Part]) -> list[list[Sentence]]:
    """For each part, of the transcript it was made from. One statement; none where that is gone."""
    if draft.transcript is None or not parts:
        return [[] for _part in parts]
    cues = [(cue.start, cue.end, cue.text) for cue in script_of(draft.transcript).cues]
    return [_said(part, cues) for part in parts]


def _said(part: Part, cues: list[tuple[float, float, str]]) -> list[Sentence]:
    """A chapter stands on where it begins."""
    if isinstance(part, DraftChapter):
        found = [cue for cue in cues if cue[1] > part.at][:SENTENCES_OF_A_CHAPTER]
    else:
        found = cues[part.span.first_cue : part.span.last_cue + 1][:MOST_SENTENCES]
    return [Sentence(int(start), clock_time(start), text) for start, _end, text in found]
