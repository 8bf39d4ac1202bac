from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.tenancy import GlobalModel


class SearchModelState(models.TextChoices):
    BUILDING = "building", "Being built"
    LIVE = "live", "Live"
    RETIRED = "retired", "Retired"


class SearchModel(GlobalModel):
    """A model in whose space passages have places, for the whole installation. Search asks the live one, never two."""

    name = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=SearchModelState)
    since = models.DateTimeField(db_default=Now(), help_text="In this state.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state__in=[SearchModelState.LIVE, SearchModelState.BUILDING]),
                name="search_model_one_live_one_building",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.state}"
