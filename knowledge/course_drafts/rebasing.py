"""An outline that was made of a course as it was, upon the course as it stands by now. Pure.

What a maker changed in between is the maker's: it is not proposed to change it back.
"""

from collections.abc import Iterator
from copy import deepcopy
from uuid import UUID

from knowledge.course_drafts.outlining import in_order_of
from knowledge.course_drafts.shapes import Outline, Part


def rebased(target: Outline, *, was: Outline, now: Outline) -> Outline:
    """Titles, words, places and the order of chapters that differ between `was` and `now` are as they are now."""
    result = deepcopy(target)
    if now.description != was.description:
        result.description = now.description
    if now.objectives != was.objectives:
        result.objectives = now.objectives
    _keep_titles(result, was, now)
    rearranged = set(_rearranged(was, now))
    for part in result.parts:
        part.entries = [entry for entry in part.entries if entry.item is None or entry.item not in rearranged]
    if _chapters(was, now) != _chapters(now, was):
        result.parts = in_order_of(result.parts, now)
    return result


def _keep_titles(result: Outline, was: Outline, now: Outline) -> None:
    before, titles = _titles(was), _titles(now)
    typed = {key: title for key, title in titles.items() if before.get(key, title) != title}
    for part in result.parts:
        part.title = typed.get(part.chapter, part.title)
        for entry in part.entries:
            entry.title = typed.get(entry.item, entry.title)


def _rearranged(was: Outline, now: Outline) -> Iterator[UUID]:
    """Items that came to another chapter, and those of chapters whose order is another one: they stay as they are."""
    before = {item: part.chapter for part in was.parts for item in _items(part)}
    orders = {part.chapter: _items(part) for part in was.parts}
    for part in now.parts:
        known = [item for item in _items(part) if before.get(item) == part.chapter]
        stayed = [item for item in orders.get(part.chapter, []) if item in known]
        yield from known if known != stayed else ()
        yield from (item for item in _items(part) if item in before and before[item] != part.chapter)


def _titles(outline: Outline) -> dict[UUID | None, str]:
    titles: dict[UUID | None, str] = {part.chapter: part.title for part in outline.parts if part.chapter}
    return titles | {entry.item: entry.title for part in outline.parts for entry in part.entries if entry.item}


def _items(part: Part) -> list[UUID]:
    return [entry.item for entry in part.entries if entry.item]


def _chapters(outline: Outline, other: Outline) -> list[UUID]:
    """Of an outline those that stand in the other one too, in its order."""
    there = {part.chapter for part in other.parts}
    return [part.chapter for part in outline.parts if part.chapter and part.chapter in there]
