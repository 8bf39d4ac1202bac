"""Media in an order of somebody's own."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.tenancy import OrganizationManager, OrganizationModel, TenantKey
from media_library.querysets import PlaylistEntryQuerySet, PlaylistQuerySet


class PlaylistType(models.TextChoices):
    VIDEO = "video", _("Video")
    PODCAST = "podcast", _("Podcast")
    COURSE = "course", _("Course")


class PlaylistStatus(models.TextChoices):
    """A person's own list that is published is shared with everybody who may browse the organization's library."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class Playlist(OrganizationModel):
    """A list of media; one of the type `course` is what a course is made of. Without an owner it is the library's."""

    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    type = models.CharField(max_length=10, choices=PlaylistType, default=PlaylistType.VIDEO)
    status = models.CharField(max_length=10, choices=PlaylistStatus, default=PlaylistStatus.DRAFT)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+",
        help_text=_("Whose own list it is. Empty: the library's."),
    )  # fmt: skip
    cover_path = models.CharField(
        max_length=500, blank=True, editable=False,
        help_text=_("Where the chosen cover lies in the storage. Empty: the first picture of what stands in it."),
    )  # fmt: skip
    cover_bytes = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[Any] = OrganizationManager.from_queryset(PlaylistQuerySet)()

    class Meta:
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_published(self) -> bool:
        return self.status == PlaylistStatus.PUBLISHED


class PlaylistEntry(OrganizationModel):
    """Media at its place in a playlist, in which it stands once."""

    playlist = TenantKey("media_library.Playlist", models.CASCADE, related_name="entries")
    media = TenantKey("media_library.Media", models.CASCADE, related_name="playlist_entries")
    position = models.PositiveIntegerField(help_text=_("From 1."))

    objects: ClassVar[Any] = OrganizationManager.from_queryset(PlaylistEntryQuerySet)()

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "playlist entries"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "playlist", "media"],
                name="media_once_per_playlist",
                deferrable=models.Deferrable.IMMEDIATE,  # looked at after a statement: one may swap them
                violation_error_message=_("This media is already in the playlist."),
            ),
            models.CheckConstraint(condition=Q(position__gt=0), name="playlist_position_from_1"),
        ]

    def __str__(self) -> str:
        return str(self.media)
