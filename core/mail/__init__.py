"""The outbox: a mail is a row, written in the transaction that gives reason for it, and sent by a job.

So no mail tells of something that was taken back, and none is lost with a worker. Of several workers one sends it; a
job that is tried again finds it sent. What remains possible: a worker dies after the mail server took the mail and
before that is written down. Then it goes out once more, with the same Message-ID, by which mailboxes know a duplicate.
"""

from core.mail import jobs
from core.mail.writing import send_mail

__all__ = ["jobs", "send_mail"]
