from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Now

from core.tenancy import OrganizationModel


class Event(OrganizationModel):
    """Something that happened. Append-only, partitioned by month on its UUIDv7 key.

    So one column is key, time order, partition and idempotency. What an event is about is kept as plain keys: a fact
    outlives the things it names, and the learner is a pseudonym.
    """

    type = models.CharField(max_length=40)
    actor_id = models.UUIDField(null=True, help_text="Who made or changed something: the creator's pseudonym.")
    learner = models.UUIDField(null=True, help_text="Pseudonym of the learner.")
    media_id = models.UUIDField(null=True)
    course_id = models.UUIDField(null=True)
    chapter_id = models.UUIDField(null=True)
    item_id = models.UUIDField(null=True)
    metadata = models.JSONField(default=dict)
    seconds = models.GeneratedField(
        expression=Cast(KT("metadata__seconds"), models.IntegerField()),
        output_field=models.IntegerField(null=True),
        db_persist=True,
        help_text="Of `video_watched`: the seconds played, as a column because every day adds them up.",
    )
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField(db_default=Now())
    clock_skew = models.FloatField(
        null=True, help_text="Seconds by which the client's clock was ahead of ours when it sent this; null: ours."
    )

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization", "media_id", "occurred_at"], name="event_of_media"),
            models.Index(fields=["organization", "course_id", "occurred_at"], name="event_of_course"),
            models.Index(fields=["organization", "learner", "occurred_at"], name="event_of_learner"),
            models.Index(fields=["organization", "id"], condition=Q(type="search_made"), name="event_of_search"),
            BrinIndex(fields=["received_at"], name="event_by_arrival", pages_per_range=32, autosummarize=True),
        ]

    def __str__(self) -> str:
        return self.type
