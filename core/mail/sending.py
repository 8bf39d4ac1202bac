"""Sending a mail of the outbox, giving one up, and forgetting old ones."""

import json
import re
from datetime import timedelta
from email.utils import formataddr
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.jobs import JobError, Run
from core.mail.writing import own_address
from core.models import MailState, OutgoingMail
from core.secrets import unseal

REFUSED = "mail_refused"  # for good: the server says that trying again is of no use
PERMANENT = range(500, 600)  # RFC 5321, section 4.2.1


def deliver(mail_id: UUID, *, run: Run, leave_no_trace: bool = False) -> None:
    """Send a mail that is not sent yet. Nothing happens where it is sent, withdrawn or has lost its content.

    Raises JobError: mail_refused (for good), mail_not_taken (again later), mail_unreadable (for good).
    """
    mail = OutgoingMail.objects.filter(pk=mail_id).exclude(state=MailState.SENT).first()
    if mail is None or not mail.sealed_content:
        return
    message = _message(mail)
    run.check()
    _hand_over(message, recipient=mail.recipient)
    with run.publish():
        _forget(mail_id) if leave_no_trace else _note_sent(mail_id)


def give_up(mail_id: UUID, *, for_good: bool, leave_no_trace: bool = False) -> None:
    """No attempt is left. What was refused for good is emptied; the rest may be retried by an operator."""
    if leave_no_trace:
        _forget(mail_id)
    emptied = {"subject": "", "sealed_content": ""} if for_good else {}
    OutgoingMail.objects.filter(pk=mail_id).update(state=MailState.FAILED, **emptied)


def prune() -> int:
    """Remove mails older than MAIL_KEPT_DAYS, whatever became of them. Answers how many."""
    old = OutgoingMail.objects.filter(created_at__lt=Now() - timedelta(days=settings.MAIL_KEPT_DAYS))
    removed, _by_model = old.delete()
    return removed


def _forget(mail_id: UUID) -> None:
    OutgoingMail.objects.filter(pk=mail_id).delete()


def _note_sent(mail_id: UUID) -> None:
    """What it said is nobody's business any more."""
    OutgoingMail.objects.filter(pk=mail_id).update(state=MailState.SENT, sent_at=Now(), subject="", sealed_content="")


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    """The same mail on each attempt. Django refuses line breaks in any header."""
    content = _content(mail)
    message = EmailMultiAlternatives(
        mail.subject,
        content["text"],
        formataddr((mail.sender_name, own_address())),
        [mail.recipient],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(content["html"], "text/html")
    return message


def _content(mail: OutgoingMail) -> dict[str, str]:
    try:
        content: dict[str, str] = json.loads(unseal(mail.sealed_content))
    except InvalidToken:
        words = _("This mail was written under a SECRET_KEY that is not known any more.")
        raise JobError("mail_unreadable", words, permanent=True) from None
    return content


def _hand_over(message: EmailMultiAlternatives, *, recipient: str) -> None:
    """What a server says about a recipient or a content is an answer; anything else may be better later."""
    try:
        message.send()
    except SMTPRecipientsRefused as refusal:
        code, words = next(iter(refusal.recipients.values()))
        raise _answered(code, words, recipient) from None
    except SMTPDataError as refusal:
        raise _answered(refusal.smtp_code, refusal.smtp_error, recipient) from None
    except (SMTPException, OSError) as error:
        raise _not_taken(_without_address(str(error), recipient)) from None


def _answered(code: int, words: bytes | str, recipient: str) -> JobError:
    spoken = words.decode(errors="replace") if isinstance(words, bytes) else words
    answer = _without_address(f"{code} {spoken}", recipient)
    if code not in PERMANENT:
        return _not_taken(answer)
    message = _("The mail server refused this mail: %(answer)s") % {"answer": answer}
    return JobError(REFUSED, message, detail=answer, permanent=True)


def _not_taken(answer: str) -> JobError:
    message = _("The mail server did not take this mail yet: %(answer)s") % {"answer": answer}
    return JobError("mail_not_taken", message, detail=answer)


def _without_address(words: str, recipient: str) -> str:
    """Jobs outlive mails: they name no recipient."""
    return re.sub(re.escape(recipient), "…", words, flags=re.IGNORECASE)
