from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.tenancy import OrganizationModel

ENDPOINT_CHARACTERS, KEY_CHARACTERS, ERROR_CHARACTERS = 500, 200, 500


class RecordStore(OrganizationModel):
    """The learning record store of an organization, to which it is told what was watched. The secret is sealed."""

    endpoint = models.URLField(_("endpoint"), max_length=ENDPOINT_CHARACTERS)
    key = models.CharField(_("key"), max_length=KEY_CHARACTERS)
    sealed = models.TextField(editable=False, help_text="The secret, encrypted (core.secrets.seal).")
    is_on = models.BooleanField(default=True)
    with_addresses = models.BooleanField(default=False, help_text="Learners are named by address, not by pseudonym.")
    pushed_statements = models.PositiveBigIntegerField(default=0, editable=False)
    pushed_at = models.DateTimeField(null=True, editable=False, help_text="When it took statements last.")
    failures = models.PositiveIntegerField(default=0, editable=False, help_text="In a row.")
    error = models.CharField(max_length=ERROR_CHARACTERS, blank=True, editable=False)
    failed_at = models.DateTimeField(null=True, editable=False)
    next_try_at = models.DateTimeField(null=True, editable=False, help_text="After a failure; not before then.")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("learning record store")
        constraints = [models.UniqueConstraint(fields=["organization"], name="record_store_once")]

    def __str__(self) -> str:
        return self.endpoint


class DueVerb(models.TextChoices):
    """Of which statements are due: of a visit that ended, or of media watched to the end in it."""

    TERMINATED = "terminated", _("Visit")
    COMPLETED = "completed", _("Completion")


class StatementDue(OrganizationModel):
    """Something the record store was not told yet. It goes when the store has taken it, or keeps why it would not.

    Written in the transaction that ended the visit, so nothing is left out however late a visit is found to have ended.
    """

    session_id = models.UUIDField()
    verb = models.CharField(max_length=10, choices=DueVerb)
    refusal = models.CharField(max_length=ERROR_CHARACTERS, blank=True)
    noted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["organization", "id"], name="statement_due", condition=Q(refusal=""))]

    def __str__(self) -> str:
        return f"{self.verb} {self.session_id}"
