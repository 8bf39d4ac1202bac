from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from core.tenancy import OrganizationModel


class Spelling(OrganizationModel):
    """A word that passages of an organization say, and the ways to misspell it: whole, and with one letter left out.

    Whoever leaves out one letter of what was typed, too, meets all words that are one slip away. The database adds
    them with each passage; what no passage says any more stays, and is offered to nobody who could not find it.
    """

    word = models.CharField(max_length=20)
    keys = ArrayField(models.CharField(max_length=20))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "word"], name="spelling_once")]
        indexes = [GinIndex(fields=["keys"], name="spelling_by_keys")]

    def __str__(self) -> str:
        return self.word
