from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.tenancy import BeforeScopeModel


class MailState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class OutgoingMail(BeforeScopeModel):
    """One mail of the outbox, written in the transaction that gave reason for it, sent by a job, once.

    Mail about an account belongs to no organization. What it says is stored encrypted, because it may hold a link
    that opens something, and is forgotten once it is sent.
    """

    organization = models.ForeignKey("accounts.Organization", models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=60, help_text="Name of its templates, such as accounts/mail/invitation.")
    recipient = models.EmailField(max_length=254)
    sender_name = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=250)
    sealed_content = models.TextField(blank=True, help_text="Encrypted text and HTML; empty once sent.")
    message_id = models.CharField(max_length=120, unique=True, help_text="The same on each attempt.")
    state = models.CharField(max_length=10, choices=MailState, default=MailState.WAITING)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "mail"

    def __str__(self) -> str:
        return self.kind
