from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from core.tenancy import OrganizationManager, OrganizationModel, TenantKey


class Collection(OrganizationModel):
    """Courses that belong together, possibly inside another collection. Deleting it keeps its courses."""

    title = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80)
    description = models.TextField(blank=True)
    parent = TenantKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    position = models.PositiveIntegerField(default=1, help_text="Among its siblings; from 1.")
    courses: Any = models.ManyToManyField(
        "courses.Course", through="courses.CollectedCourse", related_name="collections"
    )

    objects: ClassVar[Any] = OrganizationManager()

    class Meta:
        ordering = ["position", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "slug"],
                name="collection_slug_once",
                violation_error_message="Another collection already has this address.",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")), name="collection_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CollectedCourse(OrganizationModel):
    """A course in a collection, at its place."""

    collection = TenantKey("courses.Collection", models.CASCADE, related_name="entries")
    course = TenantKey("courses.Course", models.CASCADE, related_name="entries")
    position = models.PositiveIntegerField(default=1, help_text="From 1.")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "collection", "course"], name="course_once_per_collection")
        ]

    def __str__(self) -> str:
        return str(self.course)
