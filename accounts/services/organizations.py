"""Founding organizations, and what their owners decide about them."""

from collections.abc import Mapping
from typing import Any, BinaryIO

from django.db import transaction

from accounts.models import Organization, Role
from accounts.services.branding import forget_logo, store_logo
from accounts.services.locking import lock_organization
from accounts.services.members import add_member
from core.announcements import announce
from core.audit import record
from core.lines import one_line


def create_organization(
    *, slug: str, name: str, owner_email: str, is_open: bool = False
) -> tuple[Organization, str | None]:
    """An organization with its first owner, and that person's new password if the account had to be made.

    Raises ValidationError for a slug that is taken, reserved or no address.
    """
    organization = Organization(slug=slug, name=one_line(name), is_open=is_open)
    organization.full_clean()
    with transaction.atomic():
        organization.save()
        password = add_member(organization, email=owner_email, role=Role.OWNER)
    return organization, password


def change_organization(organization: Organization, *, values: Mapping[str, Any], by: Any) -> Organization:
    """Set what owners may set: name, plan, time zone, who may come in, color, ceilings, when a video counts as watched.

    Raises ValidationError for what the fields do not allow.
    """
    with transaction.atomic():
        held = lock_organization(organization.pk)
        wanted = {field: one_line(value) if field == "name" else value for field, value in values.items()}
        changed = [field for field, value in wanted.items() if getattr(held, field) != value]
        for field in changed:
            setattr(held, field, wanted[field])
        held.full_clean(exclude={"slug"})
        if changed:
            held.save(update_fields=changed)
            record("settings_changed", by=by, row=held, detail=", ".join(changed))
            announce("organization_configured", held, fields=frozenset(changed))
    return held


def change_logo(organization: Organization, picture: BinaryIO | None, *, by: Any) -> None:
    """Show this picture in the frame of every page; None: none. The file shown before is deleted.

    Raises Refused: too_large_picture, not_a_picture.
    """
    path = store_logo(organization, picture) if picture is not None else ""
    with transaction.atomic():
        held = lock_organization(organization.pk)
        forget_logo(held.logo_path)
        held.logo_path = organization.logo_path = path
        held.save(update_fields=["logo_path"])
        record("logo_changed" if path else "logo_removed", by=by, row=held)
