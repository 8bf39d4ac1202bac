from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from core.tenancy import OrganizationModel, TenantKey


class AttemptState(models.TextChoices):
    IN_PROGRESS = "in_progress", gettext_lazy("In progress")
    GRADED = "graded", gettext_lazy("Graded")


class Attempt(OrganizationModel):
    """One try at a quiz, with a copy of its questions and rules as they were at its start.

    `questions` are the copies in the order shown, right answers included: never given out as they are. `rules` is
    `{"pass_mark", "time_limit_minutes", "review"}`. `answers` is `{question id: answer}`, saved while it runs;
    `results` `{question id: points}`.
    """

    quiz = TenantKey("courses.Quiz", models.CASCADE, related_name="attempts")
    enrollment = TenantKey("courses.Enrollment", models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField(help_text="From 1.")
    state = models.CharField(max_length=15, choices=AttemptState, default=AttemptState.GRADED)
    seed = models.PositiveIntegerField(default=0)
    questions = models.JSONField(default=list)
    rules = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    saved_at = models.DateTimeField(null=True, blank=True, help_text="When answers were last saved.")
    results = models.JSONField(default=dict)
    points = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    points_possible = models.PositiveIntegerField(default=0)
    passed = models.BooleanField(default=False)
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    deadline_at = models.DateTimeField(null=True, blank=True, help_text="Of the server's clock.")
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "quiz", "enrollment", "number"], name="attempt_number_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "quiz", "enrollment"],
                condition=Q(state="in_progress"),
                name="attempt_in_progress_once",
            ),
        ]

    def __str__(self) -> str:
        return f"Attempt {self.number}"

    @property
    def percent(self) -> int:
        """Points earned, 0–100, rounded down: a pass mark is reached or not."""
        return int(100 * self.points // self.points_possible) if self.points_possible else 0


class Grade(OrganizationModel):
    """What a learner has at a quiz, or at an assignment whose grade was released: percent 0–100."""

    enrollment = TenantKey("courses.Enrollment", models.CASCADE, related_name="grades")
    item = TenantKey("courses.ContentItem", models.CASCADE, related_name="grades")
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "enrollment", "item"], name="grade_once"),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="grade_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.percent} %"
