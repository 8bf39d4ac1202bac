"""What allauth has to say goes through the outbox, in our words, as text and HTML."""

from pathlib import Path

import allauth
import pytest
from django.core import mail
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.mail import send_mail
from core.models import OutgoingMail
from core.secrets import unseal
from tests.conftest import PASSWORD

ALLAUTH = Path(allauth.__file__).parent / "templates"
#: Doors that are not there: other sites' accounts, and security keys (MFA_SUPPORTED_TYPES).
ABSENT = ("socialaccount/", "mfa/email/webauthn_")


def kinds():
    found = (path.relative_to(ALLAUTH).as_posix() for path in ALLAUTH.rglob("email/*_subject.txt"))
    return sorted(name.removesuffix("_subject.txt") for name in found if not name.startswith(ABSENT))


@pytest.mark.parametrize("kind", kinds())
def test_there_are_words_of_ours_for_every_mail(kind):
    origins = {Path(get_template(f"{kind}.{part}").origin.name).is_relative_to(ALLAUTH) for part in PARTS}

    assert origins == {False}


PARTS = ("subject.txt", "txt", "html")


@pytest.fixture
def strict(settings):
    """As on a public site."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True


SIGN_UP = {"email": "new@harbor.test", "password1": PASSWORD, "password2": PASSWORD}


def sign_up(client):
    return client.post(reverse("account_signup"), SIGN_UP)


@pytest.mark.django_db
def test_public_site_asks_for_a_confirmed_address(strict, work_off):
    client = Client()
    sign_up(client)
    assert "_auth_user_id" not in client.session
    work_off()

    [sent] = mail.outbox
    [html] = [body for body, kind in sent.alternatives]
    link = next(word for word in sent.body.split() if word.startswith("http"))
    assert (sent.subject, sent.to) == ("Welcome: please confirm your e-mail address", ["new@harbor.test"])
    assert f'href="{link}"' in html
    client.post(link.removeprefix("http://testserver"))
    assert User.objects.get(email="new@harbor.test").emailaddress_set.get().verified


@pytest.mark.django_db
def test_mail_waits_sealed_and_is_sent_by_the_job(strict, work_off):
    sign_up(Client())

    waiting = OutgoingMail.objects.get()
    assert (waiting.kind, waiting.organization, waiting.state, mail.outbox) == (
        "account/email/email_confirmation_signup", None, "waiting", [],
    )  # fmt: skip
    assert "confirm-email" in unseal(waiting.sealed_content)
    work_off()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.sealed_content) == ("sent", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "subject"),
    [
        ("bob@harbor.test", "Choose a new password"),
        ("nobody@harbor.test", "There is no account with this address"),
    ],
)
def test_password_reset_writes_to_known_and_unknown_people(bob, work_off, address, subject):
    Client().post(reverse("account_reset_password"), {"email": address})
    work_off()

    assert [(sent.to, sent.subject) for sent in mail.outbox] == [([address], subject)]


@pytest.mark.django_db
def test_signing_up_with_a_known_address_tells_its_owner(strict, bob, work_off):
    Client().post(reverse("account_signup"), {**SIGN_UP, "email": bob.email})
    work_off()

    assert [(sent.to, sent.subject) for sent in mail.outbox] == [([bob.email], "You already have an account")]


@pytest.mark.django_db
def test_outbox_page_shows_superusers_where_mails_went_and_not_what_they_say(bob, organization, client_of):
    """Also those of nobody, while they work in an organization."""
    Client().post(reverse("account_reset_password"), {"email": bob.email})
    waiting = OutgoingMail.objects.get()
    root = client_of(User.objects.create_superuser("root@lectern.test", PASSWORD))
    root.post(f"/admin/organization/{organization.pk}/")

    pages = [
        root.get(reverse("admin:core_outgoingmail_changelist")).content.decode(),
        root.get(reverse("admin:core_outgoingmail_change", args=[waiting.pk])).content.decode(),
    ]

    texts = ("account/email/password_reset_key", bob.email, waiting.subject, waiting.sealed_content)
    assert [[text in page for text in texts] for page in pages] == [[True, True, False, False]] * 2


@pytest.mark.django_db
def test_outbox_page_is_not_for_owners(alice, client_of):
    assert client_of(alice).get(reverse("admin:core_outgoingmail_changelist")).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("mails", [1, 3])
def test_outbox_page_asks_as_often_for_many_mails_as_for_one(mails, organization, client_of, django_assert_num_queries):
    for number in range(mails):
        context = {"link": "https://learn.test/", "days": 7}
        to = f"somebody-{number}@harbor.test"
        send_mail("accounts/mail/export_ready", to=to, context=context, organization=organization)
    root = client_of(User.objects.create_superuser("root@lectern.test", PASSWORD))
    root.get("/admin/organizations/")

    with django_assert_num_queries(6):
        root.get(reverse("admin:core_outgoingmail_changelist"))
