from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.tenancy import OrganizationModel

ALT_CHARACTERS = 300


class LibraryImage(OrganizationModel):
    """A picture for texts, as WebP. The same picture once more is the same row; its file never changes."""

    alt = models.CharField(
        _("description"),
        max_length=ALT_CHARACTERS,
        blank=True,
        help_text=_("What it shows, for people who cannot see it. Texts that show it already keep their own words."),
    )
    path = models.CharField(max_length=500, editable=False, help_text="In the storage.")
    width = models.PositiveIntegerField(editable=False, help_text="Pixels.")
    height = models.PositiveIntegerField(editable=False, help_text="Pixels.")
    size_bytes = models.BigIntegerField(_("size"), editable=False)
    digest = models.CharField(max_length=64, editable=False, help_text="SHA-256 of the file as it is kept.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("added"), db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("image")
        constraints = [models.UniqueConstraint(fields=["organization", "digest"], name="library_image_once")]

    def __str__(self) -> str:
        return self.alt or f"{self.width} × {self.height}"
