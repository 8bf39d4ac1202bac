"""Which mail addresses are somebody's."""

from typing import Any

from allauth.account.models import EmailAddress

from accounts.models import Membership, Organization


def addresses_of(user: Any) -> set[str]:
    """In lower case: the one they log in with and those they added, proven or not."""
    added = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return {address.lower() for address in [user.email, *added]}


def proven_addresses_of(user: Any) -> set[str]:
    """In lower case: those whose mailbox the person has opened."""
    proven = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return {address.lower() for address in proven}


def members_by_address(organization: Organization, emails: set[str]) -> dict[str, Membership]:
    """Active and suspended members who log in with one of these addresses, by it; who was removed may be asked again.

    Not by addresses they added: whose those are is no business of an owner who tries some.
    """
    present = Membership.objects.filter(organization=organization, removed_at__isnull=True).select_related("user")
    return {membership.user.email.lower(): membership for membership in present.filter(user__email__in=emails)}
