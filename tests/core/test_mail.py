"""A mail goes out when what it tells is true: once, and then it is forgotten. The mail server is a real one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Organization
from core.jobs.claim import claim
from core.jobs.lease import reap
from core.jobs.queue import retry_job
from core.jobs.schedule import enqueue_due
from core.jobs.worker import run_next
from core.mail import send_mail
from core.mail.sending import prune
from core.models import Job, OutgoingMail
from core.secrets import unseal
from core.tenancy import every_organization, organization_scope
from tests.mail_server import Mailbox, mail_server

pytestmark = pytest.mark.django_db

KIND = "accounts/mail/export_ready"
SECRET = "the-secret-of-a-link"
CONTEXT = {"link": f"https://learn.test/account/data/{SECRET}/", "days": 7}


@pytest.fixture
def mailbox(settings):
    box = Mailbox()
    with mail_server(box) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
        settings.DEFAULT_FROM_EMAIL = "Lectern <mail@lectern.test>"
        settings.JOB_BACKOFF_SECONDS = 0
        yield box


def write(to="bob@harbor.test", **options):
    return send_mail(KIND, to=to, context=CONTEXT, **options)


def job_of(mail):
    return Job.objects.get(subject_id=mail.pk)


def alternatives(message):
    return {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}


def test_mail_arrives_as_text_and_html(mailbox, work_off):
    mail = write()

    work_off()

    [arrived] = mailbox.mails
    assert (arrived["To"], arrived["From"], arrived["Subject"], arrived["Message-ID"]) == (
        "bob@harbor.test", "Lectern <mail@lectern.test>", "Your data is ready", mail.message_id,
    )  # fmt: skip
    bodies = alternatives(arrived)
    assert list(bodies) == ["text/plain", "text/html"]
    assert all(CONTEXT["link"] in body for body in bodies.values())


def test_mail_of_an_organization_carries_its_name_and_color(mailbox, organization, work_off):
    organization.accent_color = "#aa3377"
    write(organization=organization)

    work_off()

    [arrived] = mailbox.mails
    assert arrived["From"] == "Harbor School via Lectern <mail@lectern.test>"
    assert "border-top:6px solid #aa3377" in alternatives(arrived)["text/html"]


def test_mail_belongs_to_whom_it_names_and_not_to_the_scope(organization, scope):
    """Written inside an organization's page, a mail about an account is nobody's."""
    about_account, of_harbor = write(), write(organization=organization)

    with organization_scope(None):
        found = OutgoingMail.objects.order_by("id").values_list("id", "organization")
        assert list(found) == [(about_account.pk, None), (of_harbor.pk, organization.pk)]
        assert [job_of(mail).organization_id for mail in (about_account, of_harbor)] == [None, organization.pk]


def test_name_of_an_organization_cannot_add_headers(mailbox, work_off):
    sly = Organization.objects.create(name="Harbor\r\nBcc: all@harbor.test\n\n<b>", slug="sly")
    write(organization=sly)

    work_off()

    [arrived] = mailbox.mails
    assert arrived["From"] == '"Harbor Bcc: all@harbor.test <b> via Lectern" <mail@lectern.test>'
    assert (arrived["Bcc"], "&lt;b&gt;" in alternatives(arrived)["text/html"]) == (None, True)


def test_subject_is_one_line_and_no_longer_than_its_column(mailbox, settings, tmp_path, work_off):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    for ending in ("subject.txt", "txt", "html"):
        (tmp_path / f"sly.{ending}").write_text("{{ name }} & co")
    name = "Bob\r\nBcc: all@harbor.test\u2028\u202e" + "x" * 300

    send_mail("sly", to="bob@harbor.test", context={"name": name})
    work_off()

    [arrived] = mailbox.mails
    assert arrived["Subject"] == ("Bob Bcc: all@harbor.test " + "x" * 300)[:250]
    assert (arrived["Bcc"], alternatives(arrived)["text/plain"].endswith("x & co\r\n")) == (None, True)


@pytest.mark.parametrize("address", ["bob@harbor.test\nBcc: all@harbor.test", "bob", ""])
def test_mail_to_what_is_no_address_is_refused(address):
    with pytest.raises(ValidationError):
        write(to=address)


def test_mail_goes_with_its_transaction(mailbox, work_off):
    with transaction.atomic():
        write()
        transaction.set_rollback(True)

    assert (work_off(), OutgoingMail.objects.count(), mailbox.mails) == (0, 0, [])


@pytest.mark.django_db(transaction=True)
def test_one_of_several_workers_sends_it(mailbox):
    mails = [write(to=f"{name}@harbor.test") for name in ("anna", "bob", "carl")]

    def work(_):
        try:
            while run_next("short"):
                pass
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))

    assert sorted(mail["Message-ID"] for mail in mailbox.mails) == sorted(mail.message_id for mail in mails)


def test_job_done_again_sends_nothing(mailbox, work_off):
    mail = write()
    work_off()

    Job.objects.filter(subject_id=mail.pk).update(state="queued", attempt=0)

    assert (work_off(), len(mailbox.mails)) == (1, 1)


def test_worker_that_died_before_sending_is_made_up_for(mailbox, work_off):
    mail = write()
    claim("short", worker="one that dies now")
    Job.objects.filter(subject_id=mail.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))

    reap()
    work_off()

    assert [arrived["Message-ID"] for arrived in mailbox.mails] == [mail.message_id]


def test_content_is_sealed_and_gone_after_sending(mailbox, work_off):
    mail = write()
    assert SECRET in unseal(mail.sealed_content)
    assert SECRET not in whole_outbox()

    work_off()

    mail.refresh_from_db()
    assert (mail.state, mail.subject, mail.sealed_content, mail.sent_at is not None) == ("sent", "", "", True)


def whole_outbox():
    with connection.cursor() as cursor:
        cursor.execute("SELECT mail::text FROM core_outgoingmail mail UNION ALL SELECT job::text FROM core_job job")
        return "\n".join(row for (row,) in cursor.fetchall())


def test_refusal_for_good_is_told_and_not_tried_again(mailbox, work_off):
    mailbox.on_recipient = "550 5.1.1 <bob@harbor.test>: unknown here"
    mail = write()

    work_off()

    mail.refresh_from_db()
    job = job_of(mail)
    assert (mail.state, mail.sealed_content, mailbox.tries) == ("failed", "", 1)
    assert (job.state, job.error_code) == ("failed", "mail_refused")
    assert job.error_message == "The mail server refused this mail: 550 5.1.1 <…>: unknown here"


@pytest.mark.parametrize("where", ["on_recipient", "on_content"])
def test_refusal_for_now_is_tried_again_later(mailbox, where, settings):
    settings.JOB_BACKOFF_SECONDS = 10
    setattr(mailbox, where, "451 4.7.1 please come back later")
    mail = write()

    run_next("short")

    job = job_of(mail)
    assert (job.state, job.error_code, job.available_at > timezone.now()) == ("queued", "mail_not_taken", True)
    setattr(mailbox, where, "250 OK")
    Job.objects.filter(pk=job.pk).update(available_at=timezone.now())
    run_next("short")
    assert [arrived["Message-ID"] for arrived in mailbox.mails] == [mail.message_id]


def test_server_that_stays_away_fails_the_mail_until_an_operator_retries(mailbox, work_off, settings):
    reachable, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    mail = write()

    work_off()

    mail.refresh_from_db()
    assert (mail.state, job_of(mail).attempt, mail.sealed_content == "") == ("failed", 12, False)
    settings.EMAIL_PORT = reachable
    retry_job(job_of(mail))
    work_off()
    mail.refresh_from_db()
    assert (mail.state, len(mailbox.mails)) == ("sent", 1)


@pytest.mark.parametrize("answer", ["250 OK", "550 unknown"])
def test_mail_that_leaves_no_trace_is_gone_either_way(mailbox, work_off, answer):
    mailbox.on_recipient = answer
    write(leave_no_trace=True)

    work_off()

    assert (OutgoingMail.objects.count(), "bob@harbor.test" in whole_outbox()) == (0, False)


def test_mail_under_a_forgotten_key_says_so(mailbox, work_off, settings):
    mail = write()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, []

    work_off()

    assert (job_of(mail).error_code, mailbox.mails) == ("mail_unreadable", [])


def test_old_mails_are_forgotten(settings):
    settings.MAIL_KEPT_DAYS = 30
    old, young = write(), write()
    OutgoingMail.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))
    OutgoingMail.objects.filter(pk=young.pk).update(created_at=timezone.now() - timedelta(days=29))

    assert (prune(), list(OutgoingMail.objects.all())) == (1, [young])


def test_forgetting_is_on_the_schedule():
    with every_organization(reason="the schedule belongs to no organization"):
        enqueue_due()

        assert Job.objects.filter(kind="prune_outbox").count() == 1
