"""When a learner may open a chapter or an item: pure functions of what is known, without the database.

`rules` says what a rule asks and whether it is met, `reading` turns JSON into rules and back, `opening` puts the rules
of a course, a chapter and an item together. Pages, API, files, search and chat ask it through `gates`; `reach` finds
what can never open.
"""

from courses.availability.opening import OPEN, Facts, Opening, Period, both, opening, opening_of_course
from courses.availability.reading import Contents, UnusableAvailability, dump, parse_availability, stored_availability
from courses.availability.rules import Availability, Match

__all__ = [
    "OPEN",
    "Availability",
    "Contents",
    "Facts",
    "Match",
    "Opening",
    "Period",
    "UnusableAvailability",
    "both",
    "dump",
    "opening",
    "opening_of_course",
    "parse_availability",
    "stored_availability",
]
