"""What operators' commands share: which organisation, which day."""

import argparse
from datetime import date

from django.core.management.base import CommandError
from django.db.models import QuerySet

from accounts.models import Organization


def chosen_organizations(slug: str | None) -> QuerySet[Organization]:
    """The one of that slug, or all. Raises CommandError where there is none."""
    if slug is None:
        return Organization.objects.order_by("slug")
    found = Organization.objects.filter(slug=slug)
    if not found.exists():
        raise CommandError(f"There is no organization called {slug!r}.")
    return found


def day(text: str) -> date:
    """An argument's type."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as YYYY-MM-DD.") from None
