from django.db import models

from core.tenancy import GlobalModel


class TryWindow(GlobalModel):
    """How many tries one door has seen for one account, until the window closes by itself.

    Written by single statements (`accounts.services.limits`), so that all processes count together. The key is a
    digest: the table names nobody.
    """

    key = models.CharField(max_length=64, unique=True, help_text="SHA-256 of door, account and address, in hex.")
    tries = models.PositiveIntegerField()
    closes_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.tries} until {self.closes_at}"
