"""How long media is, and whom we believe; what was watched before that was known."""

import pytest

from core.announcements import _receivers
from core.errors import Refused
from core.models.audit import AuditEntry
from media_library.captions import TimedText
from media_library.models import LengthReport, Media, WatchRecord, WatchSession
from media_library.models.media import LengthSource
from media_library.services.lengths import Told, agreed_length, learn_length
from media_library.services.transcripts import publish_transcript
from media_library.services.watching import end_session, report_watching, start_session
from tests.conftest import Role, member
from tests.media_library.hosted import hosted

pytestmark = pytest.mark.usefixtures("scope")


@pytest.fixture
def film(scope, alice) -> Media:
    """At a host that tells no length."""
    return hosted("youtube", alice)


@pytest.fixture
def dora(scope):
    return member("dora@harbor.test", scope, Role.LEARNER)


def tell(film: Media, who, seconds, *intervals) -> WatchSession:
    """One visit in which the player said how long it is."""
    session = start_session(film, user=who)
    report_watching(session.pk, user=who, intervals=list(intervals), position=0, duration=seconds)
    return session


def length_of(film: Media) -> tuple[float | None, str]:
    film.refresh_from_db()
    return film.duration, film.duration_source


def test_a_maker_s_player_is_believed(film, alice):
    tell(film, alice, 61.5)

    assert length_of(film) == (61.5, "players")


def test_one_learner_s_player_is_kept_and_not_believed(film, bob):
    tell(film, bob, 61.5)

    assert length_of(film) == (None, "")
    assert list(LengthReport.objects.values_list("media", "user", "seconds")) == [(film.pk, bob.pk, 61.5)]


def test_one_learner_alone_does_not_agree_with_oneself(film, bob):
    for seconds in (61.5, 61.6, 61.7):
        tell(film, bob, seconds)

    assert length_of(film) == (None, "")
    assert LengthReport.objects.get().seconds == 61.7


@pytest.mark.parametrize(
    ("one", "other", "believed"),
    [(61.5, 63.0, 63.0), (61.5, 63.6, None), (1000, 1009, 1009), (1000, 1011, None), (60, 7200, None)],
)
def test_two_learners_that_agree_are_believed(film, bob, dora, one, other, believed):
    tell(film, bob, one)
    tell(film, dora, other)

    assert length_of(film)[0] == believed


@pytest.mark.parametrize(
    ("reports", "believed"),
    [
        ([], None),
        ([Told(60, False)], None),
        ([Told(60, True), Told(90, True), Told(30, False), Told(30, False)], 60),  # the newest of a maker's
        ([Told(60, False), Told(600, False), Told(60.5, False), Told(601, False), Told(59, False)], 60.5),
        ([Told(60, False), Told(600, False), Told(60, False), Told(600, False)], 600),
    ],
)
def test_most_learners_are_right(reports, believed):
    assert agreed_length(reports) == believed


@pytest.mark.parametrize("seconds", [0, 0.9, 43_200.1, None])
def test_impossible_lengths_are_no_lengths(film, alice, seconds):
    tell(film, alice, seconds)

    assert (length_of(film), LengthReport.objects.count()) == ((None, ""), 0)


@pytest.mark.parametrize("seconds", [1, 43_200])
def test_shortest_and_longest_are_believed(film, alice, seconds):
    tell(film, alice, seconds)

    assert length_of(film) == (seconds, "players")


@pytest.mark.parametrize("duration", ["60", [60], True, float("nan"), float("inf"), -1])
def test_length_that_is_no_number_is_refused(film, bob, duration):
    with pytest.raises(Refused) as refusal:
        tell(film, bob, duration)

    assert (refusal.value.code, list(refusal.value.fields)) == ("invalid_report", ["duration"])


def test_nobody_tells_during_another_one_s_visit(film, alice, bob):
    session = start_session(film, user=bob)

    with pytest.raises(Refused):
        report_watching(session.pk, user=alice, intervals=[], position=0, duration=60)

    assert LengthReport.objects.count() == 0


def test_last_report_of_a_visit_tells_too(film, alice):
    end_session(start_session(film, user=alice).pk, user=alice, intervals=[], position=0, duration=60)

    assert length_of(film) == (60, "players")


@pytest.mark.parametrize("known", ["file", "host", "last_cue"])
def test_players_do_not_correct_who_knows_better(film, alice, known):
    Media.objects.filter(pk=film.pk).update(duration=100, duration_source=known)

    tell(film, alice, 60)

    assert (length_of(film), LengthReport.objects.count()) == ((100, known), 0)


@pytest.mark.parametrize(
    ("known", "then", "length"),
    [
        ("players", "last_cue", 200), ("players", "host", 200), ("last_cue", "host", 200), ("host", "file", 200),
        ("host", "last_cue", 100), ("file", "host", 100), ("last_cue", "players", 100), ("last_cue", "last_cue", 200),
    ],
)  # fmt: skip
def test_better_source_replaces_a_worse_one(film, known, then, length):
    film.duration, film.duration_source = 100, known

    told = learn_length(film, 200, source=then)

    assert (film.duration, film.duration_source, told) == (length, then if told else known, length == 200)


def test_transcript_that_comes_later_replaces_what_players_said(film, alice):
    tell(film, alice, 60)
    film.refresh_from_db()

    publish_transcript(film, [TimedText(0, 58.5, "Tides", "")], language="en", method="sidecar")

    assert length_of(film) == (58.5, "last_cue")


