from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from core.tenancy import OrganizationModel, TenantKey, TenantOneToOne


class EnrollmentSource(models.TextChoices):
    SELF = "self", gettext_lazy("By themselves")
    INVITATION = "invitation", gettext_lazy("By invitation")
    OWNER = "owner", gettext_lazy("By an owner")
    CODE = "code", gettext_lazy("With a code")
    LIST = "list", gettext_lazy("From a list")


class Enrollment(OrganizationModel):
    """A learner in a course. Leaving keeps the history; that the course was completed is a row of its own."""

    course = TenantKey("courses.Course", models.CASCADE, related_name="enrollments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    is_active = models.BooleanField(default=True)
    ended_by_owner_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Until an owner grants it again, the learner stays out."
    )
    source = models.CharField(max_length=10, choices=EnrollmentSource, default=EnrollmentSource.SELF, editable=False)
    code = TenantKey(
        "courses.EnrollmentCode", models.SET_NULL, null=True, blank=True, editable=False, related_name="enrollments"
    )
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    ends_at = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("Until then the learner may open the course. Empty: no end.")
    )
    last_accessed_at = models.DateTimeField(db_default=Now())
    last_item = TenantKey("courses.ContentItem", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-last_accessed_at"]
        constraints = [models.UniqueConstraint(fields=["organization", "course", "user"], name="enrollment_once")]
        indexes = [models.Index(fields=["organization", "user", "-last_accessed_at"], name="enrollment_of_user")]

    def __str__(self) -> str:
        return str(self.course)


class Reason(models.TextChoices):
    WATCHED = "watched", gettext_lazy("Watched")
    READ = "read", gettext_lazy("Marked as done")
    PASSED = "passed", gettext_lazy("Quiz passed")
    BY_HAND = "by_hand", gettext_lazy("Marked as watched")
    HANDED_IN = "handed_in", gettext_lazy("Assignment handed in")
    GRADED = "graded", gettext_lazy("Assignment passed")
    EXCUSED = "excused", gettext_lazy("Excused")


class Completion(OrganizationModel):
    """An item that is settled for a learner: done, and how it came to be so, or excused from.

    Never taken back when the course changes. What is excused counts neither as done nor as to be done.
    """

    enrollment = TenantKey("courses.Enrollment", models.CASCADE, related_name="completions")
    item = TenantKey("courses.ContentItem", models.CASCADE, related_name="completions")
    reason = models.CharField(max_length=10, choices=Reason)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        help_text=gettext_lazy("Who excused the learner."),
    )  # fmt: skip
    completed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "enrollment", "item"], name="completion_once")]

    def __str__(self) -> str:
        return f"{self.item_id} done"


class CourseCompletion(OrganizationModel):
    """A learner has completed a course: when, and what counted then. Later edits of the course never take it away."""

    enrollment = TenantOneToOne("courses.Enrollment", models.CASCADE, related_name="course_completion")
    completed_at = models.DateTimeField(db_default=Now(), editable=False)
    counted = models.JSONField(default=list, editable=False, help_text="Keys of the items that counted then.")

    class Meta:
        ordering = ["-completed_at"]

    def __str__(self) -> str:
        return f"{self.enrollment_id} completed"
