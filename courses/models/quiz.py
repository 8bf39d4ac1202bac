from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from core.tenancy import OrganizationModel, TenantKey


class QuestionKind(models.TextChoices):
    SINGLE_CHOICE = "single_choice", gettext_lazy("Single choice")
    MULTIPLE_CHOICE = "multiple_choice", gettext_lazy("Multiple choice")
    TRUE_FALSE = "true_false", gettext_lazy("True or false")
    SHORT_TEXT = "short_text", gettext_lazy("Short text")
    NUMERIC = "numeric", gettext_lazy("Number")


class Review(models.TextChoices):
    """When learners see what is right, and the feedback."""

    EACH = "each", gettext_lazy("After each attempt")
    LAST = "last", gettext_lazy("When passed, or after the last attempt")
    NEVER = "never", gettext_lazy("Never")


class GradeMethod(models.TextChoices):
    """Which attempts make the grade."""

    HIGHEST = "highest", gettext_lazy("The best attempt")
    LAST = "last", gettext_lazy("The last attempt")
    FIRST = "first", gettext_lazy("The first attempt")
    AVERAGE = "average", gettext_lazy("The average of all attempts")


class Quiz(OrganizationModel):
    """Questions graded on the server. What is right never leaves it before a review is allowed."""

    title = models.CharField(max_length=200)
    pass_mark = models.PositiveSmallIntegerField(
        default=60, validators=[MaxValueValidator(100)], help_text=gettext_lazy("Percent of the points, 0–100.")
    )
    max_attempts = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=gettext_lazy("Empty: as many as one likes."),
    )
    time_limit_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text=gettext_lazy("Empty: no limit.")
    )
    shuffles_questions = models.BooleanField(default=False)
    shuffles_options = models.BooleanField(default=False)
    review = models.CharField(max_length=10, choices=Review, default=Review.EACH)
    grade_method = models.CharField(max_length=10, choices=GradeMethod, default=GradeMethod.HIGHEST)

    class Meta:
        verbose_name_plural = "quizzes"
        constraints = [models.CheckConstraint(condition=Q(pass_mark__lte=100), name="quiz_pass_mark_percent")]

    def __str__(self) -> str:
        return self.title


class Question(OrganizationModel):
    """`options` is what a learner sees, `[{"key", "text"}]`; `answer` is what the server grades by, after its kind:

    `{"key"}` of a single choice, `{"keys": [...]}` of a multiple one, `{"key": "true" | "false"}`,
    `{"accepted": [texts]}`, `{"value", "tolerance"}` as decimal texts; with `"feedback": {key: text}` by option.
    """

    quiz = TenantKey("courses.Quiz", models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=15, choices=QuestionKind, default=QuestionKind.SINGLE_CHOICE)
    prompt = models.TextField()
    options = models.JSONField(default=list, blank=True)
    answer = models.JSONField(default=dict)
    feedback = models.TextField(blank=True, help_text=gettext_lazy("Shown when the review is allowed."))
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
