from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from core.tenancy import OrganizationModel, TenantKey


class DraftKind(models.TextChoices):
    NOTES = "notes", gettext_lazy("Notes")
    QUIZ = "quiz", gettext_lazy("Quiz")
    CHAPTERS = "chapters", gettext_lazy("Chapters")


class DraftState(models.TextChoices):
    GENERATING = "generating", gettext_lazy("Being written")
    READY = "ready", gettext_lazy("Ready for review")
    FAILED = "failed", gettext_lazy("Failed")
    ACCEPTED = "accepted", gettext_lazy("Accepted")
    REFUSED = "refused", gettext_lazy("Refused")


class Draft(OrganizationModel):
    """What a model wrote about a media item. Nobody but makers sees it before a person accepts it.

    `content` has the shape of its kind in `knowledge.drafting.shapes`; `pieces` are the answers to each piece of the
    transcript so far: what was paid for is not asked again.
    """

    media = TenantKey("media_library.Media", models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=10, choices=DraftKind)
    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.GENERATING)
    content = models.JSONField(default=dict)
    pieces = models.JSONField(default=list)
    left_out = models.JSONField(default=list, help_text='What did not pass the checks: [{"what", "why"}].')
    transcript = TenantKey(
        "media_library.Transcript", models.SET_NULL, null=True, related_name="+", help_text="That it was made from."
    )
    transcript_hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of its words and times.")
    model = models.CharField(max_length=120, blank=True, help_text="That wrote it, or the address of the service.")
    prompt_label = models.CharField(max_length=60, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, help_text="When it was accepted or refused.")
    item = TenantKey(
        "courses.ContentItem", models.SET_NULL, null=True, related_name="+", help_text="What accepting it made."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "state", "-id"], name="draft_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "media", "kind"],
                condition=Q(state=DraftState.GENERATING),
                name="draft_written_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.media}"
