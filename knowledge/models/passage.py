from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from pgvector.django import HalfVectorField, HnswIndex

from core.fields import RegConfigField
from core.tenancy import OrganizationModel, TenantKey

DIMENSIONS = 1536  # shorter vectors are padded with zeros, which changes no cosine
DEFAULT_MODEL = "text-embedding-3-large"


class Passage(OrganizationModel):
    """A stretch of what is said, about 500 words, that keeps its time: from cue `first_cue` to before `end_cue`."""

    media = TenantKey("media_library.Media", models.CASCADE, related_name="passages")
    transcript = TenantKey("media_library.Transcript", models.CASCADE, related_name="passages")
    position = models.PositiveIntegerField()
    text = models.TextField()
    start = models.FloatField(help_text="Seconds.")
    end = models.FloatField(help_text="Seconds.")
    first_cue = models.PositiveIntegerField()
    end_cue = models.PositiveIntegerField()
    speaker = models.CharField(max_length=80, blank=True)
    words = models.PositiveIntegerField()
    content_hash = models.CharField(
        max_length=64, help_text="SHA-256 of the text: what did not change is not embedded again."
    )
    search_config = RegConfigField(default="simple")
    search_vector = models.GeneratedField(
        expression=SearchVector("text", config=F("search_config")), output_field=SearchVectorField(), db_persist=True
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["media", "position"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "transcript", "position"], name="passage_position_once"),
            models.CheckConstraint(condition=Q(start__gte=0) & Q(end__gt=F("start")), name="passage_lasts"),
        ]
        indexes = [GinIndex(fields=["search_vector"], name="passage_words")]

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
