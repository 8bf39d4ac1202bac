from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.tenancy import OrganizationModel, TenantKey

MOST_MEDIA = 60  # of one draft: what a model can put in order, and a maker can look through


class CourseDraftState(models.TextChoices):
    GENERATING = "generating", _("Being made")
    PROPOSED = "proposed", _("Waits for you")  # what would change in a course
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


class CourseDraftStep(models.TextChoices):
    """What a draft does now, or what it failed at."""

    MEDIA = "media", _("Media")
    OUTLINE = "outline", _("Outline")
    LESSONS = "lessons", _("Notes and quizzes")
    DONE = "done", _("Done")


class CourseDraft(OrganizationModel):
    """A course being made of media, or what it would become with more of them. What is done is never done again.

    `outline` has the shape of `knowledge.course_drafts.shapes.Outline`; so has `was`, the course as it stood when the
    outline was asked for: what a maker has changed since is the maker's. `told` is what a model answered, before it is
    checked: what was paid for is not asked again.
    """

    course = TenantKey("courses.Course", models.CASCADE, related_name="+")
    updates = models.BooleanField(default=False, help_text="The course was there before: a maker compares first.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    batch = TenantKey("media_library.Import", models.SET_NULL, null=True, related_name="+", help_text="What it awaits.")
    title = models.CharField(max_length=200, blank=True, help_text="As the maker wants it. Empty: as the outline says.")
    wants_notes = models.BooleanField(default=False)
    wants_quizzes = models.BooleanField(default=False)
    is_plain = models.BooleanField(default=False, help_text="In the order of the media, without asking a model.")
    state = models.CharField(max_length=10, choices=CourseDraftState, default=CourseDraftState.GENERATING)
    step = models.CharField(max_length=10, choices=CourseDraftStep, default=CourseDraftStep.MEDIA)
    outline = models.JSONField(default=dict, blank=True)
    was = models.JSONField(default=dict, blank=True)
    told = models.JSONField(default=dict, blank=True, help_text='{"media": keys in their order, "answer": of a model}.')
    model = models.CharField(max_length=120, blank=True, help_text="That wrote the outline. Empty: none.")
    prompt_label = models.CharField(max_length=60, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    left_out = models.PositiveIntegerField(default=0, help_text="Media beyond what one draft takes.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title or str(self.course)

    @property
    def is_live(self) -> bool:
        return self.state == CourseDraftState.GENERATING


class LessonState(models.TextChoices):
    UNWANTED = "unwanted", _("Not wanted")
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class CourseDraftEntry(OrganizationModel):
    """One media item of a draft, in the order in which it was chosen, and what was written about it."""

    draft = TenantKey("knowledge.CourseDraft", models.CASCADE, related_name="entries")
    media = TenantKey("media_library.Media", models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(help_text="From 1.")
    heading = models.CharField(max_length=200, blank=True, help_text="Of the playlist that it came from.")
    notes = models.CharField(max_length=10, choices=LessonState, default=LessonState.UNWANTED)
    quiz = models.CharField(max_length=10, choices=LessonState, default=LessonState.UNWANTED)
    notes_draft = TenantKey("knowledge.Draft", models.SET_NULL, null=True, blank=True, related_name="+")
    quiz_draft = TenantKey("knowledge.Draft", models.SET_NULL, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=500, blank=True, help_text="Why notes or a quiz failed.")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "draft", "media"], name="media_once_per_course_draft")
        ]

    def __str__(self) -> str:
        return str(self.media)
