from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.tenancy import OrganizationModel, TenantKey


class Enrollment(OrganizationModel):
    """A learner in a course. Leaving keeps the history."""

    course = TenantKey("courses.Course", models.CASCADE, related_name="enrollments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    is_active = models.BooleanField(default=True)
    ended_by_owner_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Until an owner grants it again, the learner stays out."
    )
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    last_accessed_at = models.DateTimeField(db_default=Now())
    last_item = TenantKey("courses.ContentItem", models.SET_NULL, null=True, blank=True, related_name="+")
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-last_accessed_at"]
        constraints = [models.UniqueConstraint(fields=["organization", "course", "user"], name="enrollment_once")]
        indexes = [models.Index(fields=["organization", "user", "-last_accessed_at"], name="enrollment_of_user")]

    def __str__(self) -> str:
        return str(self.course)


class Reason(models.TextChoices):
    WATCHED = "watched", "Watched"
    READ = "read", "Marked as done"
    PASSED = "passed", "Quiz passed"
    BY_HAND = "by_hand", "Marked as watched"


class Completion(OrganizationModel):
    """An item a learner has done, and how it came to be so. Never taken back when the course changes."""

    enrollment = TenantKey("courses.Enrollment", models.CASCADE, related_name="completions")
    item = TenantKey("courses.ContentItem", models.CASCADE, related_name="completions")
    reason = models.CharField(max_length=10, choices=Reason)
    completed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "enrollment", "item"], name="completion_once")]

    def __str__(self) -> str:
        return f"{self.item_id} done"
