"""How a library is put in order: categories, tags, credits."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.tenancy import OrganizationModel, TenantKey


class Category(OrganizationModel):
    """A shelf, possibly inside another one. Deleting it keeps its media."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80)
    parent = TenantKey("self", models.SET_NULL, null=True, blank=True, related_name="children")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "slug"],
                name="category_slug_once",
                violation_error_message="There is a category with this address already.",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")), name="category_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Tag(OrganizationModel):
    """A word that media is found by."""

    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=60)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "slug"],
                name="tag_slug_once",
                violation_error_message="There is a tag with this address already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MediaCategory(OrganizationModel):
    media = TenantKey("media_library.Media", models.CASCADE, related_name="media_categories")
    category = TenantKey("media_library.Category", models.CASCADE, related_name="media_categories")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "media", "category"], name="media_once_in_category")
        ]

    def __str__(self) -> str:
        return f"{self.media_id} in {self.category_id}"


class MediaTag(OrganizationModel):
    media = TenantKey("media_library.Media", models.CASCADE, related_name="media_tags")
    tag = TenantKey("media_library.Tag", models.CASCADE, related_name="media_tags")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "media", "tag"], name="media_tagged_once")]

    def __str__(self) -> str:
        return f"{self.media_id} as {self.tag_id}"


class Contribution(models.TextChoices):
    CREATOR = "creator", "Creator"
    PRODUCER = "producer", "Producer"
    EDITOR = "editor", "Editor"


class Credit(OrganizationModel):
    """What a person contributed: a member, or somebody known by name only."""

    media = TenantKey("media_library.Media", models.CASCADE, related_name="credits")
    contribution = models.CharField(max_length=10, choices=Contribution)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=120, help_text="As it is shown; for a member, theirs when it was given.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "media", "contribution", "name"],
                name="credit_once",
                violation_error_message="This person has this credit already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_contribution_display()}"
