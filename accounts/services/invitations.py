"""Asking people in: a mail with a link that opens once."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Invitation, Organization, Role
from accounts.services.locking import lock_organization
from core.audit import record
from core.errors import Refused
from core.lines import one_line
from core.mail import send_mail
from core.models import OutgoingMail
from core.secrets import digest_of, new_secret
from core.tenancy import organization_scope

MAIL = "accounts/mail/invitation"
DAY = timedelta(days=1)
#: Mails an organization sends to one address in a day: enough for a link that got lost, too few to pester somebody.
MOST_TO_ONE_ADDRESS = 5


@dataclass(frozen=True)
class Letter:
    """Whom an organization asks in, as what, and who of it does."""

    organization: Organization
    role: Role
    by: Any


def issue(email: str, letter: Letter) -> tuple[Invitation, bool]:
    """A new invitation of an address, or the one it has with a new link; answers whether it is new.

    Within a transaction that holds the organization. Raises Refused: too_many_invitations (429).
    """
    found = Invitation.objects.unanswered().filter(organization=letter.organization, email=email).first()
    invitation = found or Invitation(organization=letter.organization, email=email)
    invitation.role = letter.role
    _send(invitation, by=letter.by)
    record("invitation_sent" if found is None else "invitation_renewed", by=letter.by, row=invitation)
    return invitation, found is None


def resend(invitation: Invitation, *, by: Any) -> Invitation:
    """The same invitation by a new link, valid from today; links sent before open nothing any more.

    Raises Refused: invitation_ended (409), too_many_invitations (429).
    """
    with transaction.atomic():
        organization = lock_organization(invitation.organization_id)
        held = _hold(invitation)
        refuse_flood(organization, more=1)
        _send(held, by=by)
        record("invitation_renewed", by=by, row=held)
    return held


def revoke(invitation: Invitation, *, by: Any) -> None:
    """Its link opens nothing from now on. Raises Refused: invitation_ended."""
    with transaction.atomic():
        lock_organization(invitation.organization_id)
        held = _hold(invitation)
        Invitation.objects.filter(pk=held.pk).update(revoked_at=Now())
        record("invitation_revoked", by=by, row=held)


def expire_invitations() -> int:
    """Close those whose time has run out, so that they stand in no list. Answers how many there were."""
    with organization_scope(None):
        due = Invitation.objects.unanswered().filter(expires_at__lte=Now())
        organizations = list(due.order_by().values_list("organization", flat=True).distinct())
    return sum(_expire_in(organization_id) for organization_id in organizations)


def _expire_in(organization_id: Any) -> int:
    with organization_scope(organization_id), transaction.atomic():
        lock_organization(organization_id)
        mine = Invitation.objects.unanswered().filter(organization=organization_id)
        expired = list(mine.filter(expires_at__lte=Now()))
        mine.filter(pk__in=[one.pk for one in expired]).update(revoked_at=Now())
        for invitation in expired:
            record("invitation_expired", by=None, row=invitation)
    return len(expired)


def refuse_flood(organization: Organization, *, more: int) -> None:
    """Counts what the outbox took in a day, whoever asked for it. Raises Refused: too_many_invitations (429)."""
    _refuse_flood_of(_sent_lately(organization).count() + more)


def _refuse_flood_of(count: int) -> None:
    if count > settings.INVITATIONS_A_DAY:
        words = _("An organization sends at most %(most)d invitations a day. Please go on tomorrow.")
        raise Refused("too_many_invitations", words % {"most": settings.INVITATIONS_A_DAY}, status=429)


def _refuse_pestering(email: str, sent: int) -> None:
    """Counts by address, so that revoking an invitation and asking again is no way around."""
    if sent >= MOST_TO_ONE_ADDRESS:
        words = _("%(email)s got %(most)d invitations within a day. Please go on tomorrow.")
        values = {"email": email, "most": MOST_TO_ONE_ADDRESS}
        raise Refused("too_many_invitations", words % values, status=429)


@dataclass
class Postbag:
    """How many invitations an organization has sent within a day, altogether and to each address."""

    count: int
    by_address: Counter[str]

    def put(self, email: str) -> None:
        """One more, as sending it would count. Raises Refused as sending it would: too_many_invitations (429)."""
        _refuse_flood_of(self.count + 1)
        _refuse_pestering(email, self.by_address[email])
        self.count += 1
        self.by_address[email] += 1


def postbag_of(organization: Organization) -> Postbag:
    """What was sent lately, in one statement; holds no more addresses than may be written to in a day."""
    sent = _sent_lately(organization).order_by().values_list("recipient").annotate(count=Count("pk"))
    by_address: Counter[str] = Counter(dict(sent))
    return Postbag(by_address.total(), by_address)


def _sent_lately(organization: Organization) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(organization=organization, kind=MAIL, created_at__gt=Now() - DAY)


def _send(invitation: Invitation, *, by: Any) -> None:
    """Give it a secret that only the mail knows, and start its time anew."""
    sent = _sent_lately(invitation.organization).filter(recipient=invitation.email).count()
    _refuse_pestering(invitation.email, sent)
    secret, invitation.digest = new_secret()
    invitation.expires_at = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    invitation.invited_by = by if by is not None and by.is_authenticated else None
    invitation.sent_at = Now()
    invitation.save()
    invitation.refresh_from_db(fields=["sent_at"])
    context = {
        "inviter": one_line(str(by or invitation.organization)),
        "role": invitation.get_role_display(),
        "link": settings.SITE_URL.rstrip("/") + reverse("invitation", args=[secret]),
        "days": settings.INVITATION_DAYS,
    }
    send_mail(MAIL, to=invitation.email, context=context, organization=invitation.organization)


def _hold(invitation: Invitation) -> Invitation:
    """As it is now that the organization is held; also one that expired, because it can be renewed."""
    held = Invitation.objects.unanswered().select_related("organization").filter(pk=invitation.pk).first()
    if held is None:
        raise Refused("invitation_ended", _("This invitation has been answered or revoked."), status=409)
    return held


def pending_by_digest(digest: str) -> Invitation | None:
    """The invitation whose link still opens; looked up before any organization is in scope."""
    found: Invitation | None = Invitation.objects.pending().select_related("organization").filter(digest=digest).first()
    return found


def pending_by_secret(secret: str) -> Invitation | None:
    return pending_by_digest(digest_of(secret))
