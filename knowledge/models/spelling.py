from django.db import models

from core.tenancy import OrganizationModel


class Spelling(OrganizationModel):
    """A word that passages of an organization say, and one way to misspell it: whole, or with one letter left out.

    Whoever leaves out one letter of what was typed, too, meets all words that are one slip away. The database adds
    them with each passage; what no passage says any more stays, and is offered to nobody who could not find it.
    """

    key = models.CharField(max_length=20)
    word = models.CharField(max_length=20)

    class Meta:
        indexes = [models.Index(fields=["organization", "key"], name="spelling_by_key")]

    def __str__(self) -> str:
        return self.word
