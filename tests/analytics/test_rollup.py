"""Figures that equal what was done, however often and in whatever order they are computed."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from analytics.models import CourseDay, DroppedMonth, Event, MediaDay, RollupMark
from analytics.services.proving import days_to_prove, differences
from analytics.services.rollup import borders_of, roll_up, roll_up_day
from analytics.services.rollup_sql import COURSE_FIGURES
from core.errors import Refused
from core.tenancy import organization_scope
from media_library.models import Media
from media_library.services.watching import end_session, report_watching, start_session
from tests.analytics.conftest import add_media, complete, happened, visit
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
    end_session(first.pk, user=bob, intervals=[], position=4)
    again = start_session(talk, user=bob)
    end_session(again.pk, user=bob, intervals=[[0, 10]], position=10)
    start_session(talk, user=alice)

    roll_up(organization)

    assert figures() == [(today(organization), 3, 2, 14, 1, 50.0)]
    (row,) = MediaDay.objects.all()
    assert (row.starts, row.viewer_keys, row.finisher_keys) == (
        2, sorted([bob.pseudonym, alice.pseudonym]), [bob.pseudonym],
    )  # fmt: skip


def test_a_day_knows_its_learners_once_each(talk, bob, alice, organization):
    for days_ago in (3, 2, 2, 1):
        visit(talk, bob, at=noon(organization, days_ago))
    visit(talk, alice, at=noon(organization, 2))
    complete(talk, bob, at=noon(organization, 1))

    roll_up(organization)

    rows = MediaDay.objects.order_by("day").values_list("views", "viewers", "completions", "completion_rate")
    assert list(rows) == [(1, 1, 0, 0.0), (3, 2, 0, 0.0), (1, 1, 1, 100.0)]


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


def test_what_arrives_late_corrects_its_day_and_no_other(talk, bob, organization):
    for days_ago in (9, 5):
        visit(talk, bob, at=noon(organization, days_ago))
    roll_up(organization)
    untouched = MediaDay.objects.get(day=today(organization) - timedelta(days=9)).computed_at
    Event.objects.update(received_at=timezone.now() - timedelta(hours=2))
    complete(talk, bob, at=noon(organization, 5))

    days = roll_up(organization)

    assert days == [today(organization) - timedelta(days=n) for n in (5, 1, 0)]
    assert figures(day=days[0]) == [(days[0], 1, 1, 5, 1, 100.0)]
    assert MediaDay.objects.get(day=today(organization) - timedelta(days=9)).computed_at == untouched


def test_seconds_count_on_the_day_on_which_they_are_told_and_the_visit_on_which_it_began(talk, bob, organization):
    visit(talk, bob, at=noon(organization, 4))
    told = noon(organization, 3)
    happened("video_watched", at=told, media_id=talk.pk, learner=bob.pseudonym, metadata={"seconds": 4})

    roll_up(organization)

    days = [today(organization) - timedelta(days=n) for n in (4, 3)]
    assert figures() == [(days[0], 1, 1, 5, 0, 0.0), (days[1], 0, 0, 4, 0, 0.0)]


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

    days = roll_up(organization, first=first, last=last, rebuild=True)

    assert days == [first, first + timedelta(days=1), last]
    assert len(figures()) == 1
    assert RollupMark.objects.count() == 0


def test_a_range_ends_today(organization, scope):
    days = roll_up(organization, first=today(organization), last=today(organization) + timedelta(days=9))

    assert days == [today(organization)]


def test_a_range_without_rebuilding_is_what_was_touched_in_it(talk, bob, organization):
    visit(talk, bob, at=noon(organization, 6))
    visit(talk, bob, at=noon(organization, 3))
    sixth = today(organization) - timedelta(days=6)

    days = roll_up(organization, first=sixth - timedelta(days=1), last=sixth + timedelta(days=1))

    assert days == [sixth]


def test_everything_can_be_computed_again_from_the_first_event(talk, bob, organization):
    visit(talk, bob, at=noon(organization, 3))
    roll_up(organization)

    days = roll_up(organization, rebuild=True)

    assert days == [today(organization) - timedelta(days=n) for n in (3, 2, 1, 0)]


def test_a_row_of_which_nothing_is_left_is_removed(talk, bob, organization):
    visit(talk, bob, at=noon(organization, 0))
    roll_up(organization)

    Event.objects.all().delete()
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


def test_a_course_has_its_day(talk, bob, alice, organization, course):
    at, of_bob, of_alice = noon(organization, 0), {"learner": bob.pseudonym}, {"learner": alice.pseudonym}
    visit(talk, bob, at=at, course_id=course.pk)
    for type, who, metadata in (
        ("learner_enrolled", of_bob, {}), ("learner_enrolled", of_alice, {}), ("item_completed", of_bob, {}),
        ("quiz_submitted", of_bob, {"percent": 33.3, "passed": False}), ("course_completed", of_bob, {}),
        ("quiz_submitted", of_bob, {"percent": 90, "passed": True}), ("assignment_submitted", of_alice, {}),
        ("question_asked", of_alice, {}),
    ):  # fmt: skip
        happened(type, at=at, course_id=course.pk, metadata=metadata, **who)

    roll_up(organization)

    row = CourseDay.objects.values().get()
    assert {name: row[name] for name in COURSE_FIGURES} == {
        "enrollments": 2, "learners": 2, "views": 1, "watch_seconds": 5, "items_completed": 1, "completions": 1,
        "quizzes_submitted": 2, "quizzes_passed": 1, "quiz_percents": 123.3, "assignments_submitted": 1,
        "ai_interactions": 1, "learner_keys": sorted([bob.pseudonym, alice.pseudonym]),
    }  # fmt: skip


def test_proof_finds_a_figure_that_is_not_what_happened(talk, bob, organization, course):
    visit(talk, bob, at=noon(organization, 2), course_id=course.pk)
    roll_up(organization)
    days, waiting = days_to_prove(organization)
    nothing = list(differences(organization, days))
    MediaDay.objects.update(views=7)
    CourseDay.objects.update(watch_seconds=6)

    found = [(one.table, one.figure, one.stored, one.now) for one in differences(organization, days)]

    assert (days, waiting, nothing) == ([today(organization) - timedelta(days=2)], [], [])
    assert found == [("analytics_courseday", "watch_seconds", 6, 5), ("analytics_mediaday", "views", 7, 1)]


def test_proof_finds_a_day_that_is_missing(talk, bob, organization):
    visit(talk, bob, at=noon(organization, 2))
    roll_up(organization)
    MediaDay.objects.all().delete()

    found = {one.figure: (one.stored, one.now) for one in differences(organization, days_to_prove(organization)[0])}

    assert found["watch_seconds"] == (None, 5)


def test_days_that_wait_for_the_next_run_are_not_proven(talk, bob, organization):
    roll_up(organization)
    visit(talk, bob, at=noon(organization, 2))

    assert days_to_prove(organization) == ([], [today(organization) - timedelta(days=2)])


def test_commands_roll_up_and_prove(talk, bob, organization, capsys):
    visit(talk, bob, at=noon(organization, 2))
    call_command("roll_up", verbosity=0)
    call_command("prove_rollups", verbosity=0)
    MediaDay.objects.update(watch_seconds=6)

    with pytest.raises(SystemExit) as ended:
        call_command("prove_rollups", json=True, verbosity=0)

    day = today(organization) - timedelta(days=2)
    printed = capsys.readouterr()
    assert ended.value.code == 1
    assert json.loads(printed.out.splitlines()[-1]) == {
        "day": str(day), "table": "analytics_mediaday", "subject": str(talk.pk), "figure": "watch_seconds",
        "stored": 6, "now": 5,
    }  # fmt: skip
    assert printed.err.splitlines()[-1] == "1 days, 1 differences. 0 days wait to be rolled up."


def test_days_whose_events_are_gone_are_not_computed_anew(talk, bob, organization):
    """October is dropped: where it ends in UTC, the first of November is an hour old in Berlin."""
    visit(talk, bob, at=datetime(2026, 11, 3, 12, tzinfo=UTC))
    MediaDay.objects.create(media=talk, day=date(2026, 10, 20), views=3)
    DroppedMonth.objects.create(month=date(2026, 10, 1))

    with pytest.raises(Refused) as refused:
        roll_up(organization, first=date(2026, 11, 1), last=date(2026, 11, 3), rebuild=True)
    with pytest.raises(CommandError):
        call_command("roll_up", "--from", "2026-10-01", "--rebuild", verbosity=0)
    days = roll_up(organization, last=date(2026, 11, 4), rebuild=True)

    assert (refused.value.code, days) == ("events_gone", [date(2026, 11, 3), date(2026, 11, 4)])
    assert [(day, views) for day, views, *_ in figures()] == [(date(2026, 10, 20), 3), (date(2026, 11, 3), 1)]
