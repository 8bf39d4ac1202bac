from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy import OrganizationManager, OrganizationModel, TenantKey

TYPE_CHARACTERS = 40
URL_CHARACTERS = 1000


class OffReason(models.TextChoices):
    BY_HAND = "by_hand", _("Switched off by hand.")
    GONE = "gone", _("Switched off, because it answered 410: it wants nothing any more.")
    FAILING = "failing", _("Switched off, because it has taken nothing for a long time.")


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")
    SKIPPED = "skipped", _("Not sent")


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def hearing(self, type: str) -> "WebhookEndpointQuerySet":
        """Those that chose it, switched off or not."""
        return self.filter(events__contains=[type])


class WebhookEndpoint(OrganizationModel):
    """An address of somebody's program that is told what happens here. Its secret is sealed, and shown once.

    `failures` counts tries, `given_up` deliveries that failed one after the other since the last one that was taken.
    """

    name = models.CharField(max_length=80, help_text=_("You will recognize it by this name."))
    url = models.CharField(_("address"), max_length=URL_CHARACTERS, help_text=_("It begins with https://."))
    events = ArrayField(models.CharField(max_length=TYPE_CHARACTERS), verbose_name=_("what it is told"))
    with_names = models.BooleanField(
        _("with names and addresses"),
        default=False,
        help_text=_("People's names and e-mail addresses are sent along. Without, a pseudonym stands for each."),
    )
    sealed_secret = models.TextField(editable=False, help_text="Encrypted (core.secrets.seal).")
    sealed_old_secret = models.TextField(blank=True, editable=False, help_text="The one before, while it still signs.")
    old_secret_ends_at = models.DateTimeField(null=True, blank=True, editable=False)

    off_because = models.CharField(max_length=10, choices=OffReason, blank=True, editable=False)
    off_at = models.DateTimeField(null=True, blank=True, editable=False)
    delivered_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When it last took anything.")
    failures = models.PositiveIntegerField(default=0, editable=False)
    given_up = models.PositiveIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    slow_seconds = models.FloatField(default=0, editable=False, help_text="Of its last answer, where that was slow.")
    rests_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[Any] = OrganizationManager.from_queryset(WebhookEndpointQuerySet)()

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("webhook")
        constraints = [
            models.CheckConstraint(
                condition=Q(off_because="", off_at=None) | (~Q(off_because="") & Q(off_at__isnull=False)),
                name="webhook_off_since",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        return not self.off_because

    @property
    def old_secret_still_signs(self) -> bool:
        return self.old_secret_ends_at is not None and self.old_secret_ends_at > timezone.now()


class Delivery(OrganizationModel):
    """One message to one endpoint: the same id and content at each try.

    `attempts` is the log, the last ones of it: `{"at", "status", "milliseconds", "answer", "error"}` each. `payload`
    is empty where the person it told of was erased.
    """

    endpoint = TenantKey("analytics.WebhookEndpoint", models.CASCADE, related_name="deliveries")
    type = models.CharField(max_length=TYPE_CHARACTERS)
    learner = models.UUIDField(null=True, blank=True, help_text="Pseudonym of the person it tells of.")
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    turn = models.PositiveIntegerField(default=0, help_text="Counts the jobs put in line; those of earlier turns rest.")
    tries = models.PositiveSmallIntegerField(default=0, help_text="Since it was first sent, or sent again.")
    attempts = models.JSONField(default=list)
    next_try_at = models.DateTimeField(null=True, blank=True)
    occurred_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(fields=["organization", "endpoint", "state", "id"], name="delivery_of_endpoint"),
            models.Index(fields=["learner"], condition=Q(learner__isnull=False), name="delivery_of_learner"),
            models.Index(fields=["occurred_at"], name="delivery_age"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"

    @property
    def is_erased(self) -> bool:
        return not self.payload

    @property
    def last_attempt(self) -> dict[str, Any]:
        """Empty before the first one."""
        return self.attempts[-1] if self.attempts else {}

    @property
    def last_tried_at(self) -> datetime | None:
        return datetime.fromisoformat(self.last_attempt["at"]) if self.attempts else None
