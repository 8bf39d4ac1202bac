"""Chapters one after another, or side by side."""

from typing import Any

from django.utils.translation import gettext as _

from core.errors import Refused
from courses.availability import Match, UnusableAvailability, dump, parse_availability
from courses.availability.rules import AfterPrevious, Availability
from courses.models import Chapter, Course
from courses.services.revising import revising

ONE_AFTER_ANOTHER = AfterPrevious()


def open_in_order(course: Course, *, by: Any, revision: int | None = None) -> int:
    """Each chapter opens when the one before it is done, beside the rules it has; answers how many were changed.

    Raises Refused: any_of_rules, unusable_availability, outline_changed (409).
    """
    with revising(course.pk, by=by, revision=revision):
        followers = list(course.chapters.order_by("position"))[1:]
        return sum(_write(chapter, _in_order(chapter)) for chapter in followers)


def open_side_by_side(course: Course, *, by: Any, revision: int | None = None) -> int:
    """No chapter waits for the one before it; other rules stay. Answers how many were changed. Raises like above."""
    with revising(course.pk, by=by, revision=revision):
        return sum(_write(chapter, _side_by_side(chapter)) for chapter in course.chapters.all())


def _in_order(chapter: Chapter) -> Availability:
    found = _rules_of(chapter)
    if ONE_AFTER_ANOTHER in found.rules:
        return found
    if found.match == Match.ANY and found.rules:
        words = _("“%(chapter)s” opens when one of its rules is met. Change that first.")
        raise Refused("any_of_rules", words % {"chapter": chapter}, status=409)
    return Availability(Match.ALL, (*found.rules, ONE_AFTER_ANOTHER))


def _side_by_side(chapter: Chapter) -> Availability:
    found = _rules_of(chapter)
    return Availability(found.match, tuple(rule for rule in found.rules if rule != ONE_AFTER_ANOTHER))


def _rules_of(chapter: Chapter) -> Availability:
    try:
        return parse_availability(chapter.availability)
    except UnusableAvailability as fault:
        words = _("The rules of “%(chapter)s” cannot be read: %(fault)s")
        told = words % {"chapter": chapter, "fault": fault.message}
        raise Refused("unusable_availability", told, status=409) from fault


def _write(chapter: Chapter, wanted: Availability) -> bool:
    if dump(wanted) == chapter.availability:
        return False
    chapter.availability = dump(wanted)
    chapter.save(update_fields=["availability"])
    return True
