"""By what somebody can be found in all that is stored."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.models import ApiToken, Invitation, Membership
from accounts.services.addresses import proven_addresses_of
from core.holdings import Person


def person_of(user: Any, *, new_pseudonym: UUID | None = None) -> Person:
    """Runs in the scope of every organization.

    An address that somebody merely typed into their account is not theirs: mails to it may be somebody else's.
    """
    addresses = frozenset({user.email.lower(), *proven_addresses_of(user)})
    return Person(
        user=user,
        addresses=addresses,
        row_keys=frozenset(map(str, _keys_of_rows(user, addresses))),
        pseudonym=user.pseudonym,
        new_pseudonym=new_pseudonym or user.pseudonym,
    )


def _keys_of_rows(user: Any, addresses: frozenset[str]) -> list[UUID]:
    invited = Q(accepted_by=user)
    for address in addresses:
        invited |= Q(email__iexact=address)
    return [
        user.pk,
        *Membership.objects.filter(user=user).values_list("pk", flat=True),
        *ApiToken.objects.filter(user=user).values_list("pk", flat=True),
        *Invitation.objects.filter(invited).values_list("pk", flat=True),
    ]
