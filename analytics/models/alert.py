from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.tenancy import BeforeScopeModel

CLEAR_SHARE = 0.8  # of the threshold, where nobody sets another


class Condition(models.TextChoices):
    FAILURES = "failures", _("Failed jobs")
    FAILURE_SHARE = "failure_share", _("Share of jobs that fail")
    WAITING_JOBS = "waiting_jobs", _("Jobs that wait")
    WAITING_TIME = "waiting_time", _("Time that the oldest job waits")
    DISK_SHARE = "disk_share", _("Free share of a disk")
    DISK_FREE = "disk_free", _("Free room on a disk")
    COST_DAY = "cost_day", _("AI cost of 24 hours")
    COST_MONTH = "cost_month", _("AI cost of the month")
    WORKER_SILENCE = "worker_silence", _("Silence of the workers")


#: The lower the worse.
FALLING = frozenset({Condition.DISK_SHARE, Condition.DISK_FREE})
#: What an organization can watch of itself; all else is the site's.
OF_ORGANIZATIONS = (Condition.FAILURES, Condition.FAILURE_SHARE, Condition.COST_DAY, Condition.COST_MONTH)


class AlertRule(BeforeScopeModel):
    """What is told to whom when a figure passes a threshold. Without an organization it is about the whole site.

    Hysteresis: raised at one threshold, over at another, so a figure that wavers is told once.
    """

    organization = models.ForeignKey("accounts.Organization", models.CASCADE, null=True, blank=True, related_name="+")
    condition = models.CharField(max_length=20, choices=Condition)
    is_active = models.BooleanField(_("on"), default=True)
    raise_at = models.FloatField(
        _("raised at"),
        validators=[MinValueValidator(0)],
        help_text=_("Jobs, percent, seconds, GB or US dollars, as the condition is counted."),
    )
    clear_at = models.FloatField(
        _("over at"), null=True, blank=True, validators=[MinValueValidator(0)],
        help_text=_("When the figure is as good as this. Empty: a fifth better than where it is raised."),
    )  # fmt: skip
    window_minutes = models.PositiveSmallIntegerField(
        _("minutes counted"),
        default=60,
        validators=[MinValueValidator(1)],
        help_text=_("Failures are counted over so many minutes."),
    )
    after_minutes = models.PositiveSmallIntegerField(
        _("minutes it lasts"), default=0, help_text=_("Told only when it has been so for this long without a break.")
    )
    recipients = ArrayField(models.EmailField(max_length=254), default=list, blank=True)
    webhook_url = models.CharField(
        _("webhook"), max_length=500, blank=True, validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("An address that gets JSON by POST; its “text” is what chat servers show."),
    )  # fmt: skip

    last_value = models.FloatField(null=True, blank=True, editable=False)
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    over_since = models.DateTimeField(null=True, blank=True, editable=False)
    raised_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["condition", "id"]
        verbose_name = _("alert")
        constraints = [
            models.CheckConstraint(
                condition=Q(organization=None) | Q(condition__in=OF_ORGANIZATIONS), name="alert_rule_in_its_place"
            ),
            models.CheckConstraint(condition=Q(window_minutes__range=(1, 10_080)), name="alert_rule_window"),
        ]

    def __str__(self) -> str:
        return str(Condition(self.condition).label) if self.condition else ""

    def clean(self) -> None:
        """Raises ValidationError where it would be over before it began."""
        if self.clear_at is None or self.raise_at is None:
            return
        if (self.clear_at < self.raise_at) if self.falls else (self.clear_at > self.raise_at):
            raise ValidationError({"clear_at": _("It must be better than the threshold, or the same.")})

    @property
    def falls(self) -> bool:
        return self.condition in FALLING

    @property
    def clears_at(self) -> float:
        if self.clear_at is not None:
            return self.clear_at
        return self.raise_at / CLEAR_SHARE if self.falls else self.raise_at * CLEAR_SHARE

    def is_over(self, value: float) -> bool:
        """At the threshold is over it."""
        return value <= self.raise_at if self.falls else value >= self.raise_at

    def is_calm(self, value: float) -> bool:
        """Better than where it clears, and not over the threshold, which may be the same."""
        if self.is_over(value):
            return False
        return value >= self.clears_at if self.falls else value <= self.clears_at


class SiteAlertRule(AlertRule):
    """One that is about the whole site, as its own page in the back office has it."""

    class Meta:
        proxy = True
        verbose_name = _("site alert")


class AlertIncident(BeforeScopeModel):
    """From when until when a rule was raised, and by which figures."""

    organization = models.ForeignKey("accounts.Organization", models.CASCADE, null=True, blank=True, related_name="+")
    rule = models.ForeignKey(AlertRule, models.CASCADE, related_name="incidents")
    raised_at = models.DateTimeField(db_default=Now())
    raised_value = models.FloatField()
    worst_value = models.FloatField()
    detail = models.CharField(max_length=500, blank=True, help_text="Such as which jobs failed most.")
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_value = models.FloatField(null=True, blank=True, help_text="None where the rule was switched off.")

    class Meta:
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["rule"], condition=Q(cleared_at=None), name="alert_incident_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(cleared_at=None) | Q(cleared_at__gte=F("raised_at")), name="alert_incident_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return str(self.rule_id)
