from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.tenancy import OrganizationModel, TenantKey


class UploadMethod(models.TextChoices):
    TUS = "tus", "Through the application (tus 1.0)"
    MULTIPART = "multipart", "Straight into the bucket (S3 multipart)"


class UploadState(models.TextChoices):
    RECEIVING = "receiving", "Uploading"
    CHECKING = "checking", "Checking"
    ACCEPTED = "accepted", "In the library"
    DUPLICATE = "duplicate", "Already in the library"
    REFUSED = "refused", "Refused"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"


#: These hold their size against the allowance: what is arriving, and what arrived.
COUNTED_STATES = (UploadState.RECEIVING, UploadState.CHECKING, UploadState.ACCEPTED)


def counted() -> Q:
    """Uploads that weigh on the allowance; a refused one as long as its file is kept, as that of failed media."""
    return Q(state__in=COUNTED_STATES) | Q(state=UploadState.REFUSED, media__isnull=False)


class Upload(OrganizationModel):
    """A file on its way in, to be continued by its owner from any device. The media it becomes has the same key, unless
    it takes the place of the file of another one (`replaces`): then it is checked until it plays.

    The row is also the reservation against the weekly allowance (requirement M6): its size counts from the start, and
    no longer once it was cancelled, expired, recognized as a duplicate, or refused and removed.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    filename = models.CharField(max_length=255)
    title = models.CharField(max_length=200, blank=True, help_text="Left empty, it is the name of the file.")
    size_bytes = models.BigIntegerField(help_text="Declared at the start; the file has it in the end, or is refused.")
    received_bytes = models.BigIntegerField(default=0)
    method = models.CharField(max_length=10, choices=UploadMethod)
    storage_path = models.CharField(max_length=500, help_text="Where the whole file will lie in the storage.")
    multipart_id = models.CharField(max_length=500, blank=True, help_text="The bucket's name for it.")
    part_bytes = models.BigIntegerField(null=True, blank=True)
    fingerprint = models.CharField(
        max_length=100, blank=True, help_text="By which a browser knows the file again, on any device."
    )
    declared_sha256 = models.CharField(max_length=64, blank=True, help_text="Hexadecimal; checked when all is there.")

    state = models.CharField(max_length=10, choices=UploadState, default=UploadState.RECEIVING)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    media = TenantKey("media_library.Media", models.SET_NULL, null=True, blank=True, related_name="uploads")
    batch = TenantKey(
        "media_library.UploadBatch", models.SET_NULL, null=True, blank=True, related_name="uploads",
        help_text="What it is brought in with.",
    )  # fmt: skip
    replaces = TenantKey(
        "media_library.Media",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="replacements",
        help_text="Whose file it takes the place of, once it is ready to play; empty: it becomes media of its own.",
    )
    replacement = models.JSONField(
        default=dict,
        blank=True,
        help_text="What changed: {filename_before, seconds_before, seconds_after, watched, clipped}; whole seconds, "
        "and numbers of learners. Empty until it plays.",
    )

    created_at = models.DateTimeField(db_default=Now(), editable=False)
    received_at = models.DateTimeField(db_default=Now(), editable=False, help_text="When the last byte came.")
    writer = models.UUIDField(
        null=True,
        blank=True,
        editable=False,
        help_text="The request that writes now; another one waits until it is silent.",
    )
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(size_bytes__gt=0, received_bytes__gte=0, received_bytes__lte=F("size_bytes")),
                name="upload_receives_no_more_than_declared",
            ),
            models.UniqueConstraint(
                fields=["organization", "replaces"],
                condition=Q(state__in=["receiving", "checking"]),
                name="upload_one_replacement_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "owner", "created_at"], name="upload_allowance"),
            models.Index(fields=["expires_at"], condition=Q(state="receiving"), name="upload_expiring"),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_open(self) -> bool:
        return self.state == UploadState.RECEIVING


class AllowanceReset(OrganizationModel):
    """From when a member's allowance counts anew, where an operator began it before its week was over."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reset_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="allowance_reset_once")]

    def __str__(self) -> str:
        return f"{self.user_id} from {self.reset_at}"
