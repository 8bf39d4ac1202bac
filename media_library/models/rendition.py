from django.db import models
from django.db.models.functions import Now

from core.tenancy import OrganizationModel, TenantKey


class RenditionKind(models.TextChoices):
    HLS = "hls", "Adaptive stream"
    MP4 = "mp4", "MP4"
    MP3 = "mp3", "MP3"
    M4A = "m4a", "M4A"


class Rendition(OrganizationModel):
    """What one successful attempt made playable: a folder of files that never change again."""

    media = TenantKey("media_library.Media", models.CASCADE, related_name="renditions")
    kind = models.CharField(max_length=4, choices=RenditionKind, default=RenditionKind.HLS)
    folder = models.CharField(max_length=500, help_text="In the storage.")
    main_file = models.CharField(max_length=100, default="master.m3u8", help_text="In the folder: what a player opens.")
    rungs = models.JSONField(
        default=list, help_text="Of the ladder: [{name, width, height, bitrate, made: copied|encoded, reason}]."
    )
    facts = models.JSONField(
        default=dict, blank=True, help_text="Of sound: {loudness, loudness_before, true_peak, normalization, bitrate}."
    )
    size_bytes = models.BigIntegerField(default=0)
    command = models.TextField(blank=True, help_text="The FFmpeg command that made it.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "media", "kind"], name="rendition_of_media")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.media_id}"

    @property
    def path(self) -> str:
        """Of the main file in the storage."""
        return f"{self.folder}/{self.main_file}"
