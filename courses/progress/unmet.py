"""What is still to be done for an item to be complete, and how much is missing: the same words everywhere. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from courses.models.item import ItemType
from media_library.services.playing import ByHand


@dataclass(frozen=True)
class Facts:
    """Of an item and one learner: percents 0–100; `needed` of the media completes it; `by_hand` says why watching
    cannot be measured, or is empty.

    `grade` is what they have at a quiz or assignment; `submission` the state of their last one, `released` whether its
    grade is theirs to know.
    """

    type: str
    reason: str | None = None
    watched: float | None = None
    needed: int = 0
    by_hand: str = ""
    grade: Decimal | None = None
    pass_mark: int | None = None
    submission: str = ""
    is_released: bool = False


def unmet_rule(facts: Facts) -> str:
    """A sentence; empty for what is settled."""
    return "" if facts.reason is not None else SENTENCES[facts.type](facts)


def _of_video(facts: Facts) -> str:
    if facts.by_hand:
        return f"{ByHand(facts.by_hand).words} {_('Mark it as watched yourself.')}"
    words = _("Watched %(watched)d %% of the %(needed)d %% that complete it.")
    return words % {"watched": int(facts.watched or 0), "needed": facts.needed}


def _of_text(facts: Facts) -> str:
    return _("Mark it as done when you have read it.")


def _of_resource(facts: Facts) -> str:
    return _("Mark it as done when you have used it.")


def _of_quiz(facts: Facts) -> str:
    if facts.grade is None:
        return _("Not tried yet: %(needed)d %% pass.") % {"needed": facts.pass_mark or 0}
    words = _("Scored %(scored)s %% of the %(needed)d %% that pass.")
    return words % {"scored": _plain(facts.grade), "needed": facts.pass_mark or 0}


def _of_assignment(facts: Facts) -> str:
    if facts.submission == "returned":
        return _("Returned to you: hand it in again.")
    if facts.submission in ("submitted", "graded") and not facts.is_released:
        return _("Handed in: it waits to be graded.")
    if facts.is_released and facts.grade is not None and facts.pass_mark is not None:
        words = _("Graded with %(scored)s %% of the %(needed)d %% that pass.")
        return words % {"scored": _plain(facts.grade), "needed": facts.pass_mark}
    return _("Not handed in yet.")


def _plain(percent: Decimal) -> str:
    """`66.67` or `40`, rounded down: a mark is reached or not."""
    return f"{percent:f}".rstrip("0").rstrip(".") if percent % 1 else str(int(percent))


SENTENCES: dict[str, Callable[[Facts], str]] = {
    ItemType.VIDEO: _of_video,
    ItemType.TEXT: _of_text,
    ItemType.RESOURCE: _of_resource,
    ItemType.QUIZ: _of_quiz,
    ItemType.ASSIGNMENT: _of_assignment,
}
