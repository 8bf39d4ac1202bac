from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.tenancy import OrganizationModel, TenantKey
from media_library.models.transcript import Method

SOURCE_CHARACTERS = 20


class SourceAccount(OrganizationModel):
    """What an organization gave so that more works with one host. Secrets are sealed, and shown to nobody again."""

    source = models.CharField(max_length=SOURCE_CHARACTERS)
    sealed = models.TextField(editable=False, help_text="A JSON object, encrypted (core.secrets.seal).")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    findings = models.JSONField(
        default=list, blank=True, editable=False, help_text="Of the last check: objects with what, works and words."
    )
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["source"]
        verbose_name = _("source account")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "source"],
                name="source_account_once",
                violation_error_message=_("There are credentials for this source already."),
            )
        ]

    def __str__(self) -> str:
        return self.source

    @property
    def works(self) -> bool | None:
        """None before the first check."""
        return None if self.checked_at is None else all(one["works"] is not False for one in self.findings)


class HostMessage(OrganizationModel):
    """A webhook that was verified. Each counts once: what it changed is read from the host, never from the message."""

    account = TenantKey("media_library.SourceAccount", models.CASCADE, related_name="messages")
    key = models.CharField(max_length=100, help_text="The host's own name for this message.")
    type = models.CharField(max_length=80)
    received_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["organization", "account", "key"], name="host_message_once")]
        indexes = [models.Index(fields=["received_at"], name="host_message_age")]

    def __str__(self) -> str:
        return f"{self.type} {self.key}"


class Outcome(models.TextChoices):
    FOUND = "found", _("Found")
    NONE = "none", _("Nothing there")
    REFUSED = "refused", _("Not available")
    FAILED = "failed", _("Failed")
    SKIPPED = "skipped", _("Not needed")


class Rung(OrganizationModel):
    """How one attempt at the words of a media item ended, at one rung of the ladder (requirement T1)."""

    media = TenantKey("media_library.Media", models.CASCADE, related_name="rungs")
    job_id = models.UUIDField(help_text="The attempts of one job belong together.")
    method = models.CharField(max_length=10, choices=Method)
    outcome = models.CharField(max_length=10, choices=Outcome)
    code = models.CharField(max_length=40, blank=True)
    message = models.CharField(max_length=500, blank=True, help_text="For the creator.")
    detail = models.CharField(max_length=1000, blank=True, help_text="For operators.")
    seconds_taken = models.FloatField(default=0)
    happened_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "media", "job_id", "method"], name="rung_once_a_job")
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()}: {self.get_outcome_display()}"


class LengthReport(OrganizationModel):
    """How long a media item is, as one person's player says; believed where several agree (design.md, mechanism 3)."""

    media = TenantKey("media_library.Media", models.CASCADE, related_name="length_reports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seconds = models.FloatField()
    reported_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "media", "user"], name="length_report_once"),
            models.CheckConstraint(condition=Q(seconds__gt=0), name="length_report_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.seconds:g} s"
