from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

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
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization", "media_id", "occurred_at"], name="event_of_media"),
            models.Index(fields=["organization", "course_id", "occurred_at"], name="event_of_course"),
            models.Index(fields=["organization", "learner", "occurred_at"], name="event_of_learner"),
            models.Index(
                fields=["organization", "media_id", "learner"],
                condition=Q(type="video_completed"),
                name="event_of_completion",
            ),
        ]

    def __str__(self) -> str:
        return self.type
