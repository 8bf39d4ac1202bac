from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.tenancy import OrganizationManager, OrganizationModel, TenantKey
from media_library.querysets import MediaQuerySet


class Kind(models.TextChoices):
    VIDEO = "video", "Video"
    AUDIO = "audio", "Audio"


class Source(models.TextChoices):
    YOUTUBE = "youtube", "YouTube"
    MUX = "mux", "Mux"
    LOOM = "loom", "Loom"
    VIMEO = "vimeo", "Vimeo"
    WISTIA = "wistia", "Wistia"
    UPLOAD = "upload", "Upload"


class Status(models.TextChoices):
    """Where processing stands; derived from jobs by `services.status`, kept here for lists to filter by."""

    PENDING = "pending", "Waiting"
    UPLOADING = "uploading", "Uploading"
    PROCESSING = "processing", "Processing"
    TRANSCRIBING = "transcribing", "Transcribing"
    EMBEDDING = "embedding", "Indexing"
    COMPLETED = "completed", "Ready"
    FAILED = "failed", "Failed"


class Publication(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    ARCHIVED = "archived", "Archived"


class LengthSource(models.TextChoices):
    """Who says how long it is, best first (design.md, mechanism 3)."""

    FILE = "file", "File"
    HOST = "host", "Host"
    LAST_CUE = "last_cue", "Last cue"
    PLAYERS = "players", "Players"


TITLE_CHARACTERS = 200

#: source: the field without which the database refuses the row (requirement M1).
REQUIRED_FIELD = {
    Source.YOUTUBE: "youtube_video_id",
    Source.MUX: "mux_playback_id",
    Source.LOOM: "embed_id",
    Source.VIMEO: "embed_id",
    Source.WISTIA: "embed_id",
    Source.UPLOAD: "source_path",
}


def has_what_its_source_needs() -> Q:
    """The discriminated union as one condition."""
    condition = Q()
    for source, field in REQUIRED_FIELD.items():
        condition |= Q(source=source) & ~Q(**{field: ""})
    return condition


class Media(OrganizationModel):
    """Something to watch or hear, wherever it is hosted."""

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.VIDEO)
    source = models.CharField(max_length=10, choices=Source)
    title = models.CharField(max_length=TITLE_CHARACTERS)
    description = models.TextField(blank=True)
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    youtube_video_id = models.CharField(max_length=20, blank=True)
    youtube_channel_id = models.CharField(max_length=40, blank=True)
    youtube_channel_title = models.CharField(max_length=200, blank=True)
    mux_playback_id = models.CharField(max_length=100, blank=True)
    mux_asset_id = models.CharField(max_length=100, blank=True)
    embed_id = models.CharField(max_length=100, blank=True)
    whop_lesson_id = models.CharField(max_length=100, blank=True)
    source_path = models.CharField(max_length=500, blank=True, help_text="Where the uploaded file lies in the storage.")
    source_url = models.URLField(max_length=1000, blank=True)
    source_metadata = models.JSONField(default=dict, blank=True)

    described_at = models.DateTimeField(
        null=True, blank=True, help_text="When its host said that it can be played. Empty for an upload."
    )

    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)
    publication = models.CharField(max_length=10, choices=Publication, default=Publication.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)

    duration = models.FloatField(null=True, blank=True, help_text="Seconds.")
    duration_source = models.CharField(max_length=10, choices=LengthSource, blank=True)
    watch_marks = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        blank=True,
        help_text="Percents, 1–100, that a higher floor wants to be told of when a learner has reached them.",
    )
    size_bytes = models.BigIntegerField(default=0)
    original_filename = models.CharField(max_length=255, blank=True)
    content_hash = models.CharField(
        max_length=64,
        blank=True,
        help_text="SHA-256 of the uploaded file, hexadecimal; by it a duplicate is recognized.",
    )
    thumbnail_path = models.CharField(max_length=500, blank=True)
    is_thumbnail_chosen = models.BooleanField(default=False, help_text="By a person: no job draws another one.")

    rendition = TenantKey(
        "media_library.Rendition", models.SET_NULL, null=True, blank=True, related_name="+", help_text="What plays now."
    )
    transcript = TenantKey(
        "media_library.Transcript",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="What is read now.",
    )
    transcript_chosen_at = models.DateTimeField(
        null=True, blank=True, help_text="When a person wrote or chose what is read: no machine replaces it."
    )
    chapters = models.JSONField(
        default=list, blank=True, help_text='Where its parts begin: `[{"at": seconds, "title": "…"}]`.'
    )
    storyboard = TenantKey("media_library.Storyboard", models.SET_NULL, null=True, blank=True, related_name="+")

    categories = models.ManyToManyField(
        "media_library.Category", through="media_library.MediaCategory", blank=True, related_name="media"
    )
    tags = models.ManyToManyField(
        "media_library.Tag", through="media_library.MediaTag", blank=True, related_name="media"
    )
    batch = TenantKey(
        "media_library.UploadBatch", models.SET_NULL, null=True, blank=True, related_name="media",
        help_text="What it was brought in with.",
    )  # fmt: skip
    archived_at = models.DateTimeField(null=True, blank=True, help_text="Since when it may be purged.")
    told_at = models.DateTimeField(
        null=True, blank=True, help_text="When its uploader was told how processing had ended."
    )

    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[Any] = OrganizationManager.from_queryset(MediaQuerySet)()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "media"
        constraints = [
            models.CheckConstraint(condition=has_what_its_source_needs(), name="media_has_its_source"),
            models.CheckConstraint(
                condition=Q(duration__isnull=True) | Q(duration__gt=0), name="media_duration_positive"
            ),
            models.UniqueConstraint(
                fields=["organization", "content_hash"],
                condition=~Q(content_hash="") & ~Q(publication=Publication.ARCHIVED),
                name="media_once_per_content",
            ),
            *(
                models.UniqueConstraint(
                    fields=["organization", "source", field],
                    condition=~Q(**{field: ""}),
                    name=f"media_once_per_{field}",
                )
                for field in ("youtube_video_id", "mux_playback_id", "embed_id")
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "status"], name="media_by_status"),
            models.Index(fields=["organization", "publication", "-id"], name="media_by_publication"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def whole_seconds(self) -> int | None:
        """How many seconds there are to watch: the length, rounded half up; None while nobody knows."""
        return None if self.duration is None else max(1, int(self.duration + 0.5))

    @property
    def is_playable(self) -> bool:
        """Something of ours plays, or its host said that it does."""
        return self.rendition_id is not None or self.described_at is not None
