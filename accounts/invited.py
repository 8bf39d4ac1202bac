"""The invitation somebody came with, kept in their session through sign-up and log-in."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from accounts.models import Invitation
from accounts.services.invitations import pending_by_digest

SESSION_KEY = "invitation"


def keep_invitation(request: HttpRequest, invitation: Invitation) -> None:
    """Its digest: sessions lie in the database, where no secret belongs. Sign-up shows the invited address."""
    request.session[SESSION_KEY] = invitation.digest
    get_adapter().stash_verified_email(request, invitation.email)


def kept_invitation(request: HttpRequest) -> Invitation | None:
    """None where there is none, or it was answered, revoked or ran out meanwhile."""
    digest = request.session.get(SESSION_KEY)
    return pending_by_digest(digest) if digest else None


def forget_invitation(request: HttpRequest) -> None:
    if request.session.pop(SESSION_KEY, None):
        get_adapter().unstash_verified_email(request)


def is_invited_address(request: HttpRequest, email: str) -> bool:
    """Whether the link this session was opened with came to exactly that address: who has it has the mailbox."""
    invitation = kept_invitation(request)
    return invitation is not None and invitation.email == email.lower()
