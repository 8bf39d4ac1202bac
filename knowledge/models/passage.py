from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from pgvector.django import HalfVectorField, HnswIndex

from core.constraints import cascade_in_order
from core.fields import RegConfigField
from core.tenancy import OrganizationModel, TenantKey
from knowledge.models.words import Words

DIMENSIONS = 1536  # shorter vectors are padded with zeros, which changes no cosine
DEFAULT_MODEL = "text-embedding-3-large"


IS_SPOKEN = Q(
    media__isnull=False, transcript__isnull=False, start__isnull=False, end__isnull=False, first_cue__isnull=False,
    end_cue__isnull=False, item__isnull=True, page__isnull=True,
)  # fmt: skip
IS_WRITTEN = Q(
    media__isnull=True, transcript__isnull=True, start__isnull=True, end__isnull=True, first_cue__isnull=True,
    end_cue__isnull=True, item__isnull=False,
)  # fmt: skip


class Passage(OrganizationModel):
    """A stretch of about 500 words. What was said keeps its time: from cue `first_cue` to before `end_cue` of a
    transcript. What is written stands in an item of a course: its text, or the file that it hands out.
    """

    media = TenantKey("media_library.Media", cascade_in_order, null=True, related_name="passages")
    transcript = TenantKey("media_library.Transcript", cascade_in_order, null=True, related_name="passages")
    item = TenantKey("courses.ContentItem", cascade_in_order, null=True, related_name="passages")
    position = models.PositiveIntegerField()
    text = models.TextField()
    start = models.FloatField(null=True, help_text="Seconds.")
    end = models.FloatField(null=True, help_text="Seconds.")
    first_cue = models.PositiveIntegerField(null=True)
    end_cue = models.PositiveIntegerField(null=True)
    page = models.PositiveIntegerField(null=True, help_text="Of a file, from 1.")
    heading = models.CharField(max_length=200, blank=True, help_text="Of the text, or of the chapter, it stands in.")
    speaker = models.CharField(max_length=80, blank=True)
    words = models.PositiveIntegerField()
    content_hash = models.CharField(
        max_length=64, help_text="SHA-256 of the text: what did not change is not embedded again."
    )
    search_config = RegConfigField(default="simple")
    search_vector = models.GeneratedField(
        expression=Words(F("search_config"), F("text")), output_field=SearchVectorField(), db_persist=True
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["media_id", "item_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "transcript", "position"], name="passage_position_once"),
            models.UniqueConstraint(fields=["organization", "item", "position"], name="written_passage_position_once"),
            models.CheckConstraint(condition=Q(start__gte=0) & Q(end__gt=F("start")), name="passage_lasts"),
            models.CheckConstraint(condition=IS_SPOKEN | IS_WRITTEN, name="passage_is_spoken_or_written"),
        ]
        indexes = [
            GinIndex(fields=["search_vector"], name="passage_words"),
            models.Index(fields=["organization", "content_hash"], name="passage_same_words"),
            models.Index(fields=["organization", "search_config"], name="passage_configs"),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Embedding(OrganizationModel):
    """The meaning of a passage in one model's space."""

    passage = TenantKey("knowledge.Passage", models.CASCADE, related_name="embeddings")
    model = models.CharField(max_length=120)
    vector = HalfVectorField(dimensions=DIMENSIONS)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "passage", "model"], name="embedding_once_per_model")
        ]
        indexes = [
            HnswIndex(
                fields=["vector"],
                opclasses=["halfvec_cosine_ops"],
                m=16,
                ef_construction=64,
                condition=Q(model=DEFAULT_MODEL),
                name="embedding_3_large_hnsw",
            )  # fmt: skip
        ]

    def __str__(self) -> str:
        return f"{self.passage_id} in {self.model}"
