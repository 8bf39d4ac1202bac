"""A worker may be killed while it talks to the mail server: the mail goes out, by its one Message-ID."""

import asyncio
import os
import signal
import sys

import pytest

from core.mail import send_mail
from core.models import Job, OutgoingMail
from tests.mail_server import Mailbox, mail_server
from tests.processes import running, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.xdist_group("worker")]


class Hesitant(Mailbox):
    """Keeps the first one who brings a mail waiting, and then does not take it."""

    async def handle_DATA(self, server, session, envelope):
        if self.tries == 1:
            await asyncio.sleep(8)
            return "451 too late"
        return await super().handle_DATA(server, session, envelope)


def test_mail_goes_out_although_its_worker_was_killed(tmp_path):
    mailbox = Hesitant()
    mail = send_mail(
        "accounts/mail/export_ready", to="bob@harbor.test", context={"link": "https://learn.test/", "days": 7}
    )

    with mail_server(mailbox) as port, running_worker(tmp_path, port):
        wait_until(lambda: mailbox.tries == 1, seconds=60, what="the mail is being handed over")
        job = Job.objects.get(subject_id=mail.pk)
        os.kill(int(job.worker.rpartition(":")[2]), signal.SIGKILL)
        wait_until(lambda: Job.objects.get(pk=job.pk).state == "succeeded", seconds=60, what="the mail is sent")

    assert [arrived["Message-ID"] for arrived in mailbox.mails] == [mail.message_id]
    assert OutgoingMail.objects.values_list("state", "sealed_content").get(pk=mail.pk) == ("sent", "")
    assert Job.objects.get(pk=job.pk).attempt == 2


def running_worker(folder, port):
    command = (sys.executable, "manage.py", "run_worker")
    return running(*command, data=folder, EMAIL_URL=f"smtp://127.0.0.1:{port}", JOB_SILENCE_SECONDS="60")
