from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.tenancy import OrganizationModel, TenantKey


class QuestionKind(models.TextChoices):
    SINGLE_CHOICE = "single_choice", "Single choice"


class Quiz(OrganizationModel):
    """Questions graded on the server. What is right never leaves it before an attempt was handed in."""

    title = models.CharField(max_length=200)
    pass_mark = models.PositiveSmallIntegerField(default=60, help_text="Percent of the points, 0–100.")
    max_attempts = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: as many as one likes.")

    class Meta:
        verbose_name_plural = "quizzes"
        constraints = [models.CheckConstraint(condition=Q(pass_mark__lte=100), name="quiz_pass_mark_percent")]

    def __str__(self) -> str:
        return self.title


class Question(OrganizationModel):
    """`options` is what a learner sees, `[{"key", "text"}]`; `answer` is what the server grades by, `{"key"}`."""

    quiz = TenantKey("courses.Quiz", models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=15, choices=QuestionKind, default=QuestionKind.SINGLE_CHOICE)
    prompt = models.TextField()
    options = models.JSONField(default=list)
    answer = models.JSONField(default=dict)
    feedback = models.TextField(blank=True, help_text="Shown after the attempt.")
    points = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveIntegerField(help_text="From 1.")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "quiz", "position"],
                name="question_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(points__gt=0), name="question_has_points"),
        ]

    def __str__(self) -> str:
        return self.prompt


class Attempt(OrganizationModel):
    """One handed-in set of answers `{question id: key}`, with what it earned: `results` is `{question id: points}`."""

    quiz = TenantKey("courses.Quiz", models.CASCADE, related_name="attempts")
    enrollment = TenantKey("courses.Enrollment", models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField(help_text="From 1.")
    answers = models.JSONField(default=dict)
    results = models.JSONField(default=dict)
    points = models.PositiveIntegerField(default=0)
    points_possible = models.PositiveIntegerField(default=0)
    passed = models.BooleanField(default=False)
    submitted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "quiz", "enrollment", "number"], name="attempt_number_once")
        ]

    def __str__(self) -> str:
        return f"Attempt {self.number}"

    @property
    def percent(self) -> int:
        """Points earned, 0–100, rounded down: a pass mark is reached or not."""
        return 100 * self.points // self.points_possible if self.points_possible else 0
