from django.db import models
from django.db.models import F, Q

from core.tenancy import OrganizationModel


class SearchDay(OrganizationModel):
    """What one learner searched for on one day of the organization's time zone, in small letters.

    A row is one person's, not a sum: when an account is erased, its rows go, and those that others asked stay right.
    """

    day = models.DateField()
    query = models.CharField(max_length=300)
    learner = models.UUIDField(null=True, help_text="Pseudonym; null: nobody knows.")
    searches = models.PositiveIntegerField(default=0)
    without_result = models.PositiveIntegerField(default=0, help_text="Searches that found no passage.")

    class Meta:
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "day", "query", "learner"], nulls_distinct=False, name="search_day_once"
            ),
            models.CheckConstraint(condition=Q(without_result__lte=F("searches")), name="search_day_without_result"),
        ]
        indexes = [models.Index(fields=["learner"], name="search_day_of_learner")]

    def __str__(self) -> str:
        return self.query
