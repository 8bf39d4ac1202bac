from django.db import models
from django.db.models.functions import Now

from core.tenancy import OrganizationModel, TenantKey


class Rendition(OrganizationModel):
    """What one successful attempt made playable: a folder of playlists and segments that never changes again."""

    media = TenantKey("media_library.Media", models.CASCADE, related_name="renditions")
    folder = models.CharField(max_length=500, help_text="In the storage; the main playlist is master.m3u8.")
    rungs = models.JSONField(default=list, help_text="Of the ladder: [{name, width, height, bitrate}].")
    size_bytes = models.BigIntegerField(default=0)
    command = models.TextField(blank=True, help_text="The FFmpeg command that made it.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Rendition of {self.media_id}"
