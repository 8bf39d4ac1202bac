"""An open browser, a made-up host or a missing second factor is not enough to act as somebody."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client

from accounts.models import ApiToken, User
from accounts.services.members import make_account
from accounts.services.tokens import create_token
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
TOKENS = "/account/tokens/"
WAY_OF_MAKERS = (302, "/accounts/2fa/")


@pytest.fixture
def left_open(alice):
    """A browser where somebody logged in some time ago."""
    client = Client()
    client.force_login(alice, backend="accounts.backends.EmailBackend")
    return client


@pytest.fixture
def required(settings):
    settings.MFA_REQUIRED_FOR_MAKERS = True


def form_of(user):
    return {"membership": user.memberships.get().pk, "name": "reports", "lifetime": "30", "media": "read"}


def test_token_is_made_once_the_password_was_typed_again(left_open, alice):
    asked = left_open.post(TOKENS, form_of(alice))
    before = ApiToken.objects.count()
    shown = left_open.post(asked["Location"], {"password": PASSWORD})

    assert (asked["Location"], before) == ("/accounts/reauthenticate/?next=%2Faccount%2Ftokens%2F", 0)
    assert ApiToken.objects.get().token_key in shown.content.decode()


def test_address_is_added_once_the_password_was_typed_again(left_open, alice):
    asked = left_open.post("/accounts/email/", {"action_add": "", "email": "mallory@example.org"})

    assert asked["Location"] == "/accounts/reauthenticate/?next=%2Faccounts%2Femail%2F"
    assert EmailAddress.objects.filter(email="mallory@example.org").count() == 0


@pytest.mark.parametrize("email", ["alice@harbor.test", "nobody@harbor.test"])
def test_links_of_reset_mails_lead_to_this_site_whatever_the_host(alice, work_off, email):
    Client(headers={"host": "localhost:6666"}).post("/accounts/password/reset/", {"email": email})
    work_off()

    assert [link.startswith("http://localhost:8000/accounts/") for link in links_of(mail.outbox[0])] == [True]


def test_links_of_confirmation_mails_lead_to_this_site_whatever_the_host(settings, db, work_off):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    body = {"email": "new@harbor.test", "password1": PASSWORD, "password2": PASSWORD}
    Client(headers={"host": "localhost:6666"}).post("/accounts/signup/", body)
    work_off()

    [link] = links_of(mail.outbox[0])
    assert link.startswith("http://localhost:8000/accounts/confirm-email/")


def links_of(message):
    return [word for word in message.body.split() if word.startswith("http")]


@pytest.mark.parametrize("path", ["/harbor/members/", "/harbor/members/invitations/"])
def test_owners_pages_ask_for_the_second_factor(alice, client_of, required, path):
    answer = client_of(alice).get(path)

    assert (answer.status_code, answer["Location"]) == WAY_OF_MAKERS


def test_makers_make_no_token_without_the_second_factor(alice, client_of, required):
    answer = client_of(alice).post(TOKENS, form_of(alice))

    assert (answer.status_code, answer["Location"], ApiToken.objects.count()) == (*WAY_OF_MAKERS, 0)


def test_learners_make_tokens_without_the_second_factor(bob, client_of, required):
    client_of(bob).post(TOKENS, form_of(bob))

    assert ApiToken.objects.filter(user=bob).count() == 1


def test_sessions_of_makers_call_the_api_with_the_second_factor_only(alice, bob, client_of, required):
    address = "/api/v1/harbor/courses/"
    _token, secret = create_token(alice.memberships.get(), name="reports", scopes=["courses:read"])

    refused = client_of(alice).get(address)
    by_token = Client().get(address, headers={"Authorization": f"Token {secret}"})
    of_learner = client_of(bob).get(address)
    TOTP.activate(alice, generate_totp_secret())

    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "second_factor_missing")
    assert (by_token.status_code, of_learner.status_code) == (200, 200)
    assert (client_of(alice).get(address).status_code, Authenticator.objects.count()) == (200, 1)


def test_name_of_a_profile_is_one_line(bob, client_of):
    client_of(bob).post("/account/", {"name": "Bob\r\n\r\nPay at http://evil.test\u2028now\u202e"})

    assert User.objects.get(pk=bob.pk).name == "Bob Pay at http://evil.test now"


def test_name_of_an_account_that_somebody_else_makes_is_one_line(db):
    made = make_account("new@harbor.test", PASSWORD, name="New\nOne")

    assert User.objects.get(pk=made.pk).name == "New One"


def test_name_of_a_sign_up_is_one_line(db):
    body = {"email": "new@harbor.test", "password1": PASSWORD, "password2": PASSWORD, "name": "New\nOne"}
    Client().post("/accounts/signup/", body)

    assert User.objects.get(email="new@harbor.test").name == "New One"
