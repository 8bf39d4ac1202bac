from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F

from core.fields import RegConfigField
from core.tenancy import OrganizationModel, TenantKey
from knowledge.models.words import Words


class FrameNote(OrganizationModel):
    """What a maker noted on a frame, as it is found. It goes with the frame.

    No passage: a passage is what learners may be told, in answers too, and has its time from cues. A library has a
    few thousand notes at most, which are read faster through their organization than an index of words could be asked.
    """

    frame = TenantKey("media_library.Frame", models.CASCADE, related_name="+")
    text = models.TextField()
    search_config = RegConfigField(default="simple")
    search_vector = models.GeneratedField(
        expression=Words(F("search_config"), F("text")), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "frame"], name="frame_note_once")]

    def __str__(self) -> str:
        return self.text[:80]
