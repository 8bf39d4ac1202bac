"""What watching tells: rounds of watching again, and the seconds of visits that end."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Refused
from core.tenancy import organization_scope
from media_library.models import Media, WatchRecord, WatchSession
from media_library.services.leaving import close_stale_sessions
from media_library.services.watching import start_session
from tests.media_library.watched import fall_silent, leave, listening, make_talk, pass_time, watch

pytestmark = pytest.mark.usefixtures("scope")
HOUR = 3600


@pytest.fixture
def talk(scope, alice) -> Media:
    return make_talk(alice)


def seen_whole(media: Media, user) -> WatchSession:
    """A visit that completes it."""
    session = start_session(media, user=user)
    pass_time(media, HOUR)
    watch(session, (0, 100))
    return session


def test_watching_again_is_told_once_a_round(talk, bob):
    first = seen_whole(talk, bob)
    with listening("watch_repeated", "watch_completed") as told:
        watch(first, (0, 100))  # the visit that completed it repeats nothing
        again = start_session(talk, user=bob)
        pass_time(talk, HOUR)
        for end in (50, 89, 90, 95, 100):
            watch(again, (0, end))
        for half in ((0, 45), (45, 91)):  # the third time, in two visits
            visit = start_session(talk, user=bob)
            pass_time(talk, HOUR)
            watch(visit, half)

    record = WatchRecord.objects.get()
    assert [(name, facts["round"]) for name, facts in told] == [("watch_repeated", 1), ("watch_repeated", 2)]
    assert (record.rounds, record.again, record.percent, record.repeated_at > record.completed_at) == (2, [], 100, True)


def test_visit_that_was_open_before_the_end_builds_no_round(talk, bob):
    other = start_session(talk, user=bob)
    seen_whole(talk, bob)
    pass_time(talk, HOUR)

    watch(other, (0, 100))

    record = WatchRecord.objects.get()
    assert (record.rounds, record.again, WatchSession.objects.get(pk=other.pk).watched_seconds) == (0, [], 100)


def test_ending_a_visit_tells_its_seconds_once(talk, bob):
    session = start_session(talk, user=bob)
    with listening("watch_left") as told:
        watch(session, (0, 5))
        leave(session, (3, 12))
        leave(session, (12, 15))
        leave(start_session(talk, user=bob))

    session.refresh_from_db()
    assert [(facts["session"].pk, facts["seconds"]) for _, facts in told] == [(session.pk, 12)]
    assert (session.told_seconds, session.left_open) == (12, False)


def test_silent_visits_are_closed_at_their_last_beat_and_told(talk, bob):
    silent, empty, lively = (start_session(talk, user=bob) for _ in range(3))
    watch(silent, (0, 7))
    watch(lively, (20, 23))
    fall_silent(silent)
    fall_silent(empty)

    with listening("watch_left") as told:
        closed = close_stale_sessions(), close_stale_sessions()

    rows = [WatchSession.objects.get(pk=one.pk) for one in (silent, empty, lively)]
    assert (closed, [facts["seconds"] for _, facts in told]) == ((2, 0), [7])
    assert [(one.left_open, one.told_seconds) for one in rows] == [(True, 7), (True, 0), (False, 0)]
    assert [one.ended_at for one in rows] == [rows[0].last_beat_at, rows[1].last_beat_at, None]


def test_silent_visits_of_every_organization_are_closed(talk, bob, other_organization, charlie):
    fall_silent(start_session(talk, user=bob))
    with organization_scope(other_organization):
        film = make_talk(charlie)
        theirs = start_session(film, user=charlie)
        watch(theirs, (0, 4))
        fall_silent(theirs)

    with listening("watch_left") as told:
        close_stale_sessions()

    with organization_scope(other_organization):
        theirs.refresh_from_db()
    assert ([facts["seconds"] for _, facts in told], theirs.ended_at, WatchSession.objects.get().left_open) == (
        [4], theirs.last_beat_at, True,
    )  # fmt: skip


def test_closing_many_takes_few_statements(talk, bob):
    """Visits without anything to tell; each that has costs its receivers besides."""
    made = WatchSession.objects.bulk_create(WatchSession(media=talk, user=bob) for _ in range(450))
    ago = made[0].started_at or WatchSession.objects.values_list("started_at", flat=True)[0]
    WatchSession.objects.update(last_beat_at=ago - timedelta(hours=1))

    with CaptureQueriesContext(connection) as statements:
        closed = close_stale_sessions()

    updates = [one for one in statements.captured_queries if "UPDATE" in one["sql"]]
    assert (closed, len(updates)) == (450, 4)


def test_late_reports_open_again_what_silence_closed(talk, bob):
    session = start_session(talk, user=bob)
    watch(session, (0, 10))
    fall_silent(session, minutes=40)
    close_stale_sessions()

    with listening("watch_left") as told:
        state = watch(session, (10, 60), position=60)
        session.refresh_from_db()
        reopened = session.ended_at, session.left_open
        leave(session)

    assert (state.watched_seconds, reopened) == (60, (None, False))
    assert [facts["seconds"] for _, facts in told] == [50]
    with pytest.raises(Refused) as refusal:
        watch(session, (60, 70))
    assert refusal.value.code == "session_ended"


def test_late_reports_bring_no_more_than_the_clock_allows(scope, alice, bob):
    film = make_talk(alice, duration=7200)
    session = start_session(film, user=bob)
    watch(session, (0, 15))
    fall_silent(session, minutes=40)
    close_stale_sessions()

    state = watch(session, (15, 7200))

    assert state.watched_seconds == 15 + 40 * 60  # the tolerance is spent
