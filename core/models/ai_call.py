from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.tenancy import GlobalModel, OrganizationModel


class CallState(models.TextChoices):
    RESERVED = "reserved", _("Under way")  # its greatest cost counts against the ceiling already
    PAID = "paid", _("Paid")
    FAILED = "failed", _("Failed")  # nothing was paid


class Unit(models.TextChoices):
    SECONDS = "seconds", _("Seconds of sound")
    TOKENS = "tokens", _("Tokens")
    READ = "read", _("Tokens read")
    WRITTEN = "written", _("Tokens written")


class AiCall(OrganizationModel):
    """One call of a model provider and what it cost (requirement T3). Prices are settings."""

    provider = models.CharField(max_length=200, help_text="Host of the server that was asked.")
    model = models.CharField(max_length=100)
    purpose = models.CharField(max_length=20, help_text="Such as “transcription” or “embedding”.")
    unit = models.CharField(max_length=10, choices=Unit)
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    price = models.DecimalField(max_digits=14, decimal_places=9, help_text="US dollars for one unit.")
    cost = models.DecimalField(max_digits=12, decimal_places=6, help_text="US dollars; while reserved at most that.")
    state = models.CharField(max_length=10, choices=CallState, default=CallState.RESERVED)
    subject_id = models.UUIDField(null=True, blank=True, help_text="What it was for, such as a media item.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("AI call")
        constraints = [
            models.CheckConstraint(condition=Q(cost__gte=0) & Q(quantity__gte=0), name="ai_call_not_negative")
        ]
        indexes = [
            models.Index(fields=["organization", "started_at"], name="ai_call_by_month"),
            models.Index(fields=["organization", "subject_id"], name="ai_call_by_subject"),
            models.Index(fields=["started_at"], name="ai_call_by_time"),  # of all organizations together
        ]

    def __str__(self) -> str:
        return f"{self.purpose} by {self.model}"


class RequestPace(GlobalModel):
    """How many requests went to somebody in the present window, over all processes and machines of this site."""

    key = models.CharField(max_length=120, unique=True, help_text="Whom: a host, or a host and an account.")
    window_began_at = models.DateTimeField(db_default=Now())
    requests = models.PositiveIntegerField(default=0)
    held_until = models.DateTimeField(null=True, blank=True, help_text="They asked for a pause until then.")

    def __str__(self) -> str:
        return self.key
