from django.db import models
from django.db.models.functions import Now

from core.tenancy import GlobalModel


class DroppedMonth(GlobalModel):
    """A month whose events were dropped, of all organizations: its days can never be counted anew."""

    month = models.DateField(unique=True, help_text="Its first day, UTC.")
    dropped_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-month"]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
