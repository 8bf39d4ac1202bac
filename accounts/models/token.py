from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from core.constraints import SameOrganization
from core.tenancy import BeforeScopeModel


class Area(models.TextChoices):
    """What a token may be for; each area can be read, or read and written."""

    MEDIA = "media", _("Media library")
    COURSES = "courses", _("Courses")
    LEARNING = "learning", _("Enrollment, progress, watching")
    KNOWLEDGE = "knowledge", _("Search")
    ANALYTICS = "analytics", _("Analytics")
    MEMBERS = "members", _("Members and invitations")
    WEBHOOKS = "webhooks", _("Webhooks")


#: `courses:read`, `courses:write`, … Writing includes reading.
SCOPES = tuple(f"{area}:{verb}" for area in Area.values for verb in ("read", "write"))


class ApiToken(BeforeScopeModel, AbstractAuthToken):
    """An integrator's key to one organization. Only a digest is stored; the token itself is shown once."""

    digest = models.CharField(max_length=128, unique=True)  # knox makes it the key; ours is a UUIDv7 like everywhere
    organization = models.ForeignKey("accounts.Organization", models.CASCADE, related_name="+")
    membership = models.ForeignKey("accounts.Membership", models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    scopes = ArrayField(models.CharField(max_length=20, choices=[(scope, scope) for scope in SCOPES]), default=list)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints = [SameOrganization(field="membership", name="accounts_apitoken_membership_same_org")]

    def __str__(self) -> str:
        return self.name
