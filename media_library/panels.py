"""Panels beside the player and in lessons that a higher floor puts in: this floor never asks whose.

A panel is asked for when somebody looks at it, at `address` below the page's own; without scripts that is a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

MEDIA = "media"  # the page of a media item, outside of any course


@dataclass(frozen=True)
class Panel:
    """`name` is its id on the page, `script` and `style` are static files, `pages` is where it stands: types of items
    of a course, and MEDIA."""

    name: str
    label: Promise
    address: str
    pages: frozenset[str]
    script: str
    style: str


_panels: list[Panel] = []


def add_panel(panel: Panel) -> None:
    _panels.append(panel)


def panels_of(page: str) -> Sequence[Panel]:
    return [panel for panel in _panels if page in panel.pages]
