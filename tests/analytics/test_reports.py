"""What reports say, of days that are known."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.models import Role
from analytics.charts import Series, line_chart, scale_top
from analytics.reports.behind import learners_behind
from analytics.reports.course import course_report
from analytics.reports.creator import creator_report
from analytics.reports.media import media_report
from analytics.reports.periods import Period, chosen_period, last_days
from analytics.reports.retention import Again, retention, strongest
from analytics.reports.searches import search_report
from analytics.reports.viewing import ViewingDay
from core.errors import Refused
from core.models import AiCall, CallState, Unit
from courses.models import Enrollment
from courses.services.attempts import take_quiz
from courses.services.enrolling import enroll
from courses.services.progress import complete_item, excuse
from media_library.models import WatchRecord
from tests.analytics.conftest import add_media
from tests.analytics.figures import LINES, TODAY, Past, live_through, viewed, visited
from tests.conftest import member
from tests.courses.conftest import right_answers

MONTH = last_days(30, today=TODAY)
DAY = timedelta(days=1)


@pytest.fixture
def past(scope, alice, bob):
    return live_through(scope, alice=alice, bob=bob)


def test_a_media_report_counts_each_learner_of_the_range_once(past: Past):
    report = media_report(past.media, MONTH)

    totals, before = report.totals, report.previous
    assert (totals.views, totals.viewers, totals.finishers, totals.completion_rate) == (4, 3, 1, 33.3)
    assert (totals.watch_seconds, totals.completions, totals.ai_interactions) == (180, 1, 2)
    assert (before.views, before.viewers, before.finishers, before.completion_rate) == (1, 1, 0, 0.0)
    assert [one for one in report.days if one.views] == [
        ViewingDay(TODAY - DAY, 2, 2, 60, 0), ViewingDay(TODAY, 2, 2, 120, 1),
    ]  # fmt: skip
    assert (len(report.days), report.previous_days[-1]) == (30, ViewingDay(TODAY - 30 * DAY, 1, 1, 60, 0))


def test_what_is_watched_again_is_told_with_the_sentence_spoken_there(past: Past):
    (peak,) = media_report(past.media, MONTH).peaks

    assert (peak.first, peak.end, peak.times, peak.sentence, peak.at) == (45, 50, 3.0, LINES[1], 40)


def test_who_watched_each_second_is_a_share_of_all_viewers(past: Past, alice):
    WatchRecord.objects.create(media=past.media, user=alice, seconds=[(0, 60)])

    seen = retention(past.media)

    assert [(one.first, one.end) for one in seen] == [(n, n + 1) for n in range(120)]
    assert [one.percent for one in seen] == [100.0] * 60 + [50.0] * 60
    assert {one.learners for one in seen} == {1.0, 2.0}


def test_long_media_are_told_in_at_most_300_stretches(scope, bob):
    media = add_media("Long", duration=3601)
    WatchRecord.objects.create(media=media, user=bob, seconds=[(0, 13), (3600, 3601)])

    seen = retention(media)

    assert (len(seen), seen[0].end, seen[-1].end) == (277, 13, 3601)
    assert [(one.learners, one.percent) for one in seen if one.percent] == [(1.0, 100.0), (0.1, 7.7)]


def test_media_of_unknown_length_have_no_curve(scope, bob):
    media = add_media("Stream")
    media.duration = None

    report = media_report(media, MONTH)

    assert (report.retention, report.peaks) == ([], [])


def test_visits_of_a_range_say_how_people_came(past: Past):
    visited(past.media, None, [(0, 3)], at=datetime.now(UTC) - 31 * DAY)

    report = media_report(past.media, MONTH)

    assert [(one.words, one.visits, one.percent) for one in report.devices] == [
        ("Mobile", 2, 66.7), ("Desktop", 1, 33.3),
    ]  # fmt: skip
    assert [(one.words, one.visits) for one in report.referrers] == [("Course page", 3)]


def test_parts_that_stand_out_beside_each_other_are_one_stretch():
    times = [1.0, 1.0, 2.0, 3.0, 1.0, 1.0, 1.0, 4.0]

    found = strongest([Again(n, n + 1, one) for n, one in enumerate(times)])

    assert found == [Again(7, 8, 4.0), Again(3, 4, 3.0)]


def test_what_everybody_watches_twice_is_no_peak():
    assert strongest([Again(n, n + 1, 2.0) for n in range(9)]) == []


def test_a_dashboard_adds_up_the_organization_or_one_creator(past: Past, alice, bob):
    carla = member("carla@harbor.test", past.organization, Role.CREATOR)
    viewed(add_media("Nobody's"), TODAY, [1, 9], finishers=[1, 9])
    given = {"provider": "p", "model": "m", "unit": Unit.SECONDS, "quantity": 1, "price": 1, "state": CallState.PAID}
    AiCall.objects.create(purpose="transcription", cost="0.25", subject_id=past.media.pk, **given)
    AiCall.objects.create(purpose="question", cost="0.50", **given)

    everybody = creator_report(past.organization, MONTH, by=alice)
    own = creator_report(past.organization, MONTH, by=alice, creator=alice)
    hers = creator_report(past.organization, MONTH, by=alice, creator=carla)

    totals = everybody.totals
    assert (totals.views, totals.viewers, totals.completion_rate, totals.ai_cost) == (6, 4, 60.0, Decimal("0.75"))
    assert (totals.enrollments, everybody.previous.views, everybody.media) == (1, 1, 2)
    assert [(one.title, one.views) for one in everybody.popular] == [
        ("Film of Tides and currents", 4), ("Nobody's", 2),
    ]  # fmt: skip
    assert (own.totals.views, own.totals.viewers, own.totals.ai_cost, own.media) == (4, 3, Decimal("0.25"), 1)
    assert [(one.words, one.cost) for one in own.ai_costs] == [("Hearing words", Decimal("0.25"))]
    assert (own.free_words, own.with_words, own.free_percent) == (1, 1, 100.0)
    assert (hers.totals.views, hers.media, hers.free_percent, hers.totals.enrollments) == (0, 0, None, 0)


def test_a_colleagues_allowance_is_for_owners(past: Past, alice):
    carla = member("carla@harbor.test", past.organization, Role.CREATOR)

    def names(by, creator=None):
        return {one.name for one in creator_report(past.organization, MONTH, by=by, creator=creator).quota}

    assert (names(alice), names(carla)) == ({"Alice", "Carla"}, {"Carla"})
    assert (names(alice, carla), names(carla, carla), names(carla, alice)) == ({"Carla"}, {"Carla"}, set())


def test_a_course_report_tells_how_far_learners_come_and_what_is_hard(past: Past, alice):
    tides = past.tides
    enroll(tides.course, user=alice)
    excuse(tides.video, enrollment=Enrollment.objects.get(user=alice), by=alice)
    take_quiz(tides.quiz, enrollment=Enrollment.objects.get(user=alice), answers=right_answers(tides.quiz))

    report = course_report(tides.course, MONTH, quiet_days=14)

    assert [(one.title, one.chapter, one.done, one.percent) for one in report.funnel] == [
        ("The film", "Beginnings", 0, 0.0), ("The words", "Beginnings", 1, 50.0), ("The quiz", "Endings", 1, 50.0),
    ]  # fmt: skip
    assert [(one.attempts, one.right, one.right_percent, one.average) for one in report.questions] == [
        (2, 1, 50.0, 50.0), (2, 1, 50.0, 50.0), (2, 2, 100.0, 100.0),
    ]  # fmt: skip
    assert (report.questions[-1].prompt, report.questions[-1].item) == ("Which way does the tide turn?", "The quiz")
    assert {(one.words, one.items) for one in report.items} == {("Video · Upload", 1), ("Text", 1), ("Quiz", 1)}
    assert (report.totals.enrollments, report.totals.learners, report.totals.quiz_percent) == (1, 1, 33.0)
    assert (report.learners, report.previous.enrollments) == (2, 0)


def test_who_has_done_nothing_lately_or_much_less_than_others_fell_behind(past: Past):
    items, long_ago = past.tides.items, datetime.now(UTC) - 20 * DAY
    people = {name: member(f"{name}@harbor.test", past.organization, Role.LEARNER) for name in ("dora", "emil", "finn")}
    places = {name: enroll(past.tides.course, user=person) for name, person in people.items()}
    Enrollment.objects.filter(user__in=people.values()).update(started_at=long_ago)
    Enrollment.objects.filter(pk=places["dora"].pk).update(last_accessed_at=long_ago)
    for name, done in (("dora", 2), ("finn", 3)):
        for item in items[:done]:
            complete_item(item, enrollment=places[name], reason="read")

    behind = learners_behind(past.tides.course)

    assert [(one.name, one.reason, one.percentage) for one in behind.learners] == [
        ("Dora", "quiet", 66), ("Emil", "slow", 0),
    ]  # fmt: skip
    assert (behind.total, behind.median) == (2, 49.5)


def test_a_course_without_anything_has_nobody_behind(past: Past):
    past.tides.course.chapters.all().delete()

    assert course_report(past.tides.course, MONTH, quiet_days=1).behind.total == 0


def test_search_gaps_are_what_found_nothing(past: Past):
    report = search_report(MONTH)

    assert [(one.query, one.without_result, one.searches, one.learners) for one in report.gaps] == [
        ("spring tide", 2, 2, 1), ("=1+1", 1, 1, 1),
    ]  # fmt: skip
    totals = report.totals
    assert (totals.searches, totals.without_result, totals.gap_percent, totals.searchers) == (6, 3, 50.0, 1)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ({}, date(2026, 10, 24), date(2026, 11, 22)),
        ({"days": "7"}, date(2026, 11, 16), date(2026, 11, 22)),
        ({"from": "2026-11-01"}, date(2026, 11, 1), date(2026, 11, 22)),
        ({"to": "2026-11-10"}, date(2026, 10, 12), date(2026, 11, 10)),
        ({"from": "2026-11-05", "to": "2026-11-05"}, date(2026, 11, 5), date(2026, 11, 5)),
    ],
)
def test_a_query_names_a_range(asked, first, last):
    assert chosen_period(asked, today=date(2026, 11, 22)) == Period(first, last)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"days": "0"}, "days"), ({"days": "-1"}, "days"), ({"days": "many"}, "days"), ({"days": "99999"}, "days"),
        ({"days": "²"}, "days"), ({"from": "soon"}, "from"), ({"to": "2026-02-30"}, "to"), ({"to": "9999-12-31"}, "to"),
        ({"from": "2026-11-23"}, "from"), ({"from": "2001-01-01"}, "from"), ({"to": "0001-01-01"}, "to"),
    ],
)  # fmt: skip
def test_what_is_no_range_is_refused_with_its_field(asked, field):
    with pytest.raises(Refused) as refusal:
        chosen_period(asked, today=date(2026, 11, 22))

    assert (refusal.value.code, list(refusal.value.fields)) == ("invalid", [field])


def test_the_range_before_is_as_long_and_days_begin_at_midnight_there(organization):
    period = Period(date(2026, 10, 25), date(2026, 10, 25))  # 25 hours long in Berlin

    begin, end = period.moments(organization.zone)

    assert Period(date(2026, 3, 1), date(2026, 3, 31)).previous == Period(date(2026, 1, 29), date(2026, 2, 28))
    assert (begin, end) == (datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC))


def test_a_line_fills_its_field_and_its_axes_are_labeled():
    chart = line_chart("n", "t", "d", [Series("now", [0, 15, 30])], labels=["a", "b", "c"], words=lambda up: f"{up:g}")

    assert chart.lines[0].path == "M0.0 100.00L500.0 62.50L1000.0 25.00"
    assert [(tick.at, tick.words) for tick in chart.up] == [(50, "20"), (0, "40")]
    assert [(tick.at, tick.words, tick.anchor) for tick in chart.across] == [
        (0, "a", "start"), (50, "b", "middle"), (100, "c", "end"),
    ]  # fmt: skip
    assert [scale_top(value) for value in (0, 2, 3, 11, 99, 100, 101)] == [2, 2, 4, 20, 100, 100, 200]
