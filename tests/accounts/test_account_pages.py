"""What people decide about their own account: name, password, second factor, sessions."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.test import Client

from accounts.models import ApiToken, Membership, Organization
from accounts.services.limits import LIMITS
from accounts.services.sessions import describe_browser
from accounts.services.tokens import create_token
from core.models import AuditEntry
from core.tenancy import organization_scope
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "another horse, another battery"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)


def logged_in(user, password=PASSWORD, **meta):
    client = Client(**meta)
    client.post("/accounts/login/", {"login": user.email, "password": password})
    return client


def is_in(client):
    return client.get("/account/").status_code == 200


def token_of(user):
    return create_token(Membership.objects.get(user=user), name="Script", scopes=["courses:read"])[1]


def change_password(client, **more):
    body = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD, **more}
    return client.post("/accounts/password/change/", body)


def test_name_is_changed_on_the_profile_page(bob, client_of):
    client = client_of(bob)

    answer = client.post("/account/", {"name": "Robert"})

    bob.refresh_from_db()
    assert (answer.status_code, bob.name) == (302, "Robert")


def test_changed_password_ends_the_other_sessions_and_keeps_tokens(bob):
    here, there = logged_in(bob), logged_in(bob)
    token_of(bob)

    answer = change_password(here)

    assert (answer.status_code, is_in(here), is_in(there), ApiToken.objects.count()) == (302, True, False, 1)


def test_changed_password_ends_tokens_when_asked(bob):
    token_of(bob)

    change_password(logged_in(bob), revoke_tokens="on")

    assert (ApiToken.objects.count(), revoked_in("harbor")) == (0, [("bob@harbor.test", "Script")])


def revoked_in(slug):
    """Who revoked which token, as the owners of an organization read it."""
    with organization_scope(Organization.objects.get(slug=slug)):
        entries = AuditEntry.objects.filter(action="token_revoked").order_by("id")
        return list(entries.values_list("actor__email", "object_name"))


def reset_link(user, work_off):
    Client().post("/accounts/password/reset/", {"email": user.email})
    work_off()
    return re.search(r"http://localhost:8000(/accounts/password/reset/key/\S+/)", mail.outbox[-1].body).group(1)


def use(link, password=NEW_PASSWORD):
    """Open a reset link and choose a password; the page that was shown last."""
    client = Client()
    form = client.get(link, follow=True)
    if form.context.get("token_fail"):
        return form
    return client.post(form.redirect_chain[-1][0], {"password1": password, "password2": password})


def test_reset_ends_sessions_and_tokens(bob, work_off):
    there = logged_in(bob)
    token_of(bob)

    use(reset_link(bob, work_off))

    assert (is_in(there), ApiToken.objects.count(), is_in(logged_in(bob, NEW_PASSWORD))) == (False, 0, True)


def test_tokens_ended_by_a_reset_are_written_down_in_each_organization(bob, other_organization, work_off):
    token_of(bob)
    there = Membership.objects.create(user=bob, organization=other_organization)
    create_token(there, name="Elsewhere", scopes=["courses:read"])

    use(reset_link(bob, work_off))

    assert revoked_in("harbor") == [("bob@harbor.test", "Script")]
    assert revoked_in("summit") == [("bob@harbor.test", "Elsewhere")]


def test_reset_link_opens_once(bob, work_off):
    link = reset_link(bob, work_off)
    use(link)

    again = use(link, "a third password of theirs")

    assert (again.context["token_fail"], is_in(logged_in(bob, NEW_PASSWORD))) == (True, True)


def test_reset_link_is_dead_after_an_hour(bob, work_off, settings, monkeypatch):
    link = reset_link(bob, work_off)
    settings.PASSWORD_RESET_TIMEOUT = -1  # as if an hour had gone

    assert use(link).context["token_fail"] is True


def test_reset_links_live_for_an_hour(settings):
    assert settings.PASSWORD_RESET_TIMEOUT == 3600


def test_reset_answers_the_same_for_unknown_people(bob):
    answers = [Client().post("/accounts/password/reset/", {"email": who}) for who in (bob.email, "no@harbor.test")]

    assert [(a.status_code, a["Location"]) for a in answers] == [(302, "/accounts/password/reset/done/")] * 2


def test_sessions_are_listed_by_browser_and_address(bob):
    client = logged_in(bob, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.1")
    logged_in(bob, HTTP_USER_AGENT=CHROME, REMOTE_ADDR="192.0.2.2")

    sessions = client.get("/accounts/sessions/").context["sessions"]

    assert [(one.browser, one.address, one.is_this) for one in sessions] == [
        ("Chrome on Windows", "192.0.2.2", False),
        ("Firefox on Linux", "192.0.2.1", True),
    ]


def test_one_session_is_ended(bob):
    here, there, elsewhere = logged_in(bob), logged_in(bob), logged_in(bob)
    handle = here.get("/accounts/sessions/").context["sessions"][1].handle  # the newest stands first

    here.post("/accounts/sessions/", {"session": handle})

    assert [is_in(client) for client in (here, there, elsewhere)] == [True, False, True]


def test_all_other_sessions_are_ended(bob):
    here, there, elsewhere = logged_in(bob), logged_in(bob), logged_in(bob)

    here.post("/accounts/sessions/", {"session": "others"})

    assert [is_in(client) for client in (here, there, elsewhere)] == [True, False, False]


def test_session_of_somebody_else_is_not_found(bob, charlie):
    theirs = logged_in(charlie)
    handle = theirs.get("/accounts/sessions/").context["sessions"][0].handle

    answer = logged_in(bob).post("/accounts/sessions/", {"session": handle})

    assert (answer.status_code, is_in(theirs)) == (404, True)


@pytest.mark.parametrize(("sent", "words"), [("curl/8.5.0", "curl/8.5.0"), ("", "Unknown browser")])
def test_browsers_nobody_knows_are_named_as_they_call_themselves(sent, words):
    assert describe_browser(sent) == words


@pytest.fixture
def secret(alice):
    """Alice has an authenticator app."""
    made = generate_totp_secret()
    TOTP.activate(alice, made)
    RecoveryCodes.activate(alice)
    return made


def code_of(secret, *, ahead=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def test_second_factor_is_asked_after_the_password(alice, secret):
    client = Client()
    answer = client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    before = is_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})

    assert (answer["Location"], before, is_in(client)) == ("/accounts/2fa/authenticate/", False, True)


def test_recovery_code_opens_once(alice, secret):
    code = Authenticator.objects.get(user=alice, type="recovery_codes").wrap().get_unused_codes()[0]
    opened = []
    for _ in range(2):
        client = logged_in(alice)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        opened.append(is_in(client))

    assert opened == [True, False]


def test_seed_lies_encrypted(alice, secret):
    stored = Authenticator.objects.get(user=alice, type="totp").data["secret"]

    assert secret not in stored


def test_wrong_codes_are_limited(alice, secret):
    client = logged_in(alice)
    limit = LIMITS["second_factor"].here
    answers = [client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code for _ in range(limit + 2)]
    right = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).status_code

    assert (answers, right) == ([200] * limit + [429] * 2, 429)


def test_back_office_sends_makers_without_a_second_factor_to_turn_it_on(alice, settings, client_of):
    settings.MFA_REQUIRED_FOR_MAKERS = True

    answers = [client_of(alice).get(path) for path in ("/admin/", "/admin/courses/course/", "/admin/organizations/")]

    assert [(a.status_code, a["Location"]) for a in answers] == [(302, "/accounts/2fa/")] * 3


def test_back_office_opens_with_a_second_factor(alice, secret, settings, client_of):
    settings.MFA_REQUIRED_FOR_MAKERS = True

    assert client_of(alice).get("/admin/").status_code == 200
