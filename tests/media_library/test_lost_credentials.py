"""Credentials that were sealed under a SECRET_KEY that is here no more: they count for none, and everybody says so."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from config.doctor import PARTS, Ailment
from media_library.models import SourceAccount
from media_library.services.hosts import credentials_at
from media_library.services.source_accounts import give_credentials
from tests.media_library.small_host import hosted, small_host

__all__ = ["small_host"]
LOST = "They were stored under another key of this installation. Please give them again."
FINDING = {"what": "The credentials", "works": False, "words": LOST}


@pytest.fixture
def lost(scope, alice, small_host, settings):
    account = give_credentials(small_host, {"token": "secret", "key": "abc"}, by=alice)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, []
    return account


def page_of(client):
    return client.get(reverse("back_office_source", args=["vimeo"]))


def row_of(client):
    answer = client.get(reverse("api_sources", args=["harbor"])).json()
    return next(one for one in answer if one["name"] == "vimeo")


def test_what_plays_goes_on_playing(lost, alice, client_of):
    media = hosted(described_at=timezone.now(), publication="published", creator=alice)

    answer = client_of(alice).get(reverse("media_library:watch", args=["harbor", media.pk]))

    assert (answer.status_code, 'data-player-hosted="vimeo"' in answer.content.decode()) == (200, True)


def test_owner_reads_what_to_do(lost, alice, client_of):
    client = client_of(alice)

    page = page_of(client)
    account = client.get(reverse("api_source_account", args=["harbor", "vimeo"])).json()
    row = row_of(client)

    assert (page.status_code, LOST in page.content.decode()) == (200, False)  # the test of them is still to come
    assert (account["findings"], row["findings"], row["state"]) == ([FINDING], [FINDING], "failing")


def test_a_test_of_them_asks_nobody(lost, alice, small_host, client_of, work_off):
    work_off()

    lost.refresh_from_db()
    assert (lost.findings, lost.works, small_host.seen) == ([FINDING], False, [])
    assert LOST in page_of(client_of(alice)).content.decode()


def test_command_fails_for_them(lost, organization):
    told = StringIO()

    with pytest.raises(SystemExit):
        call_command("check_sources", organization="harbor", json=True, stdout=told)

    assert json.loads(told.getvalue())["findings"] == [FINDING]


def test_they_are_given_again(lost, alice, small_host, client_of):
    answer = client_of(alice).post(reverse("back_office_source", args=["vimeo"]), {"token": "new"})

    assert (answer.status_code, credentials_at("vimeo")) == (302, {"token": "new"})


def test_they_are_forgotten(lost, alice, client_of):
    answer = client_of(alice).delete(reverse("api_source_account", args=["harbor", "vimeo"]))

    assert (answer.status_code, SourceAccount.objects.count()) == (204, 0)


def test_doctor_says_what_to_do(lost):
    with pytest.raises(Ailment, match="^1 of 1 were stored under another SECRET_KEY"):
        PARTS["credentials"]()


def test_doctor_is_content_where_all_open(scope, alice, small_host):
    give_credentials(small_host, {"token": "secret"}, by=alice)

    assert PARTS["credentials"]() == (True, "1 for hosts, and this SECRET_KEY opens them")


def test_doctor_misses_none_where_none_was_given(scope):
    assert PARTS["credentials"]() == (None, "no organization gave any for a host")
