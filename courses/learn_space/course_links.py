"""Links of the course page, of this floor and of higher ones: it never asks whose."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class CourseLink:
    """From the page of a course to `address` below it, for those who may open its lessons."""

    label: Promise
    address: str
    icon: str
    needs_sound: bool = False  # only where something can be heard in it


_course_links: list[CourseLink] = []


def add_course_link(link: CourseLink) -> None:
    _course_links.append(link)


def course_links(*, has_sound: bool) -> Sequence[CourseLink]:
    return [link for link in _course_links if has_sound or not link.needs_sound]
