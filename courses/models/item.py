from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from core.tenancy import OrganizationManager, OrganizationModel, TenantKey, TenantOneToOne
from courses.models.course import A_PERCENT, AVAILABILITY_HELP
from courses.querysets import ContentItemQuerySet


class ItemType(models.TextChoices):
    VIDEO = "video", gettext_lazy("Video")
    TEXT = "text", gettext_lazy("Text")
    QUIZ = "quiz", gettext_lazy("Quiz")
    ASSIGNMENT = "assignment", gettext_lazy("Assignment")
    RESOURCE = "resource", gettext_lazy("Resource")


class ItemState(models.TextChoices):
    DRAFT = "draft", gettext_lazy("Draft")
    PUBLISHED = "published", gettext_lazy("Published")


#: The field in which an item of that type holds its one thing; a text holds its own words.
HELD_IN = {
    ItemType.VIDEO: "media",
    ItemType.QUIZ: "quiz",
    ItemType.ASSIGNMENT: "assignment",
    ItemType.RESOURCE: "resource",
}


def _holds_only(type: ItemType) -> Q:
    empty = {f"{field}__isnull": kind != type for kind, field in HELD_IN.items()}
    return Q(type=type, **empty)


HOLDS_ITS_ONE_THING = reduce(or_, (_holds_only(type) for type in ItemType))


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
    watched_from = models.PositiveSmallIntegerField(
        gettext_lazy("counts as watched from"), null=True, blank=True, validators=A_PERCENT,
        help_text=gettext_lazy("Percent of the video, 1–100. Empty: as the course says."),
    )  # fmt: skip
    media = TenantKey("media_library.Media", models.PROTECT, null=True, blank=True, related_name="content_items")
    quiz = TenantOneToOne("courses.Quiz", models.PROTECT, null=True, blank=True, related_name="item")
    assignment = TenantOneToOne("courses.Assignment", models.PROTECT, null=True, blank=True, related_name="item")
    resource = TenantOneToOne("courses.Resource", models.PROTECT, null=True, blank=True, related_name="item")
    text = models.TextField(blank=True, help_text="Markdown.")
    availability = models.JSONField(default=dict, blank=True, help_text=AVAILABILITY_HELP)
    metadata = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[Any] = OrganizationManager.from_queryset(ContentItemQuerySet)()

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["organization"], name="item_with_rules", condition=~Q(availability={}))]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "chapter", "position"],
                name="item_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["organization", "chapter", "media"],
                name="media_once_per_chapter",
                deferrable=models.Deferrable.IMMEDIATE,  # looked at after a statement: one may swap them
                violation_error_message=gettext_lazy("This media is already in the chapter."),
            ),
            models.CheckConstraint(
                condition=HOLDS_ITS_ONE_THING,
                name="item_holds_its_one_thing",
                violation_error_message=gettext_lazy("An item holds the one thing that its type says."),
            ),
            models.CheckConstraint(condition=Q(position__gt=0), name="item_position_from_1"),
            models.CheckConstraint(condition=Q(watched_from__range=(1, 100)), name="item_watched_from_percent"),
            models.CheckConstraint(
                condition=Q(estimated_minutes__isnull=True) | Q(estimated_minutes__gt=0), name="item_minutes_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.title
