from django.db import models
from django.db.models.functions import Now

from core.tenancy import OrganizationModel, TenantKey

#: In the folder of a storyboard: which part of which sheet shows which seconds, as WebVTT.
PREVIEWS = "previews.vtt"


class Storyboard(OrganizationModel):
    """Pictures of one successful attempt: sheets of small frames for scrubbing, and candidates for the thumbnail."""

    media = TenantKey("media_library.Media", models.CASCADE, related_name="storyboards")
    folder = models.CharField(max_length=500, help_text="In the storage.")
    sheets = models.JSONField(default=list, help_text="File names of the sheets, in order.")
    columns = models.PositiveSmallIntegerField(default=0)
    rows = models.PositiveSmallIntegerField(default=0, help_text="Of a full sheet.")
    tile_width = models.PositiveSmallIntegerField(default=0, help_text="Pixels.")
    tile_height = models.PositiveSmallIntegerField(default=0, help_text="Pixels.")
    interval = models.FloatField(default=0, help_text="Seconds from one tile to the next.")
    tiles = models.PositiveIntegerField(default=0)
    candidates = models.JSONField(default=list, help_text="For the thumbnail: [{at: seconds, file}].")
    size_bytes = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Storyboard of {self.media_id}"
