"""Credentials at hosts: sealed, tested, shown to nobody; and how it goes with each host."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from core.jobs import enqueue
from core.models import AuditEntry
from core.tenancy import organization_scope
from media_library.models import Media, SourceAccount
from media_library.services.hosts import credentials_at
from media_library.services.source_accounts import give_credentials
from media_library.sources import SOURCES, Check, SourceError
from tests.media_library.small_host import hosted, small_host

__all__ = ["small_host"]
SECRET = "very-secret-token"
SOURCES_STATEMENTS = 10


@pytest.fixture
def account(scope, alice, small_host):
    return give_credentials(small_host, {"token": SECRET}, by=alice)


def stored_text():
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM media_library_sourceaccount")
        return cursor.fetchone()[0]


def test_credentials_are_sealed_and_read_back(account):
    assert (SECRET in stored_text(), credentials_at("vimeo")) == (False, {"token": SECRET})


def test_credentials_left_empty_stay(account, alice, small_host):
    give_credentials(small_host, {"token": "", "key": "abc"}, by=alice)

    assert credentials_at("vimeo") == {"token": SECRET, "key": "abc"}


def test_credentials_are_tested_at_once(account, small_host, work_off):
    work_off()

    account.refresh_from_db()
    assert (account.findings, account.works, small_host.seen) == (
        [{"what": "Read videos", "works": True, "words": ""}], True, [{"token": SECRET}]
    )  # fmt: skip


def test_refused_credentials_say_so(account, small_host, work_off):
    small_host.finds = SourceError("auth_invalid")

    work_off()

    account.refresh_from_db()
    assert (account.works, account.findings[0]["words"]) == (
        False,
        "Small Host refused the credentials. Please check them under Sources, where a button tells what works.",
    )


def test_giving_credentials_is_written_down_without_them(account):
    entries = AuditEntry.objects.filter(model="media_library.SourceAccount").values_list("action", "detail")

    assert list(entries) == [("credentials_changed", "token")]


def test_owner_gives_and_forgets_by_the_api(scope, alice, bob, client_of, small_host):
    address = reverse("api_source_account", args=["harbor", "vimeo"])
    client = client_of(alice)

    given = client.put(address, {"token": SECRET}, content_type="application/json")
    refused = client.put(address, {"password": "x"}, content_type="application/json")
    strange = client.put(address, ["x"], content_type="application/json")
    nobodys = client_of(bob).get(address)
    removed = client.delete(address)

    assert [answer.status_code for answer in (given, refused, strange, nobodys, removed)] == [202, 400, 400, 403, 204]
    assert (SECRET in given.content.decode(), refused.json()["error"]["fields"], SourceAccount.objects.count()) == (
        False, {"password": ["This is not asked for."]}, 0
    )  # fmt: skip


def test_other_organizations_see_and_use_nothing_of_it(account, charlie, other_organization, client_of):
    answer = client_of(charlie).get(reverse("api_source_account", args=["summit", "vimeo"]))

    with organization_scope(other_organization):
        assert (answer.status_code, credentials_at("vimeo")) == (404, {})


def test_source_page_takes_credentials_and_never_shows_them(scope, alice, client_of, small_host):
    client = client_of(alice)
    address = reverse("back_office_source", args=["vimeo"])

    answer = client.post(address, {"token": SECRET}, follow=True)

    assert (SECRET in answer.content.decode(), credentials_at("vimeo")) == (False, {"token": SECRET})
    assert "Being tested" in answer.content.decode()


@pytest.mark.parametrize("name", ["nowhere", "upload"])
def test_unknown_source_is_not_found(scope, alice, client_of, name):
    client = client_of(alice)

    answers = [
        client.get(reverse("back_office_source", args=[name])),
        client.put(reverse("api_source_account", args=["harbor", name]), {}, content_type="application/json"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_sources_costs_the_same_however_many_media_fail(
    scope, alice, client_of, small_host, work_off, django_assert_num_queries, count
):
    small_host.told = SourceError("private")
    for number in range(count):
        media = hosted(f"10000{number}", creator=alice)
        from_scratch(media)
    work_off()
    client = client_of(alice)
    client.get(reverse("api_sources", args=["harbor"]))

    with django_assert_num_queries(SOURCES_STATEMENTS):
        answer = client.get(reverse("api_sources", args=["harbor"]))

    row = next(one for one in answer.json() if one["name"] == "vimeo")
    assert (row["media"], row["playable"], row["failing"], len(row["troubles"]), row["state"]) == (
        count, 0, count, count, "open"
    )  # fmt: skip
    assert [one["name"] for one in answer.json()] == list(SOURCES)


def from_scratch(media: Media) -> None:
    enqueue("describe_media", media.pk, key=f"describe_media:{media.pk}")


def test_command_tells_what_works_and_fails_where_something_does_not(account, small_host, organization):
    good, bad = StringIO(), StringIO()

    call_command("check_sources", organization="harbor", json=True, stdout=good)
    small_host.finds = [Check("Read videos", works=False, words="No.")]
    with pytest.raises(SystemExit) as ended:
        call_command("check_sources", stdout=bad)

    assert (json.loads(good.getvalue()), bad.getvalue(), ended.value.code) == (
        {"organization": "harbor", "source": "vimeo",
         "findings": [{"what": "Read videos", "works": True, "words": ""}]},
        "harbor vimeo: FAILS Read videos No.\n",
        1,
    )  # fmt: skip
