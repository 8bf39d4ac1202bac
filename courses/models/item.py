from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.tenancy import OrganizationManager, OrganizationModel, TenantKey, TenantOneToOne
from courses.querysets import ContentItemQuerySet


class ItemType(models.TextChoices):
    VIDEO = "video", "Video"
    TEXT = "text", "Text"
    QUIZ = "quiz", "Quiz"


class ItemState(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"


HOLDS_ITS_ONE_THING = (
    Q(type=ItemType.VIDEO, media__isnull=False, quiz__isnull=True)
    | Q(type=ItemType.TEXT, media__isnull=True, quiz__isnull=True)
    | Q(type=ItemType.QUIZ, media__isnull=True, quiz__isnull=False)
)


class ContentItem(OrganizationModel):
    """One step of a chapter: a type, and the one thing it holds. `video` is any media item, audio too."""

    chapter = TenantKey("courses.Chapter", models.CASCADE, related_name="items")
    type = models.CharField(max_length=10, choices=ItemType)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    position = models.PositiveIntegerField(help_text="From 1.")
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.PUBLISHED)
    is_required = models.BooleanField("required", default=True)
    estimated_minutes = models.PositiveIntegerField(null=True, blank=True)
    media = TenantKey("media_library.Media", models.PROTECT, null=True, blank=True, related_name="content_items")
    quiz = TenantOneToOne("courses.Quiz", models.PROTECT, null=True, blank=True, related_name="item")
    text = models.TextField(blank=True, help_text="Markdown.")
    metadata = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[Any] = OrganizationManager.from_queryset(ContentItemQuerySet)()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "chapter", "position"],
                name="item_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["organization", "chapter", "media"],
                name="media_once_per_chapter",
                violation_error_message="This media is already in the chapter.",
            ),
            models.CheckConstraint(
                condition=HOLDS_ITS_ONE_THING,
                name="item_holds_its_one_thing",
                violation_error_message="A video item needs media, a quiz item a quiz.",
            ),
            models.CheckConstraint(condition=Q(position__gt=0), name="item_position_from_1"),
            models.CheckConstraint(
                condition=Q(estimated_minutes__isnull=True) | Q(estimated_minutes__gt=0), name="item_minutes_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.title
