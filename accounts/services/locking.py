"""Changes of who belongs to an organization happen one after the other."""

from uuid import UUID

from accounts.models import Organization


def lock_organization(organization_id: UUID) -> Organization:
    """The organization, held until the end of the transaction: taken before memberships and invitations are read.

    Rows that merely point to it may still be written meanwhile.
    """
    return Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
