"""Panels of the learn space, and links of the course page, that a higher floor puts in: this floor never asks whose.

A panel is asked for when somebody looks at it, at `address` below the lesson's own; without scripts that is a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Panel:
    """`name` is its id on the page, `types` are the types of items that have it, `script` and `style` static files."""

    name: str
    label: Promise
    address: str
    types: frozenset[str]
    script: str
    style: str


@dataclass(frozen=True)
class CourseLink:
    """From the page of a course to `address` below it, for those who may open its lessons."""

    label: Promise
    address: str
    icon: str


_panels: list[Panel] = []
_course_links: list[CourseLink] = []


def add_panel(panel: Panel) -> None:
    _panels.append(panel)


def add_course_link(link: CourseLink) -> None:
    _course_links.append(link)


def panels_of(type: str) -> Sequence[Panel]:
    return [panel for panel in _panels if type in panel.types]


def course_links() -> Sequence[CourseLink]:
    return list(_course_links)
