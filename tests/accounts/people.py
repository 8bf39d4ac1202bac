"""Finding and asking in people, for tests of members and invitations."""

import json
from urllib.parse import urlsplit

from django.core import mail

from accounts.models import Invitation, Membership, Organization, Role, User
from accounts.services.inviting import invite
from core.models import OutgoingMail
from core.secrets import unseal
from core.tenancy import organization_scope


def membership_of(user: User, organization: Organization) -> Membership:
    """As it is now, whatever is in scope."""
    with organization_scope(organization):
        return Membership.objects.get(user=user, organization=organization)


def invited(organization: Organization, email: str, *, role: Role = Role.LEARNER, by: User) -> Invitation:
    with organization_scope(organization):
        [answer] = invite(organization, [email], role=role, by=by)
    assert answer.invitation is not None
    return answer.invitation


def last_link(email: str) -> str:
    """Path of the link in the latest mail to an address, whether it waits or was sent."""
    with organization_scope(None):
        waiting = OutgoingMail.objects.filter(recipient=email).exclude(sealed_content="").order_by("id").last()
    if waiting is not None:
        text = json.loads(unseal(waiting.sealed_content))["text"]
    else:
        text = [sent for sent in mail.outbox if sent.to == [email]][-1].body
    return urlsplit(next(word for word in text.split() if word.startswith("http"))).path
