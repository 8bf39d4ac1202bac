"""What nobody sends by accident is refused like everything else: with a code, and without a 500."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from core.tenancy import organization_scope
from media_library.captions import CaptionError, parse
from media_library.models import WatchRecord, WatchSession
from media_library.services.watching import report_watching, start_session
from media_library.views.ranges import requested_range
from tests.world import populate

HUGE = int("1" + "0" * 400)


@pytest.fixture
def rows(organization, alice, bob):
    with organization_scope(organization):
        return populate(alice, bob)


@pytest.mark.parametrize("report", [{"position": HUGE}, {"intervals": [[0, HUGE]]}, {"speed": HUGE}])
def test_numbers_beyond_all_are_refused(report, rows, bob, client_of):
    path = f"/api/v1/harbor/watch/sessions/{rows['session'].pk}/progress/"

    response = client_of(bob).post(path, json.dumps(report), content_type="application/json")

    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_report")


def test_json_nested_too_deeply_is_refused(rows, bob, client_of):
    response = client_of(bob).post("/api/v1/harbor/watch/sessions/", "[" * 200_000, content_type="application/json")

    assert (response.status_code, response.json()["error"]["code"]) == (400, "parse_error")


def test_range_of_too_many_digits_means_all_of_it(rf):
    request = rf.get("/", headers={"Range": f"bytes={'1' * 5000}-"})

    assert requested_range(request, 10) is None


def test_captions_of_too_many_cues_are_refused_before_they_are_read():
    with pytest.raises(CaptionError) as refusal:
        parse("WEBVTT\n\n" + "00:00.000 --> 00:01.000\nx\n\n" * 50_001)

    assert refusal.value.code == "captions_too_large"


def test_seconds_played_faster_count_though_the_speed_went_back(rows, bob, organization):
    """Ten seconds of media in five of the clock, at double speed until just before the report."""
    with organization_scope(organization):
        visit = start_session(rows["media"], user=bob)
        WatchSession.objects.filter(pk=visit.pk).update(speed=2)
        WatchRecord.objects.update(credit=0, credited_at=datetime.now(UTC) - timedelta(seconds=5))

        state = report_watching(visit.pk, user=bob, intervals=[[20, 30]], position=30, speed=1)

    assert state.watched_seconds == 5 + 10
