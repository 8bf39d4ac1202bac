"""From what a model answered, or from nothing but the order of the media, to an outline that can be built. Pure.

Whatever was answered: each media item that was chosen stands in the outline once, what stands in the course stays in
it, and nothing else appears.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from knowledge.course_drafts.shapes import (
    MOST_CHAPTERS,
    MOST_OBJECTIVES,
    Entry,
    Outline,
    Part,
    ToldChapter,
    ToldItem,
    ToldOutline,
)
from knowledge.course_drafts.wording import plain_line, plain_text

TITLE_CHARACTERS = 200


@dataclass(frozen=True)
class Source:
    """A media item that is to be taught; `heading` is that of its playlist."""

    media: UUID
    title: str
    heading: str = ""


class Marks:
    """What a request calls things: “m1” is the first media item, “i1” the first item there, “c1” the first chapter."""

    def __init__(self, sources: Sequence[Source], current: Outline) -> None:
        there = [entry for part in current.parts for entry in part.entries]
        self.entries = {f"m{n}": Entry(one.title, media=one.media) for n, one in enumerate(sources, 1)}
        self.entries |= {f"i{n}": Entry(entry.title, item=entry.item) for n, entry in enumerate(there, 1)}
        self.chapters = {f"c{n}": Part(part.title, part.chapter) for n, part in enumerate(current.parts, 1)}


def plain_outline(sources: Sequence[Source], *, title: str, current: Outline | None = None) -> Outline:
    """A chapter for each playlist, in the order of the media, below what is there. Says nothing that nobody said."""
    there = current or Outline(title=title)
    groups = groupby(sources, key=lambda source: source.heading)
    parts = [Part(heading or title, entries=[_entry_of(one) for one in group]) for heading, group in groups]
    return Outline(there.title, there.description, there.objectives, there.level, [*there.parts, *parts])


def checked_outline(
    told: ToldOutline, sources: Sequence[Source], *, title: str, current: Outline | None = None
) -> Outline:
    """What is usable of an answer, with what it forgot put back; where nothing is, the plain outline."""
    there = current or Outline()
    parts = _told_parts(told, Marks(sources, there))
    if not any(entry.media for part in parts for entry in part.entries):
        return plain_outline(sources, title=title, current=current)
    before: Part | None = None
    for part in there.parts:
        before = _put_back(parts, part, behind=before)
    _put_missing(parts, [_entry_of(source) for source in sources])
    return Outline(
        title=plain_line(told.title, most=TITLE_CHARACTERS) or title,
        description=plain_text(told.description, most=2_000) or there.description,
        objectives=_lines(told.objectives)[:MOST_OBJECTIVES] or there.objectives,
        level=told.level,
        parts=[part for part in parts if part.entries or part.chapter],
    )


def key_of(entry: Entry) -> UUID | None:
    return entry.item or entry.media


def _told_parts(told: ToldOutline, marks: Marks) -> list[Part]:
    return [_told_part(chapter, marks) for chapter in told.chapters[:MOST_CHAPTERS]]


def _told_part(told: ToldChapter, marks: Marks) -> Part:
    """Each mark is good for one place: the first."""
    there = marks.chapters.pop(told.ref, None)
    title = plain_line(told.title, most=TITLE_CHARACTERS)
    entries = [entry for one in told.items if (entry := _told_entry(one, marks))]
    if there is not None:
        return Part(title or there.title, there.chapter, entries)
    return Part(title or next((entry.title for entry in entries), ""), entries=entries)


def _told_entry(told: ToldItem, marks: Marks) -> Entry | None:
    entry = marks.entries.pop(told.ref, None)
    if entry is not None and (title := plain_line(told.title, most=TITLE_CHARACTERS)):
        entry.title = title
    return entry


def _put_back(parts: list[Part], there: Part, *, behind: Part | None) -> Part:
    """A chapter that was forgotten, and what was forgotten of it, each after the one it stands behind."""
    home = next((part for part in parts if part.chapter == there.chapter), None)
    if home is None:
        home = Part(there.title, there.chapter)
        parts.insert(next((n for n, part in enumerate(parts, 1) if part is behind), 0), home)
    _insert_missing(parts, there.entries, home)
    return home


def _put_missing(parts: list[Part], wanted: Sequence[Entry]) -> None:
    first = next((part for part in parts if any(entry.media for entry in part.entries)), parts[0])
    _insert_missing(parts, wanted, first)


def _insert_missing(parts: list[Part], wanted: Sequence[Entry], otherwise: Part) -> None:
    """Behind its neighbor, wherever that is; what has none before it at the beginning."""
    home, place = otherwise, 0
    for entry in wanted:
        found = _find(parts, entry)
        if found is None:
            home.entries.insert(place, Entry(entry.title, entry.media, entry.item))
            found = (home, place)
        home, place = found[0], found[1] + 1


def _find(parts: list[Part], wanted: Entry) -> tuple[Part, int] | None:
    for part in parts:
        for place, entry in enumerate(part.entries):
            if key_of(entry) == key_of(wanted):
                return part, place
    return None


def in_order_of(parts: Sequence[Part], there: Outline) -> list[Part]:
    """Chapters that are there take their order among themselves; all others stand where they were put."""
    places = {part.chapter: number for number, part in enumerate(there.parts)}
    known = sorted((part for part in parts if part.chapter in places), key=lambda part: places[part.chapter])
    in_order = iter(known)
    return [next(in_order) if part.chapter in places else part for part in parts]


def _entry_of(source: Source) -> Entry:
    return Entry(source.title, media=source.media)


def _lines(texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, (plain_line(text, most=200) for text in texts))))
