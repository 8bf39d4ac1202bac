"""Founding organisations."""

from django.db import transaction

from accounts.models import Organization, Role
from accounts.services.members import add_member


def create_organization(
    *, slug: str, name: str, owner_email: str, is_open: bool = False
) -> tuple[Organization, str | None]:
    """An organisation with its first owner, and that person's new password if the account had to be made.

    Raises ValidationError for a slug that is taken, reserved or no address.
    """
    organization = Organization(slug=slug, name=name, is_open=is_open)
    organization.full_clean()
    with transaction.atomic():
        organization.save()
        password = add_member(organization, email=owner_email, role=Role.OWNER)
    return organization, password
