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
    """Active and suspended members who have one of these addresses, by it; who was removed may be asked again."""
    present = Membership.objects.filter(organization=organization, removed_at__isnull=True).select_related("user")
    by_log_in = present.filter(user__email__in=emails)
    added = EmailAddress.objects.filter(verified=True, email__in=emails).values_list("email", "user")
    users = {membership.user_id: membership for membership in present.filter(user__in=[user for _, user in added])}
    found = {email.lower(): users[user] for email, user in added if user in users}
    return found | {membership.user.email.lower(): membership for membership in by_log_in}
