from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.tenancy import OrganizationModel, TenantKey


def _learners(what: str) -> "ArrayField[list[UUID], list[UUID]]":
    """Pseudonyms in order. Distinct learners cannot be added up from days: over any range they are counted here."""
    return ArrayField(models.UUIDField(), default=list, help_text=what)


class MediaDay(OrganizationModel):
    """What happened to one media item on one day of the organization's time zone.

    A *view* is a started session; *watch time* the sum over sessions of their distinct seconds, told when a session
    ends; a *viewer* a distinct learner of that day's views; the *completion rate* is, of those viewers, how many
    reached the end for the first time that day. All of it follows from the events of that day alone.
    """

    media = TenantKey("media_library.Media", models.CASCADE, related_name="days")
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)
    viewers = models.PositiveIntegerField(default=0, help_text="Distinct learners who viewed.")
    starts = models.PositiveIntegerField(default=0, help_text="Learners whose first view was on that day.")
    watch_seconds = models.PositiveBigIntegerField(default=0)
    completions = models.PositiveIntegerField(default=0, help_text="Learners who reached 90 % for the first time.")
    completion_rate = models.FloatField(default=0, help_text="0–100: of that day's viewers, who completed that day.")
    ai_interactions = models.PositiveIntegerField(default=0, help_text="Questions asked about it.")
    viewer_keys = _learners("Who viewed.")
    finisher_keys = _learners("Who reached 90 % for the first time.")
    computed_at = models.DateTimeField(db_default=Now(), help_text="When these figures last changed.")

    class Meta:
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "media", "day"], name="media_day_once"),
            models.CheckConstraint(condition=Q(completion_rate__range=(0, 100)), name="media_day_rate"),
        ]
        indexes = [models.Index(fields=["organization", "day"], name="media_day_by_day")]

    def __str__(self) -> str:
        return f"{self.media_id} on {self.day}"


class CourseDay(OrganizationModel):
    """What happened in one course on one day of the organization's time zone."""

    course = TenantKey("courses.Course", models.CASCADE, related_name="days")
    day = models.DateField()
    enrollments = models.PositiveIntegerField(default=0)
    learners = models.PositiveIntegerField(default=0, help_text="Distinct learners who did anything in it.")
    views = models.PositiveIntegerField(default=0, help_text="Visits to videos opened from its lessons.")
    watch_seconds = models.PositiveBigIntegerField(default=0)
    items_completed = models.PositiveIntegerField(default=0)
    completions = models.PositiveIntegerField(default=0, help_text="Learners who completed the course.")
    quizzes_submitted = models.PositiveIntegerField(default=0)
    quizzes_passed = models.PositiveIntegerField(default=0)
    quiz_percents = models.FloatField(default=0, help_text="Sum of the percents (0–100) of the quizzes submitted.")
    assignments_submitted = models.PositiveIntegerField(default=0)
    ai_interactions = models.PositiveIntegerField(default=0, help_text="Questions asked in it.")
    learner_keys = _learners("Who did anything in it.")
    computed_at = models.DateTimeField(db_default=Now(), help_text="When these figures last changed.")

    class Meta:
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "course", "day"], name="course_day_once"),
            models.CheckConstraint(condition=Q(quizzes_passed__lte=F("quizzes_submitted")), name="course_day_passed"),
        ]
        indexes = [models.Index(fields=["organization", "day"], name="course_day_by_day")]

    def __str__(self) -> str:
        return f"{self.course_id} on {self.day}"


class RollupMark(OrganizationModel):
    """Up to when everything that happened is in the rollups: the next run redoes the days touched since.

    Set when a run has done all of its days, so that one that was interrupted is done again.
    """

    done_until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="rollup_mark_once")]

    def __str__(self) -> str:
        return f"Rolled up until {self.done_until}"