def test_fractions_of_a_second_change_nothing_any_more(film, alice, bob, dora):
    tell(film, bob, 60.0)
    tell(film, dora, 60.1)

    tell(film, alice, 60.4)

    assert length_of(film) == (60.1, "players")


def test_maker_corrects_what_learners_said(film, alice, bob, dora):
    tell(film, bob, 60.0)
    tell(film, dora, 60.1)

    tell(film, alice, 90)

    assert length_of(film) == (90, "players")


@pytest.fixture
def heard():
    told: list[tuple] = []
    names = ("watch_progressed", "watch_completed")
    listeners = {
        name: lambda media, name=name, **facts: told.append((name, facts["session"].user, facts["percent"]))
        for name in names
    }
    for name, listener in listeners.items():
        _receivers[name].append(listener)
    yield told
    for name, listener in listeners.items():
        _receivers[name].remove(listener)


def record_of(who) -> tuple[float, bool]:
    record = WatchRecord.objects.get(user=who)
    return record.percent, record.completed_at is not None


def test_what_was_watched_before_counts_once_the_length_is_known(film, alice, bob, dora, work_off, heard):
    mine = tell(film, bob, None, [0, 10])
    tell(film, dora, None, [0, 5])
    before = record_of(bob)

    tell(film, alice, 10.4)
    work_off()

    assert (before, record_of(bob), record_of(dora)) == ((0, False), (100, True), (50, False))
    assert heard == [
        ("watch_progressed", bob, 100), ("watch_completed", bob, 100), ("watch_progressed", dora, 50),
    ]  # fmt: skip
    mine.refresh_from_db()
    assert (mine.percent, mine.completed) == (100, True)


def test_length_that_grows_lowers_no_percentage(film, alice, bob, work_off, heard):
    tell(film, bob, None, [0, 10])
    tell(film, alice, 10)
    work_off()
    del heard[:]

    film.refresh_from_db()
    learn_length(film, 1000, source=LengthSource.HOST)
    film.save()
    work_off()

    assert (record_of(bob), heard) == ((100, True), [])


def test_length_that_shrinks_raises_percentages(film, alice, bob, work_off):
    tell(film, bob, None, [0, 10])
    tell(film, alice, 40)
    work_off()
    before = record_of(bob)

    film.refresh_from_db()
    learn_length(film, 11, source=LengthSource.HOST)
    film.save()
    work_off()

    assert (before, record_of(bob)) == ((25, False), (90.9, True))


def test_what_was_seen_behind_a_new_end_counts_no_more(film, alice, bob, dora, work_off, heard):
    """As when a longer file is replaced by a shorter one: nobody rises by seconds that are gone, and nobody falls."""
    tell(film, alice, 40)
    ahead, behind = tell(film, bob, None, [0, 10]), tell(film, dora, None, [25, 35])
    film.refresh_from_db()

    learn_length(film, 20, source=LengthSource.FILE)
    film.save()
    work_off()
    state = report_watching(behind.pk, user=dora, intervals=[[0, 1], [25, 35]], position=1)

    seen = [WatchRecord.objects.get(user=who).watched_seconds for who in (bob, dora)]
    assert (record_of(bob), record_of(dora), seen) == ((50, False), (25, False), [10, 1])
    assert (state.percent, WatchSession.objects.get(pk=ahead.pk).watched_seconds) == (25.0, 10)
    entry = AuditEntry.objects.get(action="length_changed")
    assert (entry.object_id, entry.detail) == (str(film.pk), "40 s → 20 s (file), watched by 3")


def test_length_of_what_nobody_has_watched_makes_no_work(film, work_off):
    learn_length(film, 60, source=LengthSource.HOST)
    film.save()

    assert work_off() == 0


def test_seconds_are_counted_alike_before_and_after(film, alice, bob, work_off):
    """The next report comes to the same percentage as counting anew did."""
    session = tell(film, bob, None, [0, 10])
    tell(film, alice, 33)
    work_off()
    recounted = record_of(bob)

    state = report_watching(session.pk, user=bob, intervals=[[0, 10]], position=10)

    assert (recounted, state.percent) == ((30.3, False), 30.3)


def test_reports_cost_no_more_than_before(film, alice, bob, django_assert_num_queries):
    Media.objects.filter(pk=film.pk).update(duration=1000, duration_source="host")
    session = start_session(film, user=bob)
    given = {"user": bob, "intervals": [[0, 5]], "position": 5}

    with django_assert_num_queries(1):
        report_watching(session.pk, **given)
    with django_assert_num_queries(2):
        report_watching(session.pk, **given, duration=1000)


def test_door_takes_the_length(film, alice, bob, charlie, client_of):
    doors = [client_of(who) for who in (alice, bob, charlie)]
    begun = [door.post("/api/v1/harbor/watch/sessions/", {"media": str(film.pk)}, "application/json") for door in doors]
    report = {"intervals": [], "position": 0, "duration": 75.25}

    answer = doors[0].post(
        f"/api/v1/harbor/watch/sessions/{begun[0].json()['id']}/progress/", report, "application/json"
    )

    assert [one.status_code for one in begun] == [201, 201, 404]
    assert (answer.status_code, length_of(film)) == (200, (75.25, "players"))
