"""Figures that equal what was done, however often and in whatever order they are computed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from analytics.models import MediaDay, RollupMark
from analytics.reports import media_report
from analytics.services.rollup import borders_of, roll_up, roll_up_day
from core.tenancy import organization_scope
from media_library.models import Media, WatchSession
from media_library.services.watching import report_watching, start_session
from tests.analytics.conftest import add_media, complete, visit
from tests.conftest import member

BERLIN = ZoneInfo("Europe/Berlin")


def today(organization):
    return timezone.now().astimezone(organization.zone).date()


def noon(organization, days_ago):
    """A moment of that day of the organization, in the past also today."""
    moment = datetime.combine(today(organization) - timedelta(days=days_ago), datetime.min.time(), organization.zone)
    return moment if days_ago == 0 else moment + timedelta(hours=12)


def figures(**filters):
    rows = MediaDay.objects.filter(**filters).order_by("day", "media__title")
    return [(row.day, row.views, row.viewers, row.watch_seconds, row.completions, row.completion_rate) for row in rows]


def stored():
    """Every byte of the table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text, day.* FROM analytics_mediaday AS day ORDER BY id")
        return cursor.fetchall()


def test_figures_equal_what_learners_did(talk, bob, alice, organization):
    first = start_session(talk, user=bob)
    report_watching(first.pk, user=bob, intervals=[[0, 4]], position=4)
    report_watching(first.pk, user=bob, intervals=[[2, 4], [0, 2]], position=4)
    again = start_session(talk, user=bob)
    report_watching(again.pk, user=bob, intervals=[[0, 10]], position=10)
    start_session(talk, user=alice)

    roll_up(organization)

    assert figures() == [(today(organization), 3, 2, 14, 1, 50.0)]
    report = media_report(talk)
    assert (report.views, report.viewers, report.finishers, report.watch_seconds, report.completion_rate) == (
        3, 2, 1, 14, 50.0,
    )  # fmt: skip


def test_before_the_first_roll_up_nothing_is_told(talk, bob, organization):
    start_session(talk, user=bob)

    report = media_report(talk)

    assert (report.views, report.viewers, report.computed_at, report.days) == (0, 0, None, [])


def test_what_came_after_the_last_roll_up_waits_for_the_next(talk, bob, alice, organization):
    visit(talk, bob, at=noon(organization, 0))
    roll_up(organization)
    visit(talk, alice, at=timezone.now() + timedelta(seconds=1))

    report = media_report(talk)

    assert (report.views, report.viewers) == (1, 1)


def test_learners_of_several_days_are_counted_once(talk, bob, alice, organization):
    for days_ago in (3, 2, 1):
        visit(talk, bob, at=noon(organization, days_ago))
    visit(talk, alice, at=noon(organization, 2))
    complete(talk, bob, at=noon(organization, 1))

    roll_up(organization)

    report = media_report(talk)
    assert (report.views, report.viewers, report.finishers, report.completion_rate) == (4, 2, 1, 50.0)
    assert [(day.viewers, day.completions, day.completion_rate) for day in report.days] == [
        (1, 0, 0.0), (2, 0, 0.0), (1, 1, 100.0),
    ]  # fmt: skip


def test_a_report_covers_the_days_asked_for(talk, bob, alice, organization):
    visit(talk, bob, at=noon(organization, 8))
    visit(talk, alice, at=noon(organization, 1))
    roll_up(organization)

    week = media_report(talk, days=7)

    assert (week.views, week.viewers, len(week.days)) == (1, 1, 1)


def test_a_completion_counts_on_its_day_and_the_visit_on_its_own(talk, bob, organization):
    visit(talk, bob, at=noon(organization, 2))
    complete(talk, bob, at=noon(organization, 1))

    roll_up(organization)

    assert figures() == [
        (today(organization) - timedelta(days=2), 1, 1, 5, 0, 0.0),
        (today(organization) - timedelta(days=1), 0, 0, 0, 1, 0.0),
    ]


def test_a_second_time_changes_not_a_byte(talk, bob, alice, organization):
    for days_ago in range(5):
        visit(talk, bob, at=noon(organization, days_ago))
    complete(talk, bob, at=noon(organization, 3))
    days = roll_up(organization)
    before = stored()

    again = [roll_up_day(organization, day) for day in days]

    assert again == [0] * 5
    assert stored() == before
    assert len(before) == 5


def test_the_order_of_days_does_not_matter(talk, bob, organization):
    for days_ago in range(4):
        visit(talk, bob, at=noon(organization, days_ago))
    complete(talk, bob, at=noon(organization, 2))
    days = roll_up(organization)
    before = figures()
    MediaDay.objects.all().delete()

    for day in reversed(days):
        roll_up_day(organization, day)

    assert figures() == before


def test_what_arrives_late_corrects_its_day_and_no_other(talk, bob, alice, organization):
    for days_ago in (9, 5):
        visit(talk, bob, at=noon(organization, days_ago))
    roll_up(organization)
    untouched = MediaDay.objects.get(day=today(organization) - timedelta(days=9)).computed_at
    RollupMark.objects.update(done_until=timezone.now() + timedelta(hours=1))
    complete(talk, bob, at=noon(organization, 5))

    days = roll_up(organization)

    assert days == [today(organization) - timedelta(days=n) for n in (5, 1, 0)]
    assert figures(day=days[0]) == [(days[0], 1, 1, 5, 1, 100.0)]
    assert MediaDay.objects.get(day=today(organization) - timedelta(days=9)).computed_at == untouched


