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


_course_links: list[CourseLink] = []


def add_course_link(link: CourseLink) -> None:
    _course_links.append(link)


def course_links() -> Sequence[CourseLink]:
    return list(_course_links)
