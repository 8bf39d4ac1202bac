"""Which chapters and items can ever open for a learner who does all there is to do. Pure.

Time always comes, and whatever is open can be done; a rule that waits for something that never opens before it, or that
is gone, is never met. Drafts hold nobody back. Rules: see courses.availability.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

Rules = Mapping[str, Any]
GRADED = ("quiz", "assignment")


class Item(NamedTuple):
    """A published item; `rules` is its availability. It may count towards completing its chapter."""

    id: UUID
    title: str
    type: str
    rules: Rules
    counts: bool = True


class Chapter(NamedTuple):
    """A chapter with its published items, in order."""

    id: UUID
    title: str
    rules: Rules
    items: Sequence[Item]


class Locked(NamedTuple):
    """A chapter, or an item of a chapter that opens, which never opens; `why` is a sentence."""

    chapter: Chapter
    item: Item | None
    why: str


def find_locked(chapters: Sequence[Chapter], *, drafts: Collection[UUID] = ()) -> Iterator[Locked]:
    """Those that nobody can ever open, in order; of a chapter that never opens the items are not named too."""
    course = _Course(chapters, drafts)
    for chapter in chapters:
        if chapter.id not in course.open:
            yield Locked(chapter, None, course.why(chapter))
            continue
        yield from (Locked(chapter, item, course.why(item)) for item in chapter.items if item.id not in course.open)


class _Course:
    """What opens, found by opening again and again what the already open things open."""

    def __init__(self, chapters: Sequence[Chapter], drafts: Collection[UUID]) -> None:
        self.drafts = set(map(str, drafts))
        self.chapters = {str(chapter.id): chapter for chapter in chapters}
        self.items = {str(item.id): item for chapter in chapters for item in chapter.items}
        self.before = dict(_pairs(list(self.chapters.values()))) | dict(_pairs(list(self.items.values())))
        self.open: set[UUID] = set()
        while found := set(self._openable()):
            self.open |= found

    def _openable(self) -> Iterator[UUID]:
        for chapter in self.chapters.values():
            is_open = chapter.id in self.open
            if not is_open and self._meets(chapter):
                yield chapter.id
            if is_open:
                yield from (item.id for item in chapter.items if item.id not in self.open and self._meets(item))

    def _meets(self, row: Chapter | Item) -> bool:
        faults = [self._fault(rule, row) for rule in _rules(row)]
        if row.rules.get("match") == "any":
            return not faults or not all(faults)
        return not any(faults)

    def why(self, row: Chapter | Item) -> str:
        return next(filter(None, (self._fault(rule, row) for rule in _rules(row))), "")

    def _fault(self, rule: Rules, row: Chapter | Item) -> str:
        """Why the rule is never met, as far as is known now; empty: it can be."""
        checks: dict[str, Callable[[Rules, Chapter | Item], str]] = {
            "after_item": self._of_item, "min_score": self._of_score, "after_chapter": self._of_chapter,
            "after_previous": self._of_previous,
        }  # fmt: skip
        check = checks.get(str(rule.get("kind")))
        return check(rule, row) if check else ""

    def _of_item(self, rule: Rules, row: Chapter | Item) -> str:
        item = self.items.get(str(rule.get("item")))
        if item is None:
            return "" if str(rule.get("item")) in self.drafts else _("It waits for an item that is gone.")
        return "" if item.id in self.open else _waits_for(item)

    def _of_score(self, rule: Rules, row: Chapter | Item) -> str:
        item = self.items.get(str(rule.get("item")))
        if item is not None and item.type not in GRADED:
            return _("It waits for a score in “%(title)s”, which is not graded.") % {"title": item.title}
        return self._of_item(rule, row)

    def _of_chapter(self, rule: Rules, row: Chapter | Item) -> str:
        chapter = self.chapters.get(str(rule.get("chapter")))
        if chapter is None:
            return _("It waits for a chapter that is gone.")
        return "" if self._can_be_done(chapter) else _waits_for(chapter)

    def _of_previous(self, rule: Rules, row: Chapter | Item) -> str:
        previous = self.before.get(row.id)
        return "" if previous is None or self._can_be_done(previous) else _waits_for(previous)

    def _can_be_done(self, row: Chapter | Item) -> bool:
        items = row.items if isinstance(row, Chapter) else ()
        return row.id in self.open and all(item.id in self.open for item in items if item.counts)


def _pairs(rows: Sequence[Any]) -> Iterator[tuple[UUID, Any]]:
    """Each row's key with the row before it."""
    yield from ((row.id, before) for before, row in zip(rows, rows[1:], strict=False))


def _rules(row: Chapter | Item) -> Sequence[Rules]:
    return [rule for rule in row.rules.get("rules") or [] if isinstance(rule, Mapping)]


def _waits_for(row: Chapter | Item) -> str:
    return _("It waits for “%(title)s”, which never opens before it.") % {"title": row.title}
