"""What an invited person meets, from the mail's link to the organization's pages."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import Invitation, Membership, Organization, Role, User
from accounts.services.invitations import expire_invitations, revoke
from accounts.services.members import make_account
from core.tenancy import organization_scope
from tests.accounts.people import invited, last_link, membership_of
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
DORA = "dora@example.org"


@pytest.fixture
def invitation(organization: Organization, alice: User) -> Invitation:
    return invited(organization, DORA, role=Role.CREATOR, by=alice)


@pytest.fixture
def dora() -> User:
    return make_account(DORA, PASSWORD, name="Dora")


def sign_up(client: Client, email: str) -> None:
    form = {"email": email, "password1": PASSWORD, "password2": PASSWORD, "next": "/invitations/"}
    client.post("/accounts/signup/", form)


def test_link_leads_to_an_address_without_the_secret(invitation: Invitation) -> None:
    client = Client()

    answer = client.get(last_link(DORA))

    assert (answer.status_code, answer["Location"], answer["Referrer-Policy"]) == (302, "/invitations/", "no-referrer")
    page = client.get("/invitations/").content.decode()
    assert "Harbor School invites you as <strong>Creator</strong>." in page
    assert 'href="/accounts/signup/?next=/invitations/"' in page
    assert 'href="/accounts/login/?next=/invitations/"' in page


def test_looking_at_a_link_changes_nothing(invitation: Invitation) -> None:
    for method in ("head", "get", "get"):
        getattr(Client(), method)(last_link(DORA))

    kept = Invitation.objects.get()
    assert (kept.state.value, kept.digest, Membership.objects.count()) == ("pending", invitation.digest, 1)


def test_session_keeps_no_secret(invitation: Invitation) -> None:
    client = Client()
    client.get(last_link(DORA))

    secret = last_link(DORA).split("/")[2]
    assert [value for value in client.session.values() if secret in str(value)] == []


def test_new_person_signs_up_and_joins(invitation: Invitation, organization: Organization, settings: object) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    client = Client()
    client.get(last_link(DORA))
    prefilled = client.get("/accounts/signup/?next=/invitations/").context["form"]["email"].value()

    sign_up(client, DORA)
    answer = client.post("/invitations/", follow=True)

    assert (prefilled, answer.redirect_chain) == (DORA, [("/harbor/", 302)])
    assert EmailAddress.objects.get(email=DORA).verified is True
    assert membership_of(User.objects.get(email=DORA), organization).role == Role.CREATOR


def test_another_address_is_not_proven_by_the_link(invitation: Invitation, settings: object) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    client = Client()
    client.get(last_link(DORA))

    sign_up(client, "mallory@example.org")

    assert list(EmailAddress.objects.values_list("email", "verified")) == [("mallory@example.org", False)]


def test_address_is_not_proven_by_a_link_that_was_revoked(
    invitation: Invitation, organization: Organization, alice: User
) -> None:
    client = Client()
    client.get(last_link(DORA))
    with organization_scope(organization):
        revoke(invitation, by=alice)

    sign_up(client, DORA)

    assert list(EmailAddress.objects.values_list("email", "verified")) == [(DORA, False)]


def test_somebody_with_an_account_logs_in_and_joins(
    invitation: Invitation, organization: Organization, dora: User
) -> None:
    client = Client()
    client.get(last_link(DORA))
    sent_to_log_in = client.post("/invitations/")
    form = {"login": DORA, "password": PASSWORD, "next": "/invitations/"}
    logged_in = client.post("/accounts/login/", form, follow=True)

    assert sent_to_log_in["Location"] == "/accounts/login/?next=/invitations/"
    assert b'<button class="button button--primary button--wide" type="submit">Join</button>' in logged_in.content
    client.post("/invitations/")
    assert membership_of(dora, organization).role == Role.CREATOR


def test_somebody_else_is_told_without_the_whole_address(
    invitation: Invitation, charlie: User, client_of: ClientOf
) -> None:
    client = client_of(charlie)
    client.get(last_link(DORA))

    page = client.get("/invitations/").content.decode()
    client.post("/invitations/")

    assert "This invitation is for d…@example.org, and you are logged in as charlie@summit.test." in page
    assert DORA not in page
    assert Membership.objects.filter(user=charlie).count() == 1


def shown(answer: Any) -> str:
    """The page without the token that differs each time."""
    return re.sub(r'(<meta name="csrf-token" content=)"\w+"', r"\1", answer.content.decode())


def end(invitation: Invitation, how: str, organization: Organization, alice: User, dora: User, client: Client) -> str:
    """The link of an invitation that was ended in one of the ways there are."""
    link = last_link(DORA)
    if how == "used":
        client.get(link)
        client.post("/invitations/")
    if how == "revoked":
        with organization_scope(organization):
            revoke(invitation, by=alice)
    if how in ("expired", "closed"):
        Invitation.objects.update(expires_at=invitation.sent_at)
    if how == "closed":
        expire_invitations()
    return f"/invitations/{'x' * 43}/" if how == "nonsense" else link


@pytest.mark.parametrize("how", ["used", "revoked", "expired", "closed", "nonsense"])
def test_every_link_that_does_not_open_shows_the_same_page(
    invitation: Invitation, organization: Organization, alice: User, dora: User, client_of: ClientOf, how: str
) -> None:
    link = end(invitation, how, organization, alice, dora, client_of(dora))

    answer = Client().get(link)

    nothing = Client().get(f"/invitations/{'y' * 43}/")
    assert (answer.status_code, shown(answer)) == (404, shown(nothing))
    assert "This invitation is not valid" in shown(answer)
    assert "Harbor" not in shown(answer)


def test_answering_without_an_invitation_is_the_same_page(alice: User, client_of: ClientOf) -> None:
    client = client_of(alice)

    assert [client.get("/invitations/").status_code, client.post("/invitations/").status_code] == [404, 404]


def test_wrong_links_are_counted_and_the_right_one_still_opens(invitation: Invitation) -> None:
    client = Client()
    statuses = [client.get(f"/invitations/{'x' * 42}{number}/").status_code for number in range(12)]

    assert statuses == [404] * 10 + [429] * 2
    assert client.get(last_link(DORA)).status_code == 302


def test_front_page_offers_what_waits_for_a_proven_address(
    invitation: Invitation, organization: Organization, dora: User, client_of: ClientOf
) -> None:
    client = client_of(dora)
    shown = client.get("/").context["invitations"]

    answer = client.post(f"/invitations/{invitation.pk}/join/")

    assert (shown, answer["Location"]) == ([invitation], "/harbor/")
    assert membership_of(dora, organization).role == Role.CREATOR
    assert client.get("/")["Location"] == "/harbor/"


def test_front_page_offers_nothing_for_an_address_that_is_not_proven(
    invitation: Invitation, dora: User, client_of: ClientOf
) -> None:
    EmailAddress.objects.update(verified=False)
    client = client_of(dora)

    assert client.get("/").context["invitations"] == []
    assert client.post(f"/invitations/{invitation.pk}/join/").status_code == 404


def test_foreign_invitation_cannot_be_joined_by_its_key(
    invitation: Invitation, charlie: User, client_of: ClientOf
) -> None:
    assert client_of(charlie).post(f"/invitations/{invitation.pk}/join/").status_code == 404


def test_invitations_is_no_organization(alice: User) -> None:
    with pytest.raises(Exception, match="part of our own addresses"):
        Organization(name="Trap", slug="invitations").full_clean()
