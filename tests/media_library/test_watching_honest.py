"""What nobody can fool: the order of reports, how often they come, tabs, speeds, clocks, and tabs that slept."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.tenancy import organization_scope
from media_library.models import Media, WatchRecord, WatchSession
from media_library.services.watching import MOST_PACE, TOLERANCE, start_session
from tests.media_library.watched import leave, make_talk, pass_time, watch

pytestmark = pytest.mark.usefixtures("scope")
HOUR, DAY = 3600, 86_400

#: An evening: on from the start, a part skipped, a part seen twice, half seconds at the borders.
BEATS = [(0, 10.4), (10, 20.2), (40, 50), (45.5, 58), (58, 61.6), (20.4, 31), (90, 97.5)]


@pytest.fixture
def talk(scope, alice) -> Media:
    return make_talk(alice)


def row_of(user: Any) -> dict[str, Any]:
    facts = ("seconds", "watched_seconds", "percent", "completed_at", "rounds", "again")
    return WatchRecord.objects.filter(user=user).values(*facts).get()


def seen_in_order(media: Media, user: Any) -> dict[str, Any]:
    session = start_session(media, user=user)
    pass_time(media, HOUR)
    for beat in BEATS:
        watch(session, beat)
    return row_of(user)


@pytest.mark.parametrize("seed", range(5))
def test_shuffled_tripled_and_split_over_two_tabs_leave_the_same_row(talk, alice, bob, seed):
    expected = seen_in_order(talk, alice)
    told = BEATS * 3
    random.Random(seed).shuffle(told)  # noqa: S311
    tabs = [start_session(talk, user=bob) for _ in range(2)]
    pass_time(talk, HOUR)

    for number, beat in enumerate(told):
        watch(tabs[number % 2], beat)

    assert row_of(bob) == expected


def test_the_same_reports_leave_the_same_visit(talk, alice, bob):
    seen_in_order(talk, alice)
    session = start_session(talk, user=bob)
    pass_time(talk, HOUR)

    for beat in reversed(BEATS * 3):
        watch(session, beat)

    facts = ("seconds", "watched_seconds", "percent", "completed")
    one, other = (WatchSession.objects.filter(user=who).values(*facts).get() for who in (alice, bob))
    assert one == other


def test_the_end_alone_completes_nothing(talk, bob):
    session = start_session(talk, user=bob)
    pass_time(talk, HOUR)

    watch(session, (99.5, 100), position=100)
    state = leave(session, (99, 100), position=100)

    assert (state.percent, state.position, state.completed) == (1.0, 100.0, False)


@pytest.mark.parametrize("seed", range(8))
def test_no_way_of_reporting_beats_the_clock(scope, alice, bob, seed):
    """Two tabs at any speed up to 16, which claim whatever they like at any time: the sum stays within the clock."""
    chance = random.Random(seed)  # noqa: S311
    film = make_talk(alice, duration=20 * HOUR)
    tabs = [start_session(film, user=bob) for _ in range(2)]
    elapsed = 0.0

    for _ in range(40):
        pause = chance.choice([0, 0.5, 10, 10, 60])
        pass_time(film, pause)
        elapsed += pause
        start = chance.randrange(0, 60_000)
        speed = chance.choice([0.25, 1, 1.5, 2, 4, 16])
        watch(chance.choice(tabs), (start, start + chance.choice([10, 160, 2000])), speed=speed)

    visits = WatchSession.objects.filter(user=bob).values_list("watched_seconds", flat=True)
    slack = 5  # seconds that the test itself may take
    most = (elapsed + slack) * MOST_PACE + TOLERANCE
    assert max(row_of(bob)["watched_seconds"], sum(visits)) <= most


def test_sixteenfold_speed_earns_no_more_than_double(talk, bob):
    session = start_session(talk, user=bob)
    watch(session, (0, 15))
    pass_time(talk, 5)

    state = watch(session, (15, 95), speed=16)

    assert state.watched_seconds == 15 + 5 * MOST_PACE


def test_a_tab_that_slept_has_seen_what_it_played(scope, alice, bob):
    """The clock allows much; the union allows what was played."""
    film = make_talk(alice, duration=10 * HOUR)
    session = start_session(film, user=bob)
    watch(session, (0, 10))
    pass_time(film, 3 * HOUR)

    state = watch(session, (10, 14), position=14)

    assert state.watched_seconds == 14


@pytest.mark.parametrize("days", [-3650, -1, 0, 1, 3650])
def test_the_learners_clock_is_asked_nowhere(talk, bob, client_of, organization, days):
    """A report may say whatever it likes about time: the times that are kept are the server's."""
    client = client_of(bob)
    wrong = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    said = {"at": wrong, "started_at": wrong, "timestamp": wrong}
    before = datetime.now(UTC)
    Media.objects.filter(pk=talk.pk).update(publication="published", described_at=before)
    session = client.post(
        "/api/v1/harbor/watch/sessions/", {"media": str(talk.pk), **said}, content_type="application/json"
    ).json()["id"]
    report = {"intervals": [[0, 60]], "position": 60, "speed": 1, **said}
    headers = {"Date": wrong}

    answer = client.post(
        f"/api/v1/harbor/watch/sessions/{session}/progress/", report, content_type="application/json", headers=headers
    ).json()

    with organization_scope(organization):
        visit, record = WatchSession.objects.get(), WatchRecord.objects.get()
    moments = [visit.started_at, visit.last_beat_at, record.updated_at, record.credited_at]
    assert 15 <= answer["watched_seconds"] <= 15 + 5 * MOST_PACE
    assert all(abs(moment - before) < timedelta(minutes=1) for moment in moments)
