from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.tenancy import OrganizationModel, TenantKey


class ImportFormat(models.TextChoices):
    PASTED = "pasted", _("Pasted addresses")
    CSV = "csv", _("CSV")
    JSON = "json", _("JSON")
    MARKDOWN = "markdown", _("Markdown files")


class Import(OrganizationModel):
    """Things that somebody wants in the library, each in a row of its own."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    format = models.CharField(max_length=10, choices=ImportFormat, default=ImportFormat.PASTED)
    name = models.CharField(max_length=255, blank=True, help_text="Of the file, if there was one.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name or str(self.get_format_display())


class RowState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    ADDED = "added", _("Added")
    HERE = "here", _("Already here")
    LISTED = "listed", _("List, its videos below")
    REFUSED = "refused", _("Refused")


class ImportRow(OrganizationModel):
    """One thing to import, and what became of it."""

    batch = TenantKey("media_library.Import", models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField(help_text="Of the line or file, from 1; 0 for what a list held.")
    address = models.CharField(max_length=1000, blank=True)
    facts = models.JSONField(default=dict, blank=True, help_text="What was told besides, such as title and tags.")
    found_in = TenantKey("self", models.CASCADE, null=True, blank=True, related_name="found", help_text="The list.")
    state = models.CharField(max_length=10, choices=RowState, default=RowState.WAITING)
    media = TenantKey("media_library.Media", models.SET_NULL, null=True, blank=True, related_name="+")
    code = models.CharField(max_length=40, blank=True)
    message = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["organization", "batch", "state"], name="import_rows_by_state")]

    def __str__(self) -> str:
        return self.address or f"{self.position}"
