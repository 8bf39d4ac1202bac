from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.tenancy import OrganizationManager, OrganizationModel, TenantKey
from courses.querysets import CourseQuerySet


class Level(models.TextChoices):
    BEGINNER = "beginner", "Beginner"
    INTERMEDIATE = "intermediate", "Intermediate"
    ADVANCED = "advanced", "Advanced"


class CourseStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    GENERATING = "generating", "Being generated"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"


class Course(OrganizationModel):
    """What is taught: chapters of items, in order."""

    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80)
    description = models.TextField(blank=True, help_text="Markdown.")
    objectives = models.TextField(blank=True, help_text="What you will learn, one line each.")
    level = models.CharField(max_length=15, choices=Level, default=Level.BEGINNER)
    estimated_hours = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    instructors = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    thumbnail_path = models.CharField(max_length=500, blank=True, help_text="In the storage.")
    status = models.CharField(max_length=10, choices=CourseStatus, default=CourseStatus.DRAFT)
    is_published = models.BooleanField("published", default=False)
    published_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[Any] = OrganizationManager.from_queryset(CourseQuerySet)()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "slug"],
                name="course_slug_once",
                violation_error_message="Another course already has this address.",
            )
        ]
        indexes = [models.Index(fields=["organization", "is_published"], name="course_published")]

    def __str__(self) -> str:
        return self.title


class Chapter(OrganizationModel):
    course = TenantKey("courses.Course", models.CASCADE, related_name="chapters")
    title = models.CharField(max_length=200)
    position = models.PositiveIntegerField(help_text="From 1.")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "course", "position"],
                name="chapter_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(position__gt=0), name="chapter_position_from_1"),
        ]

    def __str__(self) -> str:
        return self.title
