from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from core.tenancy import OrganizationModel, TenantKey


class Assignment(OrganizationModel):
    """Work to hand in, as text, files or both. Without a pass mark handing in completes it, else a released grade."""

    title = models.CharField(max_length=200)
    instructions = models.TextField(blank=True, help_text="Markdown.")
    points = models.PositiveIntegerField(default=100, validators=[MinValueValidator(1)])
    pass_mark = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=gettext_lazy("Percent of the points, 0–100. Empty: handing in completes it."),
    )
    due_at = models.DateTimeField(null=True, blank=True)
    accepts_late = models.BooleanField(default=True, help_text=gettext_lazy("Also after the due date, marked as late."))
    takes_text = models.BooleanField(default=True)
    max_files = models.PositiveSmallIntegerField(default=3, help_text=gettext_lazy("0: no files."))
    max_submissions = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text=gettext_lazy("Empty: as many as needed.")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pass_mark__isnull=True) | Q(pass_mark__lte=100), name="assignment_pass_mark_percent"
            ),
            models.CheckConstraint(
                condition=Q(takes_text=True) | Q(max_files__gt=0),
                name="assignment_takes_something",
                violation_error_message=gettext_lazy("Take text, files, or both."),
            ),
            models.CheckConstraint(condition=Q(points__gt=0), name="assignment_has_points"),
        ]

    def __str__(self) -> str:
        return self.title


class SubmissionState(models.TextChoices):
    DRAFT = "draft", gettext_lazy("Draft")
    SUBMITTED = "submitted", gettext_lazy("Handed in")
    RETURNED = "returned", gettext_lazy("Returned")
    GRADED = "graded", gettext_lazy("Graded")


class Submission(OrganizationModel):
    """One try at an assignment. The learner sees points and feedback from `released_at` on, not before."""

    assignment = TenantKey("courses.Assignment", models.CASCADE, related_name="submissions")
    enrollment = TenantKey("courses.Enrollment", models.CASCADE, related_name="submissions")
    number = models.PositiveSmallIntegerField(help_text="From 1.")
    state = models.CharField(max_length=10, choices=SubmissionState, default=SubmissionState.DRAFT)
    text = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    is_late = models.BooleanField(default=False)
    points = models.DecimalField(
        max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(0))]
    )
    feedback = models.TextField(blank=True)
    graded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    graded_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "assignment", "enrollment", "number"], name="submission_number_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "assignment", "enrollment"],
                condition=Q(state__in=["draft", "submitted"]),
                name="submission_open_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "submitted_at"], condition=Q(state="submitted"), name="submission_to_grade"
            )
        ]

    def __str__(self) -> str:
        return f"Submission {self.number}"

    @property
    def is_released(self) -> bool:
        return self.released_at is not None

    @property
    def is_waiting(self) -> bool:
        """Handed in, and as far as the learner knows not answered yet."""
        return self.shown_state == SubmissionState.SUBMITTED

    @property
    def shown_state(self) -> SubmissionState:
        """As the learner knows it: what is graded and not released is still just handed in."""
        hidden = self.state == SubmissionState.GRADED and not self.is_released
        return SubmissionState.SUBMITTED if hidden else SubmissionState(self.state)

    @property
    def shown_points(self) -> Decimal | None:
        return self.points if self.is_released else None

    @property
    def shown_feedback(self) -> str:
        return self.feedback if self.is_released else ""


class SubmissionFile(OrganizationModel):
    """A file handed in. `path` is in the storage, never shown."""

    submission = TenantKey("courses.Submission", models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    path = models.CharField(max_length=500, editable=False)
    size_bytes = models.PositiveBigIntegerField(editable=False)
    content_type = models.CharField(max_length=100, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.name
