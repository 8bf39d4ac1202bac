"""Which chapters and items can ever open for a learner who does all there is to do. Pure.

Time always comes, and whatever is open can be done; a rule that waits for something that never opens before it is never
met. As in `gates`, what is gone or a draft holds nobody back, and what comes before something is the last thing there
that counts. Rules: see courses.availability.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from courses.availability.reading import stored_availability
from courses.availability.rules import AfterChapter, AfterItem, AfterPrevious, Match, MinScore, Rule

GRADED = ("quiz", "assignment")


class Item(NamedTuple):
    """A published item; `rules` is its availability. It may count towards completing its chapter."""

    id: UUID
    title: str
    type: str
    rules: Any
    counts: bool = True


class Chapter(NamedTuple):
    """A chapter with its published items, in order."""

    id: UUID
    title: str
    rules: Any
    items: Sequence[Item]


class Locked(NamedTuple):
    """A chapter, or an item of a chapter that opens, which never opens; `why` is a sentence."""

    chapter: Chapter
    item: Item | None
    why: str

    @property
    def row(self) -> Chapter | Item:
        return self.item or self.chapter


def find_locked(chapters: Sequence[Chapter]) -> Iterator[Locked]:
    """Those that nobody can ever open, in order; of a chapter that never opens the items are not named too."""
    course = _Course(chapters)
    for chapter in chapters:
        if chapter.id not in course.open:
            yield Locked(chapter, None, course.why(chapter))
            continue
        yield from (Locked(chapter, item, course.why(item)) for item in chapter.items if item.id not in course.open)


class _Course:
    """What opens, found by opening again and again what the already open things open."""

    def __init__(self, chapters: Sequence[Chapter]) -> None:
        items = [item for chapter in chapters for item in chapter.items]
        self.chapters = {chapter.id: chapter for chapter in chapters}
        self.items = {item.id: item for item in items}
        self.around = {item.id: chapter.id for chapter in chapters for item in chapter.items}
        self.before = dict(_with_previous(chapters, _counting)) | dict(_with_previous(items, lambda item: item.counts))
        rows: list[Chapter | Item] = [row for chapter in chapters for row in _in_order(chapter)]
        self.rules = {row.id: stored_availability(row.rules) for row in rows}
        self.open: set[UUID] = set()
        self._open_all(rows)

    def _open_all(self, shut: list[Chapter | Item]) -> None:
        """To and fro, so that a chain of rules takes one way, whether it follows the outline or runs against it."""
        while True:
            left = [row for row in shut if not self._opened(row)]
            if len(left) == len(shut):
                return
            shut = left[::-1]

    def _opened(self, row: Chapter | Item) -> bool:
        """Opens it, where it can be."""
        is_reached = isinstance(row, Chapter) or self.around[row.id] in self.open
        if is_reached and self._is_met(row):
            self.open.add(row.id)
            return True
        return False

    def _is_met(self, row: Chapter | Item) -> bool:
        availability = self.rules[row.id]
        if availability is None:
            return False
        faults = [self._fault(rule, row) for rule in availability.rules]
        if availability.match == Match.ANY:
            return not faults or not all(faults)
        return not any(faults)

    def why(self, row: Chapter | Item) -> str:
        availability = self.rules[row.id]
        if availability is None:
            return _("Its rules cannot be read: write them anew.")
        return next(filter(None, (self._fault(rule, row) for rule in availability.rules)), "")

    def _fault(self, rule: Rule, row: Chapter | Item) -> str:
        """Why the rule is never met, as far as is known now; empty: it can be."""
        match rule:
            case MinScore(item=key):
                return self._of_score(self.items.get(key))
            case AfterItem(item=key):
                return self._until_done(self.items.get(key))
            case AfterChapter(chapter=key):
                return self._until_done(self.chapters.get(key))
            case AfterPrevious():
                return self._until_done(self.before.get(row.id))
        return ""

    def _of_score(self, item: Item | None) -> str:
        if item is not None and item.type not in GRADED:
            return _("It waits for a score in “%(title)s”, which is not graded.") % {"title": item.title}
        return self._until_done(item)

    def _until_done(self, row: Chapter | Item | None) -> str:
        if row is None or self._can_be_done(row):
            return ""
        return _("It waits for “%(title)s”, which never opens before it.") % {"title": row.title}

    def _can_be_done(self, row: Chapter | Item) -> bool:
        """Of a chapter: what counts in it. One in which nothing counts holds nobody back."""
        if isinstance(row, Chapter):
            return all(item.id in self.open for item in row.items if item.counts)
        return row.id in self.open


def _in_order(chapter: Chapter) -> list[Chapter | Item]:
    return [chapter, *chapter.items]


def _counting(chapter: Chapter) -> bool:
    return any(item.counts for item in chapter.items)


def _with_previous(rows: Sequence[Any], counts: Callable[[Any], bool]) -> Iterator[tuple[UUID, Any]]:
    """Each row's key with the last one before it that counts."""
    last = None
    for row in rows:
        yield row.id, last
        last = row if counts(row) else last
