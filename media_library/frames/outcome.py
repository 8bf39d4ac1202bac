"""What became of each of many frames, and how many may be named at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from core.errors import Refused

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Outcome:
    """Keys of frames: `kept` were so already, `gone` are no frames (any more)."""

    done: list[UUID] = field(default_factory=list)
    kept: list[UUID] = field(default_factory=list)
    gone: list[UUID] = field(default_factory=list)


def refuse_too_many(keys: Iterable[UUID]) -> list[UUID]:
    """Each key once, in order. Raises Refused: nothing_chosen, too_many_at_once."""
    named = list(dict.fromkeys(keys))
    if not named:
        raise Refused("nothing_chosen", _("Please choose frames first."), fields={"frames": [_("None is named.")]})
    if len(named) > MOST_AT_ONCE:
        words = _("At most %(most)d frames at once, please.") % {"most": MOST_AT_ONCE}
        raise Refused("too_many_at_once", words, fields={"frames": [words]})
    return named
