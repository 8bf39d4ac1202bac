from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models.membership import Role
from core.tenancy import BeforeScopeModel


class InvitationState(models.TextChoices):
    PENDING = "pending", gettext_lazy("Waiting for an answer")
    ACCEPTED = "accepted", gettext_lazy("Accepted")
    EXPIRED = "expired", gettext_lazy("Expired")
    REVOKED = "revoked", gettext_lazy("Revoked")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> "InvitationQuerySet":
        """Neither accepted nor revoked, expired or not."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)

    def pending(self) -> "InvitationQuerySet":
        """Those whose link still opens."""
        return self.unanswered().filter(expires_at__gt=Now())


class Invitation(BeforeScopeModel):
    """An address asked to become a member. The link holds a secret of which only the digest is stored.

    Looked up by that digest before there is any organization in scope.
    """

    organization = models.ForeignKey("accounts.Organization", models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=10, choices=Role, default=Role.LEARNER)
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the secret, in hex.")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField(db_default=Now(), editable=False, help_text="When the last mail was written.")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: Any = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("email"),
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="accounts_invitation_once",
            )
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def state(self) -> InvitationState:
        """One that is closed only after its time had run out was closed by the schedule, not by an owner."""
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.revoked_at is not None and self.revoked_at < self.expires_at:
            return InvitationState.REVOKED
        return InvitationState.EXPIRED if self.expires_at <= timezone.now() else InvitationState.PENDING
