"""An integrator's key: shown once, stored as a digest, bound to one membership, no stronger than its scopes."""

import logging
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, Membership, Role, User
from accounts.models.token import SCOPES
from accounts.scopes import in_words
from accounts.services.tokens import create_token
from core.models import AuditEntry
from core.tenancy import every_organization, organization_scope
from tests.conftest import member

pytestmark = pytest.mark.django_db
PAGE = "/account/tokens/"
MADE = ("token_made", None, "reports")  # by the fixture, in nobody's name


def token_of(user, *scopes, **fields):
    return create_token(user.memberships.get(), name="reports", scopes=list(scopes), **fields)


@pytest.fixture
def reader(alice):
    return token_of(alice, "media:read")


def call(secret, path="/api/v1/harbor/media/", method="get"):
    return getattr(Client(), method)(
        path, headers={"Authorization": f"Token {secret}"}, content_type="application/json"
    )


def form_of(user, **fields):
    return {"membership": user.memberships.get().pk, "name": "reports", "lifetime": "30", **fields}


def test_token_reads_its_organization(reader):
    response = call(reader[1])

    assert response.status_code == 200
    assert response.json() == {"count": 0, "next": None, "previous": None, "results": []}


def test_call_costs_one_statement_more_than_what_it_asks(reader, django_assert_num_queries):
    call(reader[1])

    with django_assert_num_queries(2):  # the token with its person, the count of an empty page
        call(reader[1])


def test_token_is_recognizable_and_stored_as_a_digest(reader):
    token, secret = reader

    assert (secret[:8], token.token_key) == ("lectern_", secret[:15])
    assert secret not in (token.digest, token.token_key)


def test_token_of_another_organization_finds_nothing(reader, alice, other_organization):
    Membership.objects.create(user=alice, organization=other_organization, role=Role.OWNER)

    assert call(reader[1], "/api/v1/summit/media/").status_code == 404


def test_reading_token_may_not_write(reader):
    response = call(reader[1], "/api/v1/harbor/media/", "post")

    assert response.status_code == 403
    assert response.json() == {
        "error": {
            "code": "scope_missing",
            "message": "This token may not do that. It needs the scope media:write: Media library (read and write).",
            "fields": {},
        }
    }


def test_token_does_no_more_than_its_person_may(bob):
    _, secret = token_of(bob, *SCOPES)

    refused = call(secret, "/api/v1/harbor/courses/", "post")

    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "permission_denied")


def test_token_follows_the_role_of_its_person(alice):
    _, secret = token_of(alice, "courses:write")
    Membership.objects.filter(user=alice).update(role=Role.LEARNER)

    assert call(secret, "/api/v1/harbor/courses/", "post").status_code == 403


def expire(token):
    ApiToken.objects.filter(pk=token.pk).update(expiry=timezone.now())


def suspend(token):
    Membership.objects.filter(pk=token.membership_id).update(is_active=False)


def remove(token):
    Membership.objects.filter(pk=token.membership_id).update(is_active=False, removed_at=timezone.now())


def lock_out(token):
    User.objects.filter(pk=token.user_id).update(is_active=False)


def erase(token):
    User.objects.filter(pk=token.user_id).update(erased_at=timezone.now())


@pytest.mark.parametrize("is_open", [True, False])
@pytest.mark.parametrize("ending", [expire, suspend, remove, lock_out, erase, ApiToken.delete])
def test_token_stops_at_once(ending, is_open, reader, organization):
    type(organization).objects.update(is_open=is_open)
    token, secret = reader
    before = call(secret).status_code

    ending(token)

    after = call(secret)
    assert (before, after.status_code, after.json()["error"]["code"]) == (200, 401, "authentication_failed")


def test_wrong_secrets_and_dead_tokens_get_the_same_words(reader):
    token, secret = reader
    expire(token)

    answers = [call(sent).content for sent in (secret, secret[:-1] + "x", "lectern_0123456789", "nonsense", "ü")]

    assert answers == [answers[0]] * 5


def test_nobody_in_particular_is_asked_to_authenticate(organization):
    response = Client().get("/api/v1/harbor/media/")

    assert (response.status_code, response.json()["error"]["code"]) == (401, "not_authenticated")


