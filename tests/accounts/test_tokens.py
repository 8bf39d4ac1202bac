"""An integrator's key: shown once, stored as a digest, bound to one membership."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import ApiToken, Membership
from accounts.services.tokens import create_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(alice):
    return create_token(alice.memberships.get(), name="reports", scopes=["read"])


def call(secret, path="/api/v1/harbor/media/", method="get"):
    return getattr(Client(), method)(
        path, headers={"Authorization": f"Token {secret}"}, content_type="application/json"
    )


def test_token_reads_its_organization(reader):
    response = call(reader[1])

    assert response.status_code == 200
    assert response.json() == {"count": 0, "next": None, "previous": None, "results": []}


def test_token_is_recognizable_and_stored_as_a_digest(reader):
    token, secret = reader

    assert secret.startswith("lectern_")
    assert secret not in (token.digest, token.token_key)


def test_token_of_another_organization_finds_nothing(reader, other_organization):
    assert call(reader[1], "/api/v1/summit/media/").status_code == 404


def test_reading_token_may_not_write(reader):
    response = call(reader[1], "/api/v1/harbor/courses/", "post")

    assert response.status_code == 403
    assert response.json() == {
        "error": {"code": "permission_denied", "message": "You may not do this here.", "fields": {}}
    }


def test_token_dies_with_the_membership(reader, alice):
    Membership.objects.filter(user=alice).update(is_active=False)

    assert call(reader[1]).status_code == 404


def test_expired_and_made_up_tokens_are_refused(alice):
    _, expired = create_token(alice.memberships.get(), name="old", scopes=["read"], lifetime=timedelta(seconds=-1))

    assert call(expired).status_code == 401
    assert call("lectern_0123456789").json()["error"]["code"] == "authentication_failed"


def test_nobody_in_particular_is_asked_to_authenticate(organization):
    response = Client().get("/api/v1/harbor/media/")

    assert (response.status_code, response.json()["error"]["code"]) == (401, "not_authenticated")


def test_page_shows_a_new_token_once(alice, client_of):
    client = client_of(alice)
    form = {"membership": alice.memberships.get().pk, "name": "reports", "scopes": ["read"], "lifetime": "30"}

    first = client.post("/account/tokens/", form)
    second = client.get("/account/tokens/")

    secret = first.context["secret"]
    assert secret.encode() in first.content
    assert secret.encode() not in second.content
    assert first["Cache-Control"] == "no-store"


def test_page_offers_only_own_memberships(alice, charlie, client_of):
    form = {"membership": charlie.memberships.get().pk, "name": "spy", "scopes": ["read"], "lifetime": "30"}

    response = client_of(alice).post("/account/tokens/", form)

    assert list(response.context["form"].errors) == ["membership"]
    assert ApiToken.objects.count() == 0


def test_revoked_token_stops_at_once(reader, alice, client_of):
    token, secret = reader

    client_of(alice).post(f"/account/tokens/{token.pk}/revoke/")

    assert call(secret).status_code == 401


def test_foreign_token_cannot_be_revoked(reader, charlie, client_of):
    token, secret = reader

    assert client_of(charlie).post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    assert call(secret).status_code == 200


def test_command_makes_a_token_that_works(alice):
    out = StringIO()

    call_command("create_token", "alice@harbor.test", "harbor", "ci", stdout=out)

    assert call(out.getvalue().strip()).status_code == 200


def test_use_is_remembered(reader):
    token, secret = reader

    call(secret)

    token.refresh_from_db()
    assert token.last_used_at is not None
