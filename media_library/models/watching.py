from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.fields import SecondsField
from core.tenancy import OrganizationManager, OrganizationModel, TenantKey
from media_library.querysets import WatchRecordQuerySet

COMPLETED_FROM = 90  # percent (requirement W1)


class Device(models.TextChoices):
    DESKTOP = "desktop", "Desktop"
    MOBILE = "mobile", "Mobile"
    TABLET = "tablet", "Tablet"


class Referrer(models.TextChoices):
    COURSE_PAGE = "course_page", "Course page"
    DIRECT_LINK = "direct_link", "Direct link"
    SEARCH = "search", "Search"
    CHAT_REFERENCE = "chat_reference", "Chat reference"


class WatchSession(OrganizationModel):
    """One visit: what was played between opening the player and leaving it."""

    media = TenantKey("media_library.Media", models.CASCADE, related_name="watch_sessions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    context_id = models.UUIDField(
        null=True, blank=True, help_text="What it was opened from on a higher floor, such as a content item."
    )
    device = models.CharField(max_length=10, choices=Device, default=Device.DESKTOP)
    referrer = models.CharField(max_length=15, choices=Referrer, default=Referrer.DIRECT_LINK)
    seconds = SecondsField(default=list, help_text="The whole seconds really played in this visit.")
    watched_seconds = models.PositiveIntegerField(default=0)
    position = models.FloatField(default=0, help_text="Seconds; where the playhead was last.")
    speed = models.FloatField(default=1)
    percent = models.FloatField(default=0)
    completed = models.BooleanField(default=False)
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    last_beat_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)
    left_open = models.BooleanField(
        default=False, help_text="Ended by silence, not by its player: what it still reports late opens it again."
    )
    told_seconds = models.PositiveIntegerField(default=0, help_text="So many of those played were announced.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(completed=False) | Q(percent__gte=COMPLETED_FROM), name="session_completed_means_90"
            ),
            models.CheckConstraint(condition=Q(percent__range=(0, 100)), name="session_percent"),
        ]
        indexes = [
            models.Index(fields=["organization", "media", "started_at"], name="session_by_media"),
            models.Index(fields=["organization", "user", "media"], name="session_by_learner"),
            models.Index(fields=["last_beat_at"], condition=Q(ended_at__isnull=True), name="session_open"),
        ]

    def __str__(self) -> str:
        return f"Visit to {self.media_id}"


class WatchRecord(OrganizationModel):
    """What one learner has seen of one media item: the union of all visits. Completion and resume read this fact."""

    media = TenantKey("media_library.Media", models.CASCADE, related_name="watch_records")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seconds = SecondsField(default=list)
    watched_seconds = models.PositiveIntegerField(default=0)
    percent = models.FloatField(default=0, help_text="Of the length, 0–100; falls only by a reset.")
    position = models.FloatField(default=0, help_text="Seconds; apart from coverage, moves with the playhead.")
    credit = models.FloatField(
        default=0, help_text="Seconds the clock still allows to see for the first time, over all visits together."
    )
    visit_credit = models.FloatField(
        default=0, help_text="Seconds the clock still allows to play in visits, in all of them together."
    )
    credited_at = models.DateTimeField(db_default=Now())
    completed_at = models.DateTimeField(null=True, blank=True)
    again = SecondsField(
        default=list, help_text="Seen once more, in visits that began after it was last watched to the end."
    )
    rounds = models.PositiveIntegerField(default=0, help_text="How often it was watched to the end once more.")
    repeated_at = models.DateTimeField(null=True, blank=True, help_text="When the last of those rounds was full.")
    told_percent = models.FloatField(
        default=0, help_text="What was reached before a reset: milestones up to it are not told a second time."
    )
    updated_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = OrganizationManager.from_queryset(WatchRecordQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "media", "user"], name="watch_record_once"),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(percent__gte=COMPLETED_FROM),
                name="record_completed_means_90",
            ),
            models.CheckConstraint(condition=Q(percent__range=(0, 100)), name="record_percent"),
        ]
        indexes = [models.Index(fields=["organization", "user", "-updated_at"], name="record_history")]

    def __str__(self) -> str:
        return f"{self.percent:.0f} % of {self.media_id}"
