from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.tenancy import OrganizationModel


class AuditEntry(OrganizationModel):
    """Who did what to which row of this organization: the back office's history, and what platform staff did here."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    as_platform = models.BooleanField(
        "as platform staff", default=False, help_text="Done by a superuser who is no member here."
    )
    action = models.CharField(max_length=40, help_text="Such as “added”, “changed”, “role_changed”, “entered”.")
    model = models.CharField(max_length=80, blank=True, help_text="Label of the row's model, such as courses.Course.")
    object_id = models.CharField(max_length=64, blank=True)
    object_name = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=1000, blank=True)
    happened_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("activity")
        verbose_name_plural = _("activity")
        indexes = [
            models.Index(fields=["organization", "model", "object_id"], name="core_audit_of_row"),
            models.Index(fields=["organization", "-id"], name="core_audit_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_name}".strip()

    @property
    def words(self) -> str:
        """“Role changed”."""
        return capfirst(self.action.replace("_", " "))
