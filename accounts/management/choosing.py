"""What operators' commands share: which organization, which person, which day."""

import argparse
from datetime import date

from django.core.management.base import CommandError
from django.db.models import QuerySet

from accounts.models import Membership, Organization, User


def chosen_account(email: str) -> User:
    """Whatever the capitals. Raises CommandError where there is none."""
    found = User.objects.filter(email__iexact=email).first()
    if found is None:
        raise CommandError(f"There is no account of {email}.")
    return found


def chosen_member(email: str, slug: str) -> Membership:
    """An active or suspended one. Raises CommandError for anybody else, and where there is no such organization."""
    here = Membership.objects.present_in(chosen_organization(slug)).select_related("user")
    found = here.filter(user__email__iexact=email).first()
    if found is None:
        raise CommandError(f"{email} is no member of {slug}.")
    return found


def chosen_organization(slug: str) -> Organization:
    """Raises CommandError where there is none."""
    found = Organization.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(f"There is no organization called {slug!r}.")
    return found


def chosen_organizations(slug: str | None) -> QuerySet[Organization]:
    """The one of that slug, or all. Raises CommandError where there is none."""
    everywhere = Organization.objects.order_by("slug")
    return everywhere if slug is None else everywhere.filter(pk=chosen_organization(slug).pk)


def day(text: str) -> date:
    """An argument's type."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as YYYY-MM-DD.") from None
