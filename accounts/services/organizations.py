"""Founding organisations."""

import secrets

from django.db import transaction

from accounts.models import Membership, Organization, Role, User


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
        owner, password = _find_or_make(owner_email)
        Membership.objects.create(organization=organization, user=owner, role=Role.OWNER)
    return organization, password


def _find_or_make(email: str) -> tuple[User, str | None]:
    found = User.objects.filter(email__iexact=email).first()
    if found is not None:
        return found, None
    password = secrets.token_urlsafe(12)
    return User.objects.create_user(email, password), password
