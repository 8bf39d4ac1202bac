"""Asking many in at once: every line of a pasted list gets its own answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Invitation, Membership, Organization, Role
from accounts.services.addresses import members_by_address
from accounts.services.invitations import Letter, issue, refuse_flood
from accounts.services.locking import lock_organization
from core.errors import Refused

#: Each line is a mail and a few statements while the organization is held; more would keep others waiting.
MOST_AT_ONCE = 50
LONGEST_LINE = 320  # characters: a name and the longest address
LONGEST_ADDRESS = 254  # characters


class Outcome(models.TextChoices):
    """What became of one line."""

    INVITED = "invited", gettext_lazy("Invited")
    RENEWED = "renewed", gettext_lazy("Was invited already: now with this role, by a new link; the old one ends")
    MEMBER = "already_member", gettext_lazy("Is a member already")
    SUSPENDED = "suspended", gettext_lazy("Is suspended: reinstate them instead")
    REPEATED = "repeated", gettext_lazy("Stands in the list twice")
    INVALID = "not_an_address", gettext_lazy("Is not an e-mail address")


@dataclass(frozen=True)
class Answer:
    """A line as it was typed, what became of it, and the invitation if there is one now."""

    line: str
    outcome: Outcome
    invitation: Invitation | None = None


def invite(organization: Organization, lines: Iterable[str], *, role: Role, by: Any) -> list[Answer]:
    """Ask people to become members, each by a mail of their own; answers every line that is not empty, in order.

    Raises Refused: no_addresses, too_many_addresses, too_many_invitations (429).
    """
    typed = [line.strip()[:LONGEST_LINE] for line in lines if line.strip()]
    _refuse_count(len(typed))
    with transaction.atomic():
        held = lock_organization(organization.pk)
        refuse_flood(held, more=len(typed))
        return _answer(typed, Letter(held, role, by))


def _refuse_count(count: int) -> None:
    if not count:
        raise Refused("no_addresses", _("Write at least one e-mail address."), fields={"emails": [_("Required.")]})
    if count > MOST_AT_ONCE:
        words = _("At most %(most)d addresses at once.") % {"most": MOST_AT_ONCE}
        raise Refused("too_many_addresses", words, fields={"emails": [words]})


def _answer(lines: list[str], letter: Letter) -> list[Answer]:
    emails = [address_in(line) for line in lines]
    members = members_by_address(letter.organization, {email for email in emails if email})
    return [
        Answer(line, Outcome.REPEATED)
        if email and email in emails[:index]
        else _invite_one(line, email, members, letter)
        for index, (line, email) in enumerate(zip(lines, emails, strict=True))
    ]


def _invite_one(line: str, email: str | None, members: dict[str, Membership], letter: Letter) -> Answer:
    if email is None:
        return Answer(line, Outcome.INVALID)
    if (member := members.get(email)) is not None:
        return Answer(line, Outcome.MEMBER if member.is_active else Outcome.SUSPENDED)
    invitation, is_new = issue(email, letter)
    return Answer(line, Outcome.INVITED if is_new else Outcome.RENEWED, invitation)


def address_in(line: str) -> str | None:
    """The address of “ada@example.org” or “Ada Lovelace <ada@example.org>” in lower case, None if there is none."""
    email = parseaddr(line)[1].lower()
    try:
        validate_email(email)
    except ValidationError:
        return None
    return email if len(email) <= LONGEST_ADDRESS else None