def test_a_visit_that_goes_on_corrects_the_day_on_which_it_began(talk, bob, organization):
    session = visit(talk, bob, at=noon(organization, 4))
    roll_up(organization)

    WatchSession.objects.filter(pk=session.pk).update(watched_seconds=9, last_beat_at=timezone.now())
    roll_up(organization)

    assert figures() == [(today(organization) - timedelta(days=4), 1, 1, 9, 0, 0.0)]


def test_an_interrupted_run_is_done_again(talk, bob, organization):
    visit(talk, bob, at=noon(organization, 6))
    visit(talk, bob, at=noon(organization, 3))

    def broken(days):
        yield days[0]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        roll_up(organization, shown=broken)
    roll_up(organization)

    assert [views for _, views, *_ in figures()] == [1, 1]


def test_a_range_can_be_computed_again_without_moving_the_mark(talk, bob, organization):
    visit(talk, bob, at=noon(organization, 6))
    first, last = today(organization) - timedelta(days=7), today(organization) - timedelta(days=5)

    days = roll_up(organization, first=first, last=last)

    assert days == [first, first + timedelta(days=1), last]
    assert len(figures()) == 1
    assert RollupMark.objects.count() == 0


def test_a_range_ends_today(organization, scope):
    days = roll_up(organization, first=today(organization), last=today(organization) + timedelta(days=9))

    assert days == [today(organization)]


def test_a_row_of_which_nothing_is_left_is_removed(talk, bob, organization):
    session = visit(talk, bob, at=noon(organization, 0))
    roll_up(organization)

    session.delete()
    roll_up(organization)

    assert figures() == []


def test_events_of_media_that_is_gone_are_left_out(talk, bob, organization):
    other = add_media("Waves")
    visit(talk, bob, at=noon(organization, 0))
    complete(other, bob, at=noon(organization, 0))
    Media.objects.filter(pk=other.pk).delete()

    roll_up(organization)

    assert [views for _, views, *_ in figures()] == [1]


def test_the_visits_of_an_erased_learner_still_count(talk, bob, organization):
    visit(talk, bob, at=noon(organization, 0))
    visit(talk, None, at=noon(organization, 0))

    roll_up(organization)

    assert figures() == [(today(organization), 2, 2, 10, 0, 0.0)]


def test_midnight_is_that_of_the_organization(talk, bob, organization):
    """In January, 22:30 UTC is half past eleven in Berlin and 23:30 UTC half past midnight of the next day."""
    visit(talk, bob, at=datetime(2026, 1, 10, 22, 30, tzinfo=UTC))
    visit(talk, bob, at=datetime(2026, 1, 10, 23, 0, tzinfo=UTC))
    visit(talk, bob, at=datetime(2026, 1, 10, 23, 30, tzinfo=UTC))

    days = roll_up(organization)

    assert days[:2] == [date(2026, 1, 10), date(2026, 1, 11)]
    assert [(day, views) for day, views, *_ in figures()] == [(date(2026, 1, 10), 1), (date(2026, 1, 11), 2)]


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2025, 10, 26), 25), (date(2026, 1, 10), 24)])
def test_a_day_lasts_as_long_as_it_does_there(day, hours, organization):
    start, end = borders_of(day, organization)

    assert (end - start, start.astimezone(BERLIN).hour, end.astimezone(BERLIN).hour) == (timedelta(hours=hours), 0, 0)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2025, 10, 26)])
def test_every_hour_of_a_day_on_which_the_clock_changes_counts_once(day, talk, bob, organization):
    start, end = borders_of(day, organization)
    hours = int((end - start) / timedelta(hours=1))
    for hour in range(-1, hours + 1):
        visit(talk, bob, at=start + timedelta(hours=hour))

    for n in (-1, 0, 1):
        roll_up_day(organization, day + timedelta(days=n))

    assert [views for _, views, *_ in figures()] == [1, hours, 1]


def test_another_organization_counts_for_itself(talk, bob, charlie, organization, other_organization):
    visit(talk, bob, at=noon(organization, 0))
    with organization_scope(other_organization):
        foreign = add_media("Peaks")
        visit(foreign, charlie, at=noon(other_organization, 0))
        complete(foreign, charlie, at=timezone.now())

    roll_up(organization)

    assert [views for _, views, *_ in figures()] == [1]
    with organization_scope(other_organization):
        assert figures() == []
        roll_up(other_organization)
        assert figures() == [(today(other_organization), 1, 1, 5, 1, 100.0)]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_give_the_same_as_one(organization):
    bob = member("bob@harbor.test", organization, "learner")
    with organization_scope(organization):
        library = [add_media(f"Talk {n}") for n in range(20)]
        for media in library:
            visit(media, bob, at=noon(organization, 1))

    def work(_):
        try:
            with organization_scope(organization):
                return roll_up(organization)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(8)))

    with organization_scope(organization):
        assert figures() == [(today(organization) - timedelta(days=1), 1, 1, 5, 0, 0.0)] * 20
