from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.tenancy import GlobalModel


class DataExport(GlobalModel):
    """All data held about a person, asked for by them: a zip that a job makes and that expires.

    Belongs to the person, not to an organization: it spans all of theirs.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the link's secret, in hex.")
    file_path = models.CharField(max_length=200, blank=True, help_text="In the storage; empty until made.")
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.user}, {self.created_at:%Y-%m-%d}"
