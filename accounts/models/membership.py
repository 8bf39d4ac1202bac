from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, Lower, Now, NullIf
from django.utils.translation import gettext_lazy as _

from core.constraints import TenantIdentity
from core.tenancy import BeforeScopeModel


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    CREATOR = "creator", _("Creator")
    LEARNER = "learner", _("Learner")
    CUSTOMER = "customer", _("Customer")


MAKERS = frozenset({Role.OWNER, Role.CREATOR})


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        return self.filter(is_active=True)

    def making(self) -> "MembershipQuerySet":
        """Those who make content: the back office is theirs."""
        return self.active().filter(role__in=MAKERS)

    def in_charge_of(self, organization_id: UUID) -> "MembershipQuerySet":
        """Those who decide about it: its owners whose account is open."""
        return self.active().filter(organization=organization_id, role=Role.OWNER, user__is_active=True)

    def present_in(self, organization: Any) -> "MembershipQuerySet":
        """Active and suspended ones, without those that ended."""
        return self.filter(organization=organization, removed_at__isnull=True)

    def search(self, words: str) -> "MembershipQuerySet":
        return self.filter(models.Q(user__name__icontains=words) | models.Q(user__email__icontains=words))

    def by_name(self) -> "MembershipQuerySet":
        shown = Coalesce(NullIf("user__name", models.Value("")), "user__email")
        return self.order_by(Lower(shown), "pk")

    def of(self, user: Any) -> "MembershipQuerySet":
        return self.active().filter(user=user).select_related("organization")


class Membership(BeforeScopeModel):
    """A person's role in an organization. Looked up in order to open the scope."""

    organization = models.ForeignKey("accounts.Organization", models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.LEARNER)
    is_active = models.BooleanField(default=True)
    removed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Set when an owner ended it; a suspended one has none."
    )
    last_active_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="To the hour.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["organization__name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="accounts_membership_once"),
            TenantIdentity(fields=["organization", "id"], name="accounts_membership_identity"),
            models.CheckConstraint(
                condition=models.Q(removed_at__isnull=True) | models.Q(is_active=False),
                name="accounts_membership_removed_is_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.organization}"

    @property
    def is_suspended(self) -> bool:
        return not self.is_active and self.removed_at is None
