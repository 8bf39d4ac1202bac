"""What is said twice, as it was found last."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.tenancy import OrganizationModel, TenantKey


class KnownBy(models.TextChoices):
    """How it is known that two passages say the same."""

    SAME = "same", "Word for word"
    WORDS = "words", "Most of the words"
    MEANING = "meaning", "The meaning"


class Repetition(OrganizationModel):
    """Two passages of different media or items that say the same. It goes with either of them.

    One that is there on purpose stays as `is_dismissed`, so that no later search lists it again: a passage is the same
    row for as long as its words are the same.
    """

    first = TenantKey("knowledge.Passage", models.CASCADE, related_name="+")
    second = TenantKey("knowledge.Passage", models.CASCADE, related_name="+")
    known_by = models.CharField(max_length=10, choices=KnownBy)
    likeness = models.PositiveSmallIntegerField(help_text="0–100.")
    is_dismissed = models.BooleanField(default=False)

    class Meta:
        ordering = ["-likeness", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "first", "second"], name="repetition_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="repetition_one_way_round"),
            models.CheckConstraint(condition=Q(likeness__lte=100), name="repetition_likeness_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.likeness} % by {self.known_by}"


class RepetitionSearch(OrganizationModel):
    """How an organization's library was compared with itself last. One row each."""

    computed_at = models.DateTimeField(db_default=Now(), help_text="When it began: what came later was not seen.")
    passages = models.PositiveIntegerField(help_text="That there were.")
    compared_by_words = models.PositiveIntegerField(help_text="Of these, the newest first.")
    compared_by_meaning = models.PositiveIntegerField(null=True, help_text="Empty: no model is configured.")
    is_cut = models.BooleanField(default=False, help_text="More repetitions were found than are kept.")
    newest_passage = models.UUIDField(null=True, help_text="Keys grow with time: a greater one came later.")
    newest_embedding = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="repetition_search_once")]

    def __str__(self) -> str:
        return f"{self.passages} passages, {self.computed_at}"

    @property
    def is_whole(self) -> bool:
        """Whether the time was enough for every passage; equal words are always looked for in all."""
        meant = self.passages if self.compared_by_meaning is None else self.compared_by_meaning
        return min(self.compared_by_words, meant) >= self.passages
