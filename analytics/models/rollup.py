from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.tenancy import OrganizationModel, TenantKey


class MediaDay(OrganizationModel):
    """What happened to one media item on one day of the organization's time zone.

    A *view* is a started session; *watch time* the sum over sessions of their distinct seconds; the *completion rate*
    is completed ÷ started, per learner. A session belongs to the day on which it started, whenever it ends.
    """

    media = TenantKey("media_library.Media", models.CASCADE, related_name="days")
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)
    viewers = models.PositiveIntegerField(default=0, help_text="Distinct learners who started.")
    watch_seconds = models.PositiveBigIntegerField(default=0)
    completions = models.PositiveIntegerField(default=0, help_text="Distinct learners who reached 90 % that day.")
    completion_rate = models.FloatField(
        default=0, help_text="0–100: of those who started that day, who had completed it by the end of that day."
    )
    computed_at = models.DateTimeField(db_default=Now(), help_text="When these figures last changed.")

    class Meta:
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "media", "day"], name="media_day_once"),
            models.CheckConstraint(condition=Q(completion_rate__range=(0, 100)), name="media_day_rate"),
        ]

    def __str__(self) -> str:
        return f"{self.media_id} on {self.day}"


class RollupMark(OrganizationModel):
    """Up to when everything that happened is in the rollups: the next run redoes the days touched since.

    Set when a run has done all of its days, so that one that was interrupted is done again.
    """

    done_until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="rollup_mark_once")]

    def __str__(self) -> str:
        return f"Rolled up until {self.done_until}"
