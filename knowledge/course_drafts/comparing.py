"""What an outline would change in a course, change by change, and what comes of some of them. Pure.

Nothing is ever removed: what the outline does not name stays where it is.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from knowledge.course_drafts.outlining import key_of
from knowledge.course_drafts.shapes import Entry, Outline, Part

DESCRIPTION, OBJECTIVES = "description", "objectives"


class ChangeKind(StrEnum):
    ADDED = "added"
    MOVED = "moved"
    RENAMED = "renamed"
    REWRITTEN = "rewritten"
    KEPT = "kept"


@dataclass(frozen=True)
class Change:
    """`id` names it when it is accepted; `was` is the former title, text or chapter, `chapter` the one it comes to.

    `is_new_chapter`: that one is made when something comes to it. `is_chapter`: a chapter itself is renamed or moved,
    then `chapter` is the one behind which it comes, `was` the one behind which it stands; empty: it is the first.
    """

    id: str
    kind: ChangeKind
    title: str
    chapter: str
    was: str = ""
    is_new_chapter: bool = False
    is_chapter: bool = False


def compare(current: Outline, target: Outline) -> list[Change]:
    """What would be written of the course, then each entry that is or would be in it, in the order of the outline; what
    it does not name last."""
    moved, titles = _moved(current, target), _titles(current)
    known = {part.chapter for part in current.parts}
    changes = [*_changes_of_words(current, target), *_changes_of_order(current, target)]
    changes += [change for part in target.parts for change in _changes_in(part, known, moved, titles)]
    named = {key_of(entry) for part in target.parts for entry in part.entries}
    left = [(entry, part) for part in current.parts for entry in part.entries if key_of(entry) not in named]
    return changes + [Change(f"keep:{key_of(entry)}", ChangeKind.KEPT, entry.title, part.title) for entry, part in left]


def arranged(current: Outline, target: Outline, accepted: Collection[str]) -> Outline:
    """The course with the additions and moves of these names made, and all else where it is."""
    result = deepcopy(current)
    moved, chapters = _moved(current, target), _moved_chapters(current, target)
    last: Part | None = None
    for part in target.parts:
        home = next((one for one in result.parts if part.chapter and one.chapter == part.chapter), None)
        is_wanted = f"move:{part.chapter}" in accepted
        if home is not None and is_wanted:
            result.parts = [one for one in result.parts if one is not home]
            result.parts.insert(_place_after(result.parts, last), home)
        home = _fill(result, part, home, accepted, moved, after=last)
        if is_wanted or part.chapter not in chapters:  # one that stays out of order leads nothing
            last = home or last
    return result


def _fill(
    result: Outline, part: Part, home: Part | None, accepted: Collection[str], moved: dict[UUID, str], *,
    after: Part | None,
) -> Part | None:  # fmt: skip
    """Bring what comes to a chapter behind the one before it. A new chapter is made for the first thing in it."""
    before: Entry | None = None
    for entry in part.entries:
        if _placing_of(entry, moved) in accepted:
            if home is None:
                home = Part(part.title)
                result.parts.insert(_place_after(result.parts, after), home)
            _take_out(result, entry)
            home.entries.insert(_place_after(home.entries, before), entry)
        if home is not None and any(key_of(one) == key_of(entry) for one in home.entries):
            before = next(one for one in home.entries if key_of(one) == key_of(entry))
    return home


def _place_after(things: Sequence[object], one: object) -> int:
    return next((n for n, other in enumerate(things, 1) if other is one), 0)


def _take_out(result: Outline, entry: Entry) -> None:
    for part in result.parts:
        part.entries = [one for one in part.entries if key_of(one) != key_of(entry)]


def _placing_of(entry: Entry, moved: dict[UUID, str]) -> str:
    """The name of the change that brings it where the outline has it; empty where it is there."""
    if entry.item is None:
        return f"add:{entry.media}"
    return f"move:{entry.item}" if entry.item in moved else ""


def _changes_in(
    part: Part, known: Collection[UUID | None], moved: dict[UUID, str], titles: dict[UUID, str]
) -> Iterator[Change]:
    is_new = part.chapter is None or part.chapter not in known
    if part.chapter in titles and titles[part.chapter] != part.title:
        was = titles[part.chapter]
        yield Change(f"rename:{part.chapter}", ChangeKind.RENAMED, part.title, "", was, is_chapter=True)
    for entry in part.entries:
        if entry.item is None:
            yield Change(f"add:{entry.media}", ChangeKind.ADDED, entry.title, part.title, "", is_new)
        elif entry.item in titles:
            yield from _changes_of(entry, entry.item, part, is_new, moved, titles[entry.item])


def _changes_of(
    entry: Entry, item: UUID, part: Part, is_new: bool, moved: dict[UUID, str], title: str
) -> Iterator[Change]:
    """Of something that is in the course, under `title`."""
    if item in moved:
        yield Change(f"move:{item}", ChangeKind.MOVED, title, part.title, moved[item], is_new)
    if entry.title != title:
        yield Change(f"rename:{item}", ChangeKind.RENAMED, entry.title, part.title, title)
    if item not in moved and entry.title == title:
        yield Change(f"keep:{item}", ChangeKind.KEPT, title, part.title)


def _changes_of_words(current: Outline, target: Outline) -> Iterator[Change]:
    if target.description and target.description != current.description:
        yield Change(DESCRIPTION, ChangeKind.REWRITTEN, target.description, "", current.description)
    if target.objectives and target.objectives != current.objectives:
        lines = "\n".join(target.objectives), "\n".join(current.objectives)
        yield Change(OBJECTIVES, ChangeKind.REWRITTEN, lines[0], "", lines[1])


def _changes_of_order(current: Outline, target: Outline) -> Iterator[Change]:
    titles = {part.chapter: part.title for part in current.parts}
    now = dict(zip(titles, ["", *titles.values()], strict=False))
    for chapter, behind in _moved_chapters(current, target).items():
        yield Change(f"move:{chapter}", ChangeKind.MOVED, titles[chapter], behind, now[chapter], is_chapter=True)


def _moved_chapters(current: Outline, target: Outline) -> dict[UUID, str]:
    """Chapters that come to another place among the others, as few as can be, with the title of the one before."""
    places = {part.chapter: number for number, part in enumerate(current.parts) if part.chapter}
    there = [part.chapter for part in target.parts if part.chapter in places]
    resting = _longest_rising([(places[one], one) for one in there if one])
    before = ["", *(part.title for part in target.parts)]
    return {
        part.chapter: title
        for title, part in zip(before, target.parts, strict=False)
        if part.chapter in places and part.chapter and part.chapter not in resting
    }


def _titles(current: Outline) -> dict[UUID, str]:
    chapters = {part.chapter: part.title for part in current.parts if part.chapter}
    return chapters | {entry.item: entry.title for part in current.parts for entry in part.entries if entry.item}


def _moved(current: Outline, target: Outline) -> dict[UUID, str]:
    """Items that come to another chapter or another place among the others, as few as can be; with their chapter."""
    places = {
        entry.item: (part, number)
        for part in current.parts
        for number, entry in enumerate(part.entries)
        if entry.item is not None
    }
    moved: dict[UUID, str] = {}
    for part in target.parts:
        there = [entry.item for entry in part.entries if entry.item in places]
        stays = [item for item in there if part.chapter and places[item][0].chapter == part.chapter]
        resting = _longest_rising([(places[item][1], item) for item in stays if item])
        moved |= {item: places[item][0].title for item in there if item and item not in resting}
    return moved


def _longest_rising(placed: list[tuple[int, UUID]]) -> set[UUID]:
    """Of items with their former numbers, the most that keep their order."""
    tails: list[int] = []
    best: list[list[UUID]] = []
    for number, item in placed:
        at = bisect_left(tails, number)
        chain = [*(best[at - 1] if at else []), item]
        tails[at : at + 1], best[at : at + 1] = [number], [chain]
    return set(best[-1]) if best else set()
