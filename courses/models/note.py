from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.tenancy import OrganizationModel, TenantKey


class Note(OrganizationModel):
    """What a learner wrote down in a course, for themselves. Without words it is a bookmark.

    It outlives the item it was written at, whose title it then still carries. `at` is in seconds of its media.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    course = TenantKey("courses.Course", models.CASCADE, related_name="notes")
    item = TenantKey("courses.ContentItem", models.SET_NULL, null=True, blank=True, related_name="notes")
    item_title = models.CharField(max_length=200)
    at = models.FloatField(null=True, blank=True, help_text="Seconds; empty where nothing plays.")
    text = models.TextField(max_length=10_000, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["at", "created_at"]
        indexes = [models.Index(fields=["organization", "user", "course"], name="note_of_user")]
        constraints = [models.CheckConstraint(condition=Q(at__isnull=True) | Q(at__gte=0), name="note_at_a_time")]

    def __str__(self) -> str:
        return self.text[:80] or "Bookmark"
