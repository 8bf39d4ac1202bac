"""What a player reports with: the key of its visit, which opens nothing else."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, User
from media_library.models import Media, WatchRecord
from tests.media_library.test_api import codes, start

REPORT = {"intervals": [[0, 2]], "position": 2}


@pytest.fixture
def begun(stored_talk: Media, bob: User, client_of: Any) -> dict[str, Any]:
    answer: dict[str, Any] = start(client_of(bob), stored_talk).json()
    return answer


def report(visit: str, key: str, *, verb: str = "progress", slug: str = "harbor", client: Client | None = None) -> Any:
    path = f"/api/v1/{slug}/watch/sessions/{visit}/{verb}/"
    client = client or Client(enforce_csrf_checks=True)
    return client.post(path, REPORT, content_type="application/json", headers={"X-Visit-Key": key})


@pytest.mark.parametrize("verb", ["progress", "end"])
def test_key_reports_without_a_session(begun, bob, scope, verb):
    response = report(begun["id"], begun["key"], verb=verb)

    assert (response.status_code, response.json()["watched_seconds"]) == (200, 2)
    assert WatchRecord.objects.get(user=bob).watched_seconds == 2


def test_keyed_report_costs_two_statements(begun):
    report(begun["id"], begun["key"])

    with CaptureQueriesContext(connection) as captured:
        report(begun["id"], begun["key"])

    tables = [query["sql"].split(" FROM ")[1].split("(")[0].split()[0] for query in captured]
    assert tables == ["accounts_organization", "media_library_count_report"]


def test_key_opens_no_other_visit(begun, stored_talk, alice, client_of):
    other = start(client_of(alice), stored_talk).json()

    answers = [codes(report(other["id"], begun["key"])), codes(report(begun["id"], begun["key"][:-1] + "!"))]

    assert answers == [(401, "authentication_failed")] * 2


def test_key_of_somebody_else_is_wrong_whoever_asks(begun, alice, client_of):
    forged = f"{alice.pk}:{begun['key'].partition(':')[2]}"

    assert codes(report(begun["id"], forged, client=client_of(alice))) == (401, "authentication_failed")


def test_key_opens_nothing_for_whom_the_organization_let_go(begun, bob, organization):
    Membership.objects.filter(user=bob).update(is_active=False)

    assert codes(report(begun["id"], begun["key"])) == (404, "not_found")


def test_key_opens_no_other_organization_and_no_other_address(begun):
    elsewhere = codes(report(begun["id"], begun["key"], slug="summit"))
    library = Client().get("/api/v1/harbor/media/", headers={"X-Visit-Key": begun["key"]})

    assert (elsewhere, library.status_code) == ((404, "not_found"), 401)
