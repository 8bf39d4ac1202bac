"""Each alert is raised by what it tells of, once, and is over only below where it clears."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from analytics.models import AlertIncident, AlertRule, Condition
from analytics.services.alerts import DEFAULTS, make_default_rules, save_rule
from core.jobs import enqueue
from core.jobs.liveness import SIGN, leave_sign
from core.jobs.schedule import prune_runs
from core.models import Job
from core.tenancy import organization_scope
from media_library.models import Media, Source
from tests.analytics.alerting import (
    ADDRESS,
    failed_jobs,
    failing_share,
    look,
    rows,
    rule,
    silent_minutes,
    spent_dollars,
    told,
    waiting_jobs,
    waiting_minutes,
)

pytestmark = pytest.mark.django_db

#: How each condition's figure is caused, what ten of it are in its own unit, and how a mail says ten.
CAUSES = {
    Condition.FAILURES: (failed_jobs, 10, "Failed jobs: 10 jobs (from 10 jobs on)"),
    Condition.FAILURE_SHARE: (failing_share, 10, "Share of jobs that fail: 10 % (from 10 % on)"),
    Condition.WAITING_JOBS: (waiting_jobs, 10, "Jobs that wait: 10 jobs (from 10 jobs on)"),
    Condition.WAITING_TIME: (waiting_minutes, 600, "Time that the oldest job waits: 10 min (from 10 min on)"),
    Condition.COST_DAY: (spent_dollars, 10, "AI cost of 24 hours: $10.00 (from $10.00 on)"),
    Condition.COST_MONTH: (spent_dollars, 10, "AI cost of the month: $10.00 (from $10.00 on)"),
    Condition.WORKER_SILENCE: (silent_minutes, 600, "Silence of the workers: 10 min (from 10 min on)"),
}


@pytest.fixture(autouse=True)
def unseen(settings):
    cache.delete(SIGN)
    settings.JOB_BACKOFF_SECONDS = 0


@pytest.mark.parametrize("condition", CAUSES)
def test_raised_once_and_over_only_below_where_it_clears(condition, organization):
    cause, threshold, words = CAUSES[condition]
    watched = rule(condition, threshold)
    news = []

    for minute, figure in enumerate((9, 10, 12, 11, 9, 10, 7, 9)):
        cause(figure, organization)
        look(minute=minute)
        news.append(len(told()))

    incident = watched.incidents.get()
    unit = threshold / 10
    assert news == [0, 1, 1, 1, 1, 1, 2, 2]
    assert told()[0] == f"Alert: {words}"
    assert told()[1].startswith("Over: ")
    assert (round(incident.raised_value / unit), round(incident.worst_value / unit)) == (10, 12)
    assert round(incident.cleared_value / unit) == 7


@pytest.mark.parametrize(("condition", "whole"), [(Condition.DISK_SHARE, 100), (Condition.DISK_FREE, None)])
def test_disk_is_raised_above_what_is_free(condition, whole, tmp_path):
    disk = shutil.disk_usage(tmp_path)
    free = 100 * disk.free / disk.total if whole else disk.free / 1000**3
    watched = rule(condition, free / 2)
    states = []

    for minute, (raise_at, clear_at) in enumerate(((0.5, None), (1.5, None), (0.9, 1.5), (0.5, None))):
        watched.raise_at, watched.clear_at = free * raise_at, clear_at and free * clear_at
        save_rule(watched, changed=["raise_at", "clear_at"])
        look(minute=minute)
        watched.refresh_from_db()
        states.append(watched.raised_at is not None)

    assert states == [False, True, True, False]
    assert [subject.partition(":")[0] for subject in told()] == ["Alert", "Over"]


def test_steps_that_really_fail_raise_the_alert_of_their_organization(
    organization, other_organization, alice, charlie, work_off
):
    ours, theirs = (rule("failures", 2, organization=one, recipients=[]) for one in (organization, other_organization))
    with organization_scope(organization):
        for name in ("a.mp4", "b.mp4"):
            media = Media.objects.create(title=name, source=Source.UPLOAD, source_path=name, creator=alice)
            enqueue("inspect_media", media.pk, key=f"inspect:{name}")
    work_off()

    look()

    assert told(alice.email) == ["Alert: Failed jobs: 2 jobs (from 2 jobs on)"]
    assert ours.incidents.get().detail == "Check the file 2"
    assert (told(charlie.email), theirs.incidents.count()) == ([], 0)


def test_share_of_a_handful_says_nothing():
    rule("failure_share", 50)
    rows(4, state="failed", finished_at=timezone.now())

    look()

    assert told() == []


def test_what_failed_before_the_window_does_not_count():
    rule("failures", 3, window_minutes=30)
    rows(2, state="failed", finished_at=timezone.now())
    rows(5, state="failed", finished_at=timezone.now() - timedelta(minutes=31))

    look()

    assert told() == []


def test_patient_rule_waits_until_it_has_lasted():
    rule("waiting_jobs", 10, after_minutes=5)
    news = []

    for minute, figure in ((0, 12), (3, 9), (4, 12), (8, 12), (9, 12)):
        waiting_jobs(figure)
        look(minute=minute)
        news.append(len(told()))

    assert news == [0, 0, 0, 0, 1]


def test_patience_begins_anew_where_nobody_looked():
    rule("waiting_jobs", 10, after_minutes=5)
    news = []

    for minute in (0, 60, 64, 65):
        waiting_jobs(12)
        look(minute=minute)
        news.append(len(told()))

    assert news == [0, 0, 0, 1]


def test_worker_that_stood_still_for_three_days_is_told_once():
    rule("worker_silence", 300)

    for hour in range(72):
        silent_minutes(60 * hour)
        look(minute=60 * hour)
    cache.delete(SIGN)  # forgotten after a day
    look(minute=72 * 60)
    leave_sign("here/2")
    look(minute=72 * 60 + 1)

    assert told() == [
        "Alert: Silence of the workers: 1 h 00 min (from 5 min on)",
        "Over: Silence of the workers: 0 s",
    ]


def test_rule_that_cannot_be_measured_keeps_no_other_back(organization):
    rule("cost_month", 1, organization=organization)
    rule("waiting_jobs", 1)
    type(organization).objects.update(time_zone="Nowhere/At all")
    waiting_jobs(1)

    look()

    assert told() == ["Alert: Jobs that wait: 1 job (from 1 job on)"]


def test_rule_switched_off_is_not_looked_at_and_ends_what_it_told():
    watched = rule("waiting_jobs", 10)
    waiting_jobs(12)
    look()
    watched.refresh_from_db()

    watched.is_active = False
    save_rule(watched, changed=["is_active"])
    look(minute=1)

    watched.refresh_from_db()
    assert (len(told()), watched.raised_at, watched.incidents.filter(cleared_at=None).count()) == (1, None, 0)


def test_mail_goes_to_whoever_is_in_charge_where_nobody_is_named(alice, bob, organization, django_user_model):
    root = django_user_model.objects.create_superuser("root@platform.test", "x")
    site, own = rule("failures", 1, recipients=[]), rule("failures", 1, recipients=[], organization=organization)
    rows(1, state="failed", finished_at=timezone.now(), organization=organization)

    look()

    assert [len(told(person.email)) for person in (root, alice, bob)] == [1, 1, 0]
    assert AlertIncident.objects.filter(rule__in=[site, own]).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_look_at_once_tell_once():
    watched = rule("waiting_jobs", 1)
    rows(3)

    def one(_number):
        try:
            look()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(8)))

    assert (len(told()), watched.incidents.count()) == (1, 1)


def test_new_installation_watches_and_an_old_one_keeps_what_it_decided():
    made = make_default_rules()
    AlertRule.objects.exclude(condition="worker_silence").delete()

    assert (made, make_default_rules()) == (len(DEFAULTS), 0)
    assert list(AlertRule.objects.values_list("condition", "raise_at", "is_active")) == [("worker_silence", 300, True)]


def test_schedule_looks_every_minute_and_its_runs_are_forgotten(work_off):
    rule("waiting_jobs", 1)
    rows(2)
    enqueue("check_alert_rules", key="check_alert_rules:1")
    assert work_off() > 0
    long_ago = timezone.now() - timedelta(days=15)
    Job.objects.filter(kind="check_alert_rules").update(finished_at=long_ago)
    Job.objects.filter(kind="process_media").update(state="succeeded", finished_at=long_ago)

    assert (len(told(ADDRESS)), prune_runs()) == (1, 1)