def test_use_is_remembered(reader):
    token, secret = reader

    call(secret)

    token.refresh_from_db()
    assert timezone.now() - token.last_used_at < timedelta(minutes=1)


# The page


def test_page_shows_a_new_token_once(alice, client_of):
    client = client_of(alice)

    first = client.post(PAGE, form_of(alice, courses="write", media="read", learning=""))
    second = client.get(PAGE)

    secret = first.context["secret"]
    assert (first.content.count(secret.encode()), second.content.count(secret.encode())) == (1, 0)
    assert second.content.count(secret[:15].encode()) == 1
    assert first["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("lifetime", "days"), [("30", 30), ("90", 90), ("365", 365), ("", None)])
def test_page_makes_what_was_chosen(alice, client_of, lifetime, days):
    client_of(alice).post(PAGE, form_of(alice, courses="write", media="read", lifetime=lifetime))

    token = ApiToken.objects.get()
    left = token.expiry and round((token.expiry - timezone.now()) / timedelta(days=1))
    assert (token.scopes, token.organization_id, left) == (
        ["media:read", "courses:write"],
        alice.memberships.get().organization_id,
        days,
    )


def test_page_wants_one_area_at_least(alice, client_of):
    response = client_of(alice).post(PAGE, form_of(alice))

    assert response.context["form"].non_field_errors() == ["Choose at least one area that the token may read."]
    assert ApiToken.objects.count() == 0


def test_page_offers_only_own_memberships(alice, charlie, client_of):
    response = client_of(alice).post(PAGE, form_of(charlie, media="read"))

    assert list(response.context["form"].errors) == ["membership"]
    assert ApiToken.objects.count() == 0


def test_page_lists_only_own_tokens(reader, bob, client_of):
    assert client_of(bob).get(PAGE).context["rows"] == []


def audited(organization):
    with organization_scope(organization):
        return list(AuditEntry.objects.values_list("action", "actor__email", "object_name"))


def test_revoked_token_stops_at_once_and_that_is_written_down(reader, alice, client_of, organization):
    token, secret = reader

    client_of(alice).post(f"{PAGE}{token.pk}/revoke/")

    assert call(secret).status_code == 401
    assert audited(organization) == [("token_revoked", "alice@harbor.test", "reports"), MADE]


def test_foreign_token_cannot_be_revoked(reader, charlie, client_of):
    token, secret = reader

    assert client_of(charlie).post(f"{PAGE}{token.pk}/revoke/").status_code == 404
    assert call(secret).status_code == 200


# The API


def listed(secret):
    return [row["owner"] for row in call(secret, "/api/v1/harbor/tokens/").json()["results"]]


def test_tokens_are_listed_to_their_person_and_to_owners(alice, bob, charlie):
    _, of_alice = token_of(alice, "members:read")
    _, of_bob = token_of(bob, "members:read")
    token_of(charlie, "members:read")

    assert listed(of_alice) == ["bob@harbor.test", "alice@harbor.test"]
    assert listed(of_bob) == ["bob@harbor.test"]


def test_listed_token_says_everything_but_the_secret(alice):
    token, secret = token_of(alice, "members:read")

    (row,) = call(secret, "/api/v1/harbor/tokens/").json()["results"]

    assert set(row) == {"id", "name", "prefix", "owner", "scopes", "created", "expiry", "last_used_at"}
    assert (row["id"], row["prefix"], row["scopes"]) == (str(token.pk), secret[:15], ["members:read"])


def test_no_token_makes_another_one(alice):
    _, secret = token_of(alice, *SCOPES)

    assert call(secret, "/api/v1/harbor/tokens/", "post").status_code == 405


def test_tokens_are_revoked_by_their_person_and_by_owners(alice, bob, organization):
    of_alice, owner = token_of(alice, "members:write")
    of_bob, learner = token_of(bob, "members:write")

    answers = [
        call(secret, f"/api/v1/harbor/tokens/{token.pk}/", "delete").status_code
        for secret, token in ((learner, of_alice), (owner, of_bob), (learner, of_bob), (owner, of_alice))
    ]

    assert answers == [404, 204, 401, 204]
    assert [entry[:2] for entry in audited(organization) if entry[0] != "token_made"] == [
        ("token_revoked", "alice@harbor.test")
    ] * 2


# The back office


ADMIN = "/admin/accounts/apitoken/"


def test_owners_see_the_tokens_of_their_members_only(alice, bob, charlie, client_of):
    token_of(bob, "media:read")
    foreign, _ = create_token(charlie.memberships.get(), name="canary", scopes=["media:read"])
    client = client_of(alice)

    page = client.get(ADMIN)

    assert [token.user for token in page.context["cl"].queryset] == [bob]
    assert [client.get(f"{ADMIN}{foreign.pk}/{view}/").status_code for view in ("change", "history", "delete")] == [
        404, 404, 403,
    ]  # fmt: skip


def test_owners_revoke_and_that_is_written_down(alice, bob, charlie, client_of, organization):
    mine, secret = token_of(bob, "media:read")
    foreign, foreign_secret = token_of(charlie, "media:read")

    client_of(alice).post(ADMIN, {"action": "revoke_selected", "_selected_action": [mine.pk, foreign.pk]})

    assert (call(secret).status_code, call(foreign_secret, "/api/v1/summit/media/").status_code) == (401, 200)
    assert audited(organization) == [("token_revoked", "alice@harbor.test", "reports"), MADE]


def test_creators_have_nothing_to_do_with_tokens_of_others(organization, bob, client_of):
    creator = member("dora@harbor.test", organization, Role.CREATOR)
    token_of(bob, "media:read")
    client = client_of(creator)

    revoking = {"action": "revoke_selected", "_selected_action": [ApiToken.objects.get().pk]}
    assert [client.get(ADMIN).status_code, client.post(ADMIN, revoking).status_code] == [403, 403]
    assert ApiToken.objects.count() == 1


# The command


def made_by_command(*arguments):
    out = StringIO()
    call_command("create_token", "alice@harbor.test", "harbor", "ci", *arguments, stdout=out)
    return out.getvalue().strip()


def test_command_makes_a_token_that_works(alice):
    secret = made_by_command("--scope", "media:read", "--scope", "courses:write", "--days", "3")

    token = ApiToken.objects.get()
    assert (call(secret).status_code, token.scopes) == (200, ["media:read", "courses:write"])
    assert round((token.expiry - timezone.now()) / timedelta(hours=1)) == 72


@pytest.mark.parametrize("arguments", [(), ("--scope", "moon:land"), ("--scope", "media:read", "--days", "0")])
def test_command_refuses_what_makes_no_sense(alice, arguments):
    with pytest.raises(CommandError):
        made_by_command(*arguments)

    assert ApiToken.objects.count() == 0


def test_command_makes_none_for_a_suspended_member(alice):
    Membership.objects.filter(user=alice).update(is_active=False)

    with pytest.raises(CommandError, match="This membership has ended"):
        made_by_command("--scope", "media:read")

    assert ApiToken.objects.count() == 0


# Where it may not be


def test_scopes_are_told_in_words():
    assert in_words("learning:write") == "Enrollment, progress, watching (read and write)"


def every_row_as_text():
    with every_organization(reason="a secret may lie in no table of anybody"), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row::text FROM "{table}" AS row')  # noqa: S608  (names of our own tables)
            yield from (text for (text,) in cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_secret_is_in_no_table_and_in_no_log(alice, client_of, caplog):
    for name in ("root", "django", "django.request"):
        caplog.set_level(logging.DEBUG, logger=name)
    connection.force_debug_cursor = True  # statements are logged with their values
    secret = client_of(alice).post(PAGE, form_of(alice, media="read")).context["secret"]
    paths = ("/api/v1/harbor/media/", "/api/v1/summit/media/", "/api/v1/harbor/nothing/")
    statuses = [call(sent, path).status_code for path in paths for sent in (secret, secret + "x")]
    connection.force_debug_cursor = False

    texts = [*every_row_as_text(), caplog.text]
    assert statuses == [200, 401, 404, 401, 404, 404]
    assert (any(secret[:15] in text for text in texts[:-1]), secret[:15] in caplog.text) == (True, True)
    assert [text for text in texts if secret in text] == []
