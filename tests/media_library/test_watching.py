"""Watching is a set of seconds: what counts, what the clock allows, what is told."""

from datetime import timedelta

import pytest
from django.db.models import F

from core.announcements import _receivers
from core.errors import Refused
from media_library.models import Media, Source, WatchRecord, WatchSession
from media_library.models.media import LengthSource
from media_library.services.watching import (
    end_session,
    record_of,
    report_watching,
    start_session,
)

pytestmark = pytest.mark.usefixtures("scope")


@pytest.fixture
def talk(scope, alice) -> Media:
    return make_media(alice, duration=100.0)


def make_media(creator, *, duration: float | None) -> Media:
    length = {"duration": duration, "duration_source": LengthSource.FILE} if duration else {}
    return Media.objects.create(
        source=Source.UPLOAD, source_path="x/source.mp4", title="Talk", creator=creator, **length
    )


def an_hour_passes(media: Media) -> None:
    pass_time(media, 3600)


def pass_time(media: Media, seconds: float) -> None:
    """As if the last beat had been so long ago."""
    WatchRecord.objects.filter(media=media).update(credited_at=F("credited_at") - timedelta(seconds=seconds))


def watch(session: WatchSession, *intervals, position: float = 0, speed: float = 1, by=None):
    return report_watching(
        session.pk,
        user=by or session.user,
        intervals=[list(pair) for pair in intervals],
        position=position,
        speed=speed,
    )


@pytest.fixture
def heard():
    """The announcements about watching, in order."""
    told: list[tuple] = []
    names = ("watch_started", "watch_progressed", "watch_completed")
    listeners = {name: (lambda media, name=name, **facts: told.append((name, facts))) for name in names}
    for name, listener in listeners.items():
        _receivers[name].append(listener)
    yield told
    for name, listener in listeners.items():
        _receivers[name].remove(listener)


@pytest.mark.parametrize(
    ("interval", "seconds"),
    [
        ((0, 10), [(0, 10)]),
        ((0.4, 1.4), [(0, 1)]),  # 0.6 s of the first second, 0.4 s of the next
        ((0.5, 1.5), [(0, 2)]),  # half of each is enough
        ((0.6, 1.4), []),
        ((99.2, 100.4), [(99, 100)]),  # nothing lies behind the end
    ],
)
def test_report_counts_seconds_of_which_half_was_played(talk, bob, interval, seconds):
    session = start_session(talk, user=bob)

    watch(session, interval)

    assert record_of(bob, talk).seconds == seconds


def test_report_of_many_tiny_pieces_adds_up_to_nothing(talk, bob):
    session = start_session(talk, user=bob)

    state = watch(session, *[(n + 0.1, n + 0.2) for n in range(10)], *[(n + 0.6, n + 0.9) for n in range(10)])

    assert state.watched_seconds == 0


def test_report_of_the_end_alone_completes_nothing(talk, bob):
    session = start_session(talk, user=bob)
    an_hour_passes(talk)

    state = watch(session, (98, 100), position=100)

    assert (state.percent, state.position, state.completed) == (2.0, 100.0, False)


def test_report_repeated_and_reordered_changes_nothing(talk, bob):
    session = start_session(talk, user=bob)
    an_hour_passes(talk)
    watch(session, (20, 30))
    watch(session, (0, 10), (25, 40))

    for pairs in ([(0, 10)], [(25, 40), (20, 30)], [(20, 30), (0, 10)]):
        watch(session, *pairs)

    record = record_of(bob, talk)
    assert (record.seconds, record.watched_seconds, record.percent) == ([(0, 10), (20, 40)], 30, 30.0)


def test_repeated_reports_cost_no_credit(talk, bob):
    session = start_session(talk, user=bob)
    for _ in range(5):
        watch(session, (0, 10))

    state = watch(session, (10, 15))

    assert state.watched_seconds == 15


def test_report_beyond_the_clock_is_clipped_in_media_order(talk, bob):
    session = start_session(talk, user=bob)

    watch(session, (50, 60), (0, 10))

    assert record_of(bob, talk).seconds == [(0, 10), (50, 55)]  # 15 seconds of tolerance


def test_wall_time_earns_credit(talk, bob):
    session = start_session(talk, user=bob)
    watch(session, (0, 15))
    pass_time(talk, 10)

    state = watch(session, (15, 100))

    assert state.watched_seconds == 25


@pytest.mark.parametrize(("speed", "seconds"), [(0.5, 25), (1.5, 30), (2, 35), (8, 35)])
def test_speed_earns_at_most_double(talk, bob, speed, seconds):
    session = start_session(talk, user=bob)
    watch(session, (0, 15))
    pass_time(talk, 10)

    state = watch(session, (15, 100), speed=speed)

    assert state.watched_seconds == seconds


def test_two_tabs_earn_no_more_than_one(talk, bob):
    first, second = start_session(talk, user=bob), start_session(talk, user=bob)
    watch(first, (0, 15))
    pass_time(talk, 10)

    watch(first, (15, 40))
    watch(second, (60, 100))

    assert record_of(bob, talk).seconds == [(0, 25)]
    assert WatchSession.objects.get(pk=second.pk).watched_seconds == 0


def test_idle_time_between_visits_earns_nothing(talk, bob):
    first = start_session(talk, user=bob)
    end_session(first.pk, user=bob, intervals=[[0, 15]], position=15)
    an_hour_passes(talk)

    state = watch(start_session(talk, user=bob), (15, 100))

    assert state.watched_seconds == 15


