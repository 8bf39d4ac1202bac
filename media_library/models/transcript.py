from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.tenancy import OrganizationModel, TenantKey


class Method(models.TextChoices):
    """Where the words came from (requirement T1)."""

    SIDECAR = "sidecar", "Caption file given with it"
    EMBEDDED = "embedded", "Subtitle track of the file"
    HOST = "host", "Captions of its host"
    SPEECH = "speech", "Speech recognition by a paid service"
    LOCAL = "local", "Speech recognition on this machine"
    EDITED = "edited", "Corrected by a person"


#: What a person wrote or chose is never replaced by what a machine heard.
BY_PEOPLE = frozenset({Method.SIDECAR, Method.EDITED})
PAID = frozenset({Method.SPEECH})


class Timing(models.TextChoices):
    """How exact the times are."""

    CUE = "cue", "Each sentence or line"
    CHUNK = "chunk", "Each stretch between two silences"


class Transcript(OrganizationModel):
    """The words of a media item: timed cues in one language, from one source."""

    media = TenantKey("media_library.Media", models.CASCADE, related_name="transcripts")
    language = models.CharField(max_length=20, default="en")
    method = models.CharField(max_length=10, choices=Method)
    words = models.PositiveIntegerField(default=0)
    is_generated = models.BooleanField(default=False, help_text="Heard by a machine, whoever runs it.")
    timing = models.CharField(max_length=10, choices=Timing, default=Timing.CUE)
    model = models.CharField(max_length=100, blank=True, help_text="That heard it.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    based_on = TenantKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", help_text="The version that was corrected."
    )
    cost = models.DecimalField(max_digits=10, decimal_places=4, default=0, help_text="US dollars.")
    seconds_taken = models.FloatField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.language}, {self.get_method_display()}"


class Cue(OrganizationModel):
    """A few words and when they are said. `start` and `end` in seconds; nothing ever re-derives a time from text."""

    transcript = TenantKey("media_library.Transcript", models.CASCADE, related_name="cues")
    position = models.PositiveIntegerField()
    start = models.FloatField()
    end = models.FloatField()
    text = models.TextField()
    speaker = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "transcript", "position"], name="cue_position_once"),
            models.CheckConstraint(condition=Q(start__gte=0) & Q(end__gt=F("start")), name="cue_lasts"),
        ]

    def __str__(self) -> str:
        return self.text
