"""What a learner still has to do by when, in words. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.handing_in.rules import words_for_span

AHEAD = timedelta(days=30)  # what is due later is no news yet
A_WEEK = 7  # days that are called by their names


class DueKind(StrEnum):
    ASSIGNMENT = "assignment"
    QUIZ = "quiz"
    COURSE = "course"


@dataclass(frozen=True)
class Due:
    """Something to be done by a moment: where (`address`), and in which course."""

    kind: DueKind
    title: str
    course: str
    address: str
    at: datetime
    words: str
    is_late: bool

    @property
    def asks(self) -> str:
        """What is to be done by then."""
        return {
            DueKind.ASSIGNMENT: _("Hand in"),
            DueKind.QUIZ: _("Finish the quiz"),
            DueKind.COURSE: _("The course ends"),
        }[self.kind]


def words_for_deadline(at: datetime, *, now: datetime, zone: tzinfo) -> str:
    """“today, 18:00”, “tomorrow, 23:59”, “Friday, 23:59”, “3 December, 23:59”, and when it is over “2 days late”."""
    if at < now:
        return _("%(span)s late") % {"span": words_for_span(now - at)}
    then = at.astimezone(zone)
    days = (then.date() - now.astimezone(zone).date()).days
    return _("%(day)s, %(time)s") % {"day": _day(then, days, now), "time": date_format(then, "H:i")}


def _day(then: datetime, days: int, now: datetime) -> str:
    if days < A_WEEK:
        return [_("today"), _("tomorrow"), *[date_format(then, "l")] * (A_WEEK - 2)][days]
    return date_format(then, "j F" if then.year == now.year else "j F Y")
