"""Cleaning up, once a day and on demand: safe to repeat, harmless to interrupt."""

from collections.abc import Iterator

from accounts.models import Organization
from core.tenancy import organization_scope
from media_library.services.abandoned import Abandoned, abandoned
from media_library.services.leftovers import Leftover, drop_superseded, leftovers


def clean_organization(*, dry_run: bool = False) -> Iterator[Leftover]:
    """Remove what is superseded and what no row names, of the organization in scope; tells each file.

    With `dry_run` it tells what would go, and nothing goes.
    """
    if not dry_run:
        drop_superseded()
    for leftover in leftovers():
        if not dry_run:
            leftover.remove()
        yield leftover


def clean_machine(*, dry_run: bool = False) -> Iterator[Abandoned]:
    """The same for what dead work left on this machine. Runs in the scope of every organization."""
    for one in abandoned():
        if not dry_run:
            one.remove()
        yield one


def clean_everywhere() -> None:
    """All organizations and this machine. Runs in the scope of every organization."""
    for organization in Organization.objects.order_by("slug"):
        with organization_scope(organization):
            for _leftover in clean_organization():
                pass
    for _abandoned in clean_machine():
        pass