def test_credit_is_no_larger_than_the_media(talk, bob):
    session = start_session(talk, user=bob)
    an_hour_passes(talk)
    watch(session, (0, 1))

    record = record_of(bob, talk)

    assert record.credit == 114.0  # 100 seconds and the tolerance, one of them spent


def test_watching_again_counts_for_the_visit_not_for_the_record(talk, bob):
    end_session(start_session(talk, user=bob).pk, user=bob, intervals=[[0, 10]], position=10)
    again = start_session(talk, user=bob)
    pass_time(talk, 60)

    watch(again, (0, 10))

    again.refresh_from_db()
    assert (again.watched_seconds, again.percent, record_of(bob, talk).watched_seconds) == (10, 10.0, 10)


def test_position_moves_apart_from_coverage(talk, bob):
    session = start_session(talk, user=bob)
    watch(session, (0, 10), position=70.5)

    state = watch(session, position=33.25)

    assert (state.position, state.watched_seconds, record_of(bob, talk).position) == (33.25, 10, 33.25)


def test_position_stays_within_the_media(talk, bob):
    assert watch(start_session(talk, user=bob), position=5000).position == 100.0


def test_completion_begins_at_90_percent(talk, bob):
    session = start_session(talk, user=bob)
    an_hour_passes(talk)

    before = watch(session, (0, 89))
    after = watch(session, (89, 90))

    session.refresh_from_db()
    assert (before.percent, before.completed) == (89.0, False)
    assert (after.percent, after.completed, session.completed) == (90.0, True, True)
    assert record_of(bob, talk).completed_at is not None


def test_percent_is_floored_to_tenths(alice, bob):
    media = make_media(alice, duration=300.0)
    session = start_session(media, user=bob)

    assert watch(session, (0, 2)).percent == 0.6  # of 0.666…


def test_percent_never_falls_when_the_media_gets_longer(talk, bob):
    session = start_session(talk, user=bob)
    watch(session, (0, 15))
    Media.objects.filter(pk=talk.pk).update(duration=1000)

    assert watch(session, position=1).percent == 15.0


def test_unknown_length_keeps_seconds_and_no_percent(alice, bob):
    media = make_media(alice, duration=None)
    session = start_session(media, user=bob)

    state = watch(session, (1000, 1010), position=1010)

    assert (state.percent, state.watched_seconds, state.position, state.completed) == (0.0, 10, 1010.0, False)


def test_announcements_come_once_for_each_milestone(talk, bob, heard):
    session = start_session(talk, user=bob)
    an_hour_passes(talk)
    for end in (9, 10, 30, 30, 95, 100):
        watch(session, (0, end))
    other = start_session(talk, user=bob)
    watch(other, (0, 100))

    facts = [(name, told.get("milestones"), told.get("percent")) for name, told in heard]

    assert facts == [
        ("watch_started", None, None),
        ("watch_progressed", (10,), 10.0),
        ("watch_progressed", (25,), 30.0),
        ("watch_progressed", (50, 75, 90), 95.0),
        ("watch_completed", None, 95.0),
        ("watch_started", None, None),
    ]


def test_another_learners_visit_is_not_found(talk, bob, alice):
    session = start_session(talk, user=bob)

    with pytest.raises(Refused) as refusal:
        watch(session, (0, 10), by=alice)

    assert (refusal.value.code, refusal.value.status, record_of(bob, talk).watched_seconds) == ("not_found", 404, 0)


def test_ended_visit_takes_no_more_reports(talk, bob):
    session = start_session(talk, user=bob)
    end_session(session.pk, user=bob, intervals=[[0, 5]], position=5)

    with pytest.raises(Refused) as refusal:
        watch(session, (5, 10))

    assert (refusal.value.code, refusal.value.status) == ("session_ended", 409)


def test_ending_twice_changes_nothing(talk, bob):
    session = start_session(talk, user=bob)
    first = end_session(session.pk, user=bob, intervals=[[0, 5]], position=5)

    second = end_session(session.pk, user=bob, intervals=[[5, 10]], position=10)

    assert second == first


@pytest.mark.parametrize(
    ("intervals", "position", "speed", "field"),
    [
        ("0-10", 0, 1, "intervals"),
        ([[0, 1]] * 501, 0, 1, "intervals"),
        ([[0]], 0, 1, "intervals"),
        ([[0, "1"]], 0, 1, "intervals"),
        ([[True, 2]], 0, 1, "intervals"),
        ([[-1, 2]], 0, 1, "intervals"),
        ([[2, 2]], 0, 1, "intervals"),
        ([[0, float("inf")]], 0, 1, "intervals"),
        ([[float("nan"), 1]], 0, 1, "intervals"),
        ([], -1, 1, "position"),
        ([], "5", 1, "position"),
        ([], 0, 17, "speed"),
        ([], 0, None, "speed"),
    ],
)
def test_unreadable_reports_name_the_field(talk, bob, intervals, position, speed, field):
    session = start_session(talk, user=bob)

    with pytest.raises(Refused) as refusal:
        report_watching(session.pk, user=bob, intervals=intervals, position=position, speed=speed)

    assert (refusal.value.code, refusal.value.status, list(refusal.value.fields)) == ("invalid_report", 400, [field])
