"""The one refusal of a file that cannot be read."""

from django.utils.translation import gettext as _

from core.errors import Refused

CODE = "unreadable_course_file"


def unreadable(place: str, why: str) -> Refused:
    """`place` is the entry, or in `course.json` the way to what is wrong: `chapters.0.items.2.title`."""
    words = _("The course file cannot be used. %(place)s: %(why)s") % {"place": place[:200], "why": why}
    return Refused(CODE, words, fields={"file": [words]})


def no_course_file(why: str) -> Refused:
    words = _("This is no course file. %(why)s") % {"why": why}
    return Refused(CODE, words, fields={"file": [words]})
