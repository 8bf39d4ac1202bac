from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.tenancy import OrganizationModel, TenantKey

QUESTION_CHARACTERS = 300


class Reach(models.TextChoices):
    """How far a conversation looks."""

    LESSON = "lesson", _("This lesson")
    COURSE = "course", _("This course")
    LIBRARY = "library", _("The whole library")


class AnswerState(models.TextChoices):
    PENDING = "pending", _("Being answered")
    ANSWERED = "answered", _("Answered")
    NOT_HELD = "not_held", _("The material does not hold it")
    BROKEN = "broken", _("Broke off")


class AnswerManner(models.TextChoices):
    WRITTEN = "written", _("Written by a language model")
    QUOTED = "quoted", _("Passages, quoted")


class Thumb(models.TextChoices):
    NONE = "", _("No opinion")
    UP = "up", _("Helpful")
    DOWN = "down", _("Not helpful")


class Conversation(OrganizationModel):
    """Questions of one person, one after the other, about a lesson, a course or the library. Nobody else reads it; who
    makes the content reads single questions and answers, and not whose they are.

    It outlives what it was about: then it can be read, and nothing more be asked in it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reach = models.CharField(max_length=10, choices=Reach)
    course = TenantKey("courses.Course", models.SET_NULL, null=True, related_name="+")
    item = TenantKey("courses.ContentItem", models.SET_NULL, null=True, related_name="+")
    media = TenantKey("media_library.Media", models.SET_NULL, null=True, related_name="+")
    title = models.CharField(max_length=QUESTION_CHARACTERS, help_text="Its first question.")
    about = models.CharField(max_length=200, blank=True, help_text="Title of the lesson or course.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    asked_at = models.DateTimeField(db_default=Now(), help_text="The last time.")

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["organization", "user", "-asked_at"], name="conversation_of_user")]

    def __str__(self) -> str:
        return self.title


class Answer(OrganizationModel):
    """A question and what was answered: sentences, each with the numbers of its citations as `[1]`."""

    conversation = TenantKey("knowledge.Conversation", models.CASCADE, related_name="answers")
    question = models.CharField(max_length=QUESTION_CHARACTERS)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=AnswerState, default=AnswerState.PENDING)
    manner = models.CharField(max_length=10, choices=AnswerManner, default=AnswerManner.WRITTEN)
    problem = models.CharField(max_length=30, blank=True, help_text="Code of what went wrong.")
    model = models.CharField(max_length=120, blank=True)
    prompt = models.CharField(max_length=40, blank=True, help_text="Name and version, such as “answer/1”.")
    thumb = models.CharField(max_length=4, choices=Thumb, default=Thumb.NONE, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["organization", "conversation"], name="answer_of_conversation")]

    def __str__(self) -> str:
        return self.question


class Citation(OrganizationModel):
    """What an answer quotes, as it was then: the passage may be cut anew, or go."""

    answer = TenantKey("knowledge.Answer", models.CASCADE, related_name="citations")
    passage = TenantKey("knowledge.Passage", models.SET_NULL, null=True, related_name="+")
    media = TenantKey("media_library.Media", models.SET_NULL, null=True, related_name="+")
    item = TenantKey("courses.ContentItem", models.SET_NULL, null=True, related_name="+")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField(help_text="Of the passage.")
    quote = models.TextField(help_text="The sentence of it that the answer leans on.")
    start = models.FloatField(null=True, help_text="Seconds; empty for what is written.")
    speaker = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "answer", "number"], name="citation_number_once"),
            models.CheckConstraint(condition=Q(start__isnull=True) | Q(start__gte=0), name="citation_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"[{self.number}] {self.title}"
