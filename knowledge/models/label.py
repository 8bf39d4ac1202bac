"""What media is about: labels, on which media each one stands, and how it came there."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from core.tenancy import OrganizationManager, OrganizationModel, TenantKey, TenantOneToOne

NAME_CHARACTERS = 60


class LabelKind(models.TextChoices):
    """What a label says of one media item."""

    TOPIC = "topic", "Topic"  # what it is about, in words of its own
    KEYWORD = "keyword", "Keyword"  # a word that is said in it


class Origin(models.TextChoices):
    """Who put it there."""

    MODEL = "model", "Language model"
    STATISTICS = "statistics", "Counted words"
    PERSON = "person", "A person"


class Sentiment(models.TextChoices):
    """How it sounds."""

    POSITIVE = "positive", "Positive"
    NEUTRAL = "neutral", "Neutral"
    NEGATIVE = "negative", "Negative"
    MIXED = "mixed", "Mixed"


class Label(OrganizationModel):
    """A word or a few that media is found by. Capitals make no difference."""

    name = models.CharField(max_length=NAME_CHARACTERS)
    slug = models.CharField(max_length=80, help_text="In addresses; letters of all scripts.")

    objects: ClassVar[Any] = OrganizationManager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="label_slug_once"),
            models.UniqueConstraint(
                "organization", Lower("name"), name="label_name_once",
                violation_error_message="There is a label of this name already.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class MediaLabel(OrganizationModel):
    """A label on a media item. One that a person took away stays as `is_removed`, so that no machine puts it back."""

    media = TenantKey("media_library.Media", models.CASCADE, related_name="media_labels")
    label = TenantKey("knowledge.Label", models.CASCADE, related_name="media_labels")
    kind = models.CharField(max_length=10, choices=LabelKind)
    origin = models.CharField(max_length=10, choices=Origin)
    model = models.CharField(max_length=120, blank=True, help_text="The language model that named it.")
    prompt = models.CharField(max_length=60, blank=True, help_text="What that was told to do, with its version.")
    position = models.PositiveSmallIntegerField(default=0, help_text="From 0, the most telling one first.")
    is_removed = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[Any] = OrganizationManager()

    class Meta:
        ordering = ["-kind", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "media", "label"], name="label_once_on_media"),
            models.CheckConstraint(
                condition=Q(origin=Origin.MODEL) | Q(model="", prompt=""), name="label_model_if_it_named_it"
            ),
        ]
        indexes = [models.Index(fields=["organization", "label"], condition=Q(is_removed=False), name="labels_shown")]

    def __str__(self) -> str:
        return str(self.label)


class Labelling(OrganizationModel):
    """How the labels of a media item were made last, and what is known of it besides."""

    media = TenantOneToOne("media_library.Media", models.CASCADE, related_name="labelling")
    origin = models.CharField(max_length=10, choices=Origin, blank=True, help_text="Empty: no machine looked at it.")
    model = models.CharField(max_length=120, blank=True)
    prompt = models.CharField(max_length=60, blank=True)
    words_hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the words that were read.")
    spoken_seconds = models.FloatField(default=0, help_text="In which somebody speaks.")
    sentiment = models.CharField(max_length=10, choices=Sentiment, blank=True, help_text="Empty: nobody judged it.")
    is_sentiment_chosen = models.BooleanField(default=False, help_text="By a person: no machine changes it.")
    made_at = models.DateTimeField(null=True, help_text="When a machine looked at it last.")

    objects: ClassVar[Any] = OrganizationManager()

    def __str__(self) -> str:
        return f"{self.media_id} by {self.origin or 'nobody'}"
