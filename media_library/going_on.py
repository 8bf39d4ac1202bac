"""Where somebody goes on with what they began, and what the way there is called: one rule for all pages."""

from dataclasses import dataclass

AT_ITS_END = 5.0  # seconds from its end, behind which nobody goes on; static/js/player.js begins anew there too


@dataclass(frozen=True)
class GoingOn:
    """At `second`, 0 where it begins; `is_again` where that is not for the first time."""

    second: float = 0.0
    is_again: bool = False

    @property
    def goes_on(self) -> bool:
        return self.second > 0


def going_on(position: float | None, *, length: float | None, is_completed: bool) -> GoingOn:
    """`position` and `length` in seconds. What is completed, or was left at its end, begins again."""
    second = position or 0.0
    is_at_end = length is not None and second > 0 and second >= length - AT_ITS_END
    is_again = is_completed or is_at_end
    return GoingOn(0.0 if is_again else second, is_again)
