"""What was brought in together, and the pictures taken out of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.tenancy import OrganizationModel, TenantKey
from media_library.wording import words_for_exact_seconds

BATCH_NAME_CHARACTERS = 50


class Project(OrganizationModel):
    """Groups batches."""

    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title


class UploadBatch(OrganizationModel):
    """Uploads that belong together, and the frames of them. Renaming it leaves its `folder` as it is."""

    project = TenantKey("media_library.Project", models.CASCADE, related_name="batches")
    name = models.CharField(max_length=BATCH_NAME_CHARACTERS)
    date = models.DateField(help_text=_("Of the recordings, or of the day they were brought in."))
    position = models.PositiveIntegerField(help_text=_("From 1, in its project."))
    folder = models.CharField(
        max_length=100, editable=False, help_text="Of its frames: `frames/{organization}/{folder}/…`; never changes."
    )
    empty_since = models.DateTimeField(
        null=True, blank=True, editable=False,
        help_text="When a nightly look first found it empty; none from the moment on that something comes into it.",
    )  # fmt: skip
    warned_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When it was told that it will be cleaned away unused."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "upload batches"
        constraints = [
            models.UniqueConstraint(fields=["organization", "folder"], name="batch_folder_once"),
            models.UniqueConstraint(
                fields=["organization", "project", "name"],
                name="batch_name_once",
                violation_error_message=_("The project has a batch of this name already."),
            ),
            models.CheckConstraint(condition=Q(position__gt=0), name="batch_position_from_1"),
        ]

    def __str__(self) -> str:
        return self.name


class Frame(OrganizationModel):
    """What was shown at a second. Its file stays where it was made, whichever batch it stands in."""

    batch = TenantKey("media_library.UploadBatch", models.CASCADE, related_name="frames")
    media = TenantKey("media_library.Media", models.CASCADE, related_name="frames")
    second = models.FloatField()
    path = models.CharField(max_length=500, editable=False, help_text="JPEG in the storage.")
    width = models.PositiveIntegerField(help_text="Pixels.")
    height = models.PositiveIntegerField(help_text="Pixels.")
    size_bytes = models.BigIntegerField()
    annotation = models.TextField(blank=True)
    left = models.FloatField(null=True, blank=True, help_text="Of the region, as a part of the width, 0–1.")
    top = models.FloatField(null=True, blank=True, help_text="Of the region, as a part of the height, 0–1.")
    region_width = models.FloatField(null=True, blank=True, help_text="As a part of the width, 0–1.")
    region_height = models.FloatField(null=True, blank=True, help_text="As a part of the height, 0–1.")
    annotated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    annotated_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["media", "second", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "path"], name="frame_path_once"),
            models.CheckConstraint(condition=Q(second__gte=0), name="frame_second"),
            models.CheckConstraint(
                condition=Q(left=None, top=None, region_width=None, region_height=None)
                | Q(left__range=(0, 1), top__range=(0, 1), region_width__range=(0, 1), region_height__range=(0, 1)),
                name="frame_region_whole_or_none",
            ),
        ]
        indexes = [models.Index(fields=["organization", "batch", "media", "second", "id"], name="frame_by_batch")]

    def __str__(self) -> str:
        return f"{self.media_id} at {words_for_exact_seconds(self.second)}"


class ExtractionMode(models.TextChoices):
    EVERY = "every", _("Every so many seconds")
    SCENES = "scenes", _("Where the picture changes")
    MOMENT = "moment", _("At one moment")


class FrameExtraction(OrganizationModel):
    """Frames asked for at once. The work is a job that has this key as its subject; how it goes is told by that.

    As long as the work is under way, `most` frames are held free in the batch. The files of what it made are numbered
    from `first_number` on, which no other one of the same batch and media uses, whatever becomes of the frames.
    """

    batch = TenantKey("media_library.UploadBatch", models.CASCADE, related_name="extractions")
    media = TenantKey("media_library.Media", models.CASCADE, related_name="extractions")
    mode = models.CharField(max_length=6, choices=ExtractionMode)
    interval = models.FloatField(null=True, blank=True, help_text="Seconds from one frame to the next.")
    at = models.FloatField(null=True, blank=True, help_text="The second of one moment.")
    most = models.PositiveIntegerField(help_text="So many frames may come of it.")
    first_number = models.PositiveIntegerField(null=True, blank=True, editable=False)
    made = models.PositiveIntegerField(default=0, editable=False)
    skipped = models.PositiveIntegerField(
        default=0, editable=False, help_text="Showed what the one before had shown, or stood in the batch already."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mode="every", interval__gt=0, at=None)
                | Q(mode="scenes", interval=None, at=None)
                | Q(mode="moment", interval=None, at__gte=0),
                name="extraction_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_mode_display()}: {self.media_id}"
