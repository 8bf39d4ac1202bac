"""A job cannot be lost, cannot take effect twice, and tells what went wrong."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import transaction
from django_q.models import OrmQ

from core.jobs import JobError, JobPostponed, cancel_job, enqueue, job, lease, registry, retry_job, schedule
from core.jobs.claim import claim
from core.jobs.errors import LeaseLost
from core.jobs.liveness import last_sign, leave_sign
from core.jobs.queue import wake_forgotten
from core.jobs.run import Heartbeat
from core.jobs.scratch import clean_scratch
from core.jobs.worker import run_next
from core.models import Job
from core.tenancy import scoped_organization_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def kinds(monkeypatch):
    """A registry of this test's own."""
    monkeypatch.setattr(registry, "_kinds", {})
    monkeypatch.setattr(schedule, "_routines", [])


@pytest.fixture
def done(kinds):
    """Declares `note`, which notes the payload it is given."""
    notes = []

    @job()
    def note(run):
        notes.append(run.payload)

    return notes


def expire_lease(job_id):
    Job.objects.filter(pk=job_id).update(lease_expires_at=datetime.now(UTC) - timedelta(seconds=1))


def make_available(job_id):
    Job.objects.filter(pk=job_id).update(available_at=datetime.now(UTC) - timedelta(seconds=1))


def test_job_runs_once_and_is_done(done):
    queued = enqueue("note", key="a", payload={"n": 1})

    assert [run_next("short"), run_next("short")] == [True, False]
    queued.refresh_from_db()
    assert done == [{"n": 1}]
    assert (queued.state, queued.progress, queued.attempt, queued.lease_token) == ("succeeded", 100, 1, None)


def test_same_key_twice_is_one_job(done):
    first = enqueue("note", key="a", payload={"n": 1})
    second = enqueue("note", key="a", payload={"n": 2})

    assert first.pk == second.pk
    assert OrmQ.objects.count() == 1


def test_wake_up_is_rolled_back_with_the_job(done):
    with transaction.atomic():
        enqueue("note", key="a")
        transaction.set_rollback(True)

    assert (Job.objects.count(), OrmQ.objects.count()) == (0, 0)


def test_job_of_an_unknown_kind_is_refused(kinds):
    with pytest.raises(LookupError):
        enqueue("nothing_of_the_kind", key="a")


def test_job_works_in_the_organization_it_was_made_in(kinds, organization, scope):
    seen = []

    @job()
    def look(run):
        seen.append(scoped_organization_id())

    enqueue("look", key="a")
    run_next("short")

    assert seen == [organization.pk]


def test_lanes_do_not_wait_for_each_other(done, kinds):
    @job(lane="long")
    def transcode(run):
        pass

    enqueue("transcode", key="long")
    enqueue("note", key="short", payload={"n": 1})

    assert run_next("short") is True
    assert done == [{"n": 1}]


def test_attempt_is_charged_at_claim(done):
    queued = enqueue("note", key="a")

    claim("short", worker="test")

    queued.refresh_from_db()
    assert (queued.state, queued.attempt) == ("running", 1)


def test_claimed_job_is_not_claimed_again(done):
    enqueue("note", key="a")

    assert claim("short", worker="one") is not None
    assert claim("short", worker="two") is None


def test_expired_lease_returns_to_the_queue_with_back_off(done):
    enqueue("note", key="a")
    claimed = claim("short", worker="dead")
    expire_lease(claimed.pk)

    assert lease.reap() == 1

    claimed.refresh_from_db()
    assert (claimed.state, claimed.error_code, claimed.attempt) == ("queued", "worker_lost", 1)
    assert claim("short", worker="too soon") is None
    make_available(claimed.pk)
    assert claim("short", worker="later").attempt == 2


def test_job_that_kills_its_workers_ends_failed(done):
    queued = enqueue("note", key="a")
    for _ in range(3):
        make_available(queued.pk)
        assert claim("short", worker="dead") is not None
        expire_lease(queued.pk)
        lease.reap()

    queued.refresh_from_db()
    assert (queued.state, queued.attempt) == ("failed", 3)
    make_available(queued.pk)
    assert claim("short", worker="never") is None


def test_stale_worker_cannot_finish_report_or_give_back(done):
    enqueue("note", key="a")
    stale = claim("short", worker="slow")
    expire_lease(stale.pk)
    lease.reap()
    make_available(stale.pk)
    holder = claim("short", worker="new")

    with pytest.raises(LeaseLost), transaction.atomic():
        lease.succeed(stale)
    with pytest.raises(LeaseLost):
        lease.extend(stale)
    lease.report(stale, 99, "nonsense")
    lease.give_back(stale.pk, stale.lease_token, code="x", message="x")

    holder.refresh_from_db()
    assert (holder.state, holder.progress, holder.worker) == ("running", 0, "new")


def test_progress_never_falls_within_an_attempt(done):
    enqueue("note", key="a")
    claimed = claim("short", worker="w")

    lease.report(claimed, 40, "halfway")
    lease.report(claimed, 30, "behind")

    claimed.refresh_from_db()
    assert (claimed.progress, claimed.step) == (40, "behind")


def test_temporary_failure_is_tried_again_and_permanent_is_not(kinds):
    @job()
    def shaky(run):
        raise JobError("busy", "Try later.", permanent=run.payload["permanent"])

    temporary = enqueue("shaky", key="t", payload={"permanent": False})
    permanent = enqueue("shaky", key="p", payload={"permanent": True})
    run_next("short")
    run_next("short")

    temporary.refresh_from_db()
    permanent.refresh_from_db()
    assert (temporary.state, temporary.error_code, temporary.error_message) == ("queued", "busy", "Try later.")
    assert (permanent.state, permanent.attempt) == ("failed", 1)


def test_bug_in_a_job_is_told_in_words_and_kept_for_operators(kinds):
    @job(max_attempts=1)
    def buggy(run):
        raise KeyError("surprise")

    queued = enqueue("buggy", key="a")
    run_next("short")

    queued.refresh_from_db()
    assert (queued.state, queued.error_code) == ("failed", "internal_error")
    assert queued.error_message == "Something went wrong on our side. It has been noted."
    assert "KeyError: 'surprise'" in queued.error_detail


def test_published_result_and_end_of_job_are_one_transaction(kinds):
    @job(max_attempts=1)
    def half(run):
        with run.publish():
            Job.objects.filter(pk=run.job.pk).update(step="published")
            raise RuntimeError("power cut")

    queued = enqueue("half", key="a")
    run_next("short")

    queued.refresh_from_db()
    assert (queued.state, queued.step) == ("failed", "")


def test_publishing_after_the_lease_was_lost_publishes_nothing(kinds):
    @job()
    def slow(run):
        expire_lease(run.job.pk)
        lease.reap()
        with run.publish():
            Job.objects.filter(pk=run.job.pk).update(step="published")

    queued = enqueue("slow", key="a")
    run_next("short")

    queued.refresh_from_db()
    assert (queued.state, queued.step) == ("queued", "")


def test_failed_job_can_be_retried_with_all_its_attempts(kinds):
    outcome = [JobError("broken", "No.", permanent=True), None]

    @job()
    def second_time_lucky(run):
        if error := outcome.pop(0):
            raise error

    queued = enqueue("second_time_lucky", key="a")
    run_next("short")
    queued.refresh_from_db()

    assert retry_job(queued) is True
    assert (queued.state, queued.attempt, queued.error_code) == ("queued", 0, "")
    run_next("short")
    queued.refresh_from_db()
    assert queued.state == "succeeded"
    assert retry_job(queued) is False


def test_stopped_supervisor_hands_its_work_back_uncharged(done):
    queued = enqueue("note", key="a")
    foreign = enqueue("note", key="b")
    claim("short", worker="host/7:100")
    claim("short", worker="host/77:200")

    assert lease.hand_back("host/7") == 1

    queued.refresh_from_db()
    foreign.refresh_from_db()
    assert (queued.state, queued.attempt, queued.lease_token) == ("queued", 0, None)
    assert (foreign.state, foreign.attempt) == ("running", 1)


def test_waiting_job_is_cancelled_at_once(done):
    queued = enqueue("note", key="a")

    cancel_job(queued)

    assert queued.state == "cancelled"
    assert run_next("short") is False


def test_cancelled_job_stays_cancelled_when_its_worker_is_lost(done):
    enqueue("note", key="a")
    claimed = claim("short", worker="dead")
    cancel_job(claimed)
    expire_lease(claimed.pk)

    lease.reap()

    claimed.refresh_from_db()
    assert (claimed.state, claimed.finished_at is not None) == ("cancelled", True)


def test_running_job_hears_of_its_cancellation(done):
    enqueue("note", key="a")
    claimed = claim("short", worker="w")

    cancel_job(claimed)

    assert claimed.state == "running"
    assert lease.extend(claimed) is True


def test_cancelled_run_ends_cancelled(kinds):
    @job()
    def patient(run):
        run.heartbeat.cancelled = True
        run.check()

    queued = enqueue("patient", key="a")
    run_next("short")

    queued.refresh_from_db()
    assert (queued.state, queued.attempt) == ("cancelled", 1)


def test_overdue_attempt_should_stop():
    heartbeat = Heartbeat(Job(pk=uuid4()), time_limit=-1)

    assert heartbeat.overdue is True


def test_routine_runs_once_a_period_however_often_it_is_due(done):
    schedule._routines.append(schedule.Routine("note", timedelta(days=1), timedelta(hours=2)))
    day = datetime(2026, 3, 1, 1, 59, tzinfo=UTC)

    for minutes in (0, 0, 5, 60, 24 * 60 + 5):
        schedule.enqueue_due(day + timedelta(minutes=minutes))

    # Before two, after two, and after two on the next day.
    assert Job.objects.count() == 3


def test_forgotten_job_is_woken_again(done):
    enqueue("note", key="a")
    OrmQ.objects.all().delete()

    assert wake_forgotten() == 1
    assert wake_forgotten() == 0


def test_wake_up_that_a_dead_worker_took_along_is_replaced(done):
    enqueue("note", key="a")
    OrmQ.objects.update(lock=datetime.now(UTC) + timedelta(hours=48))

    assert wake_forgotten() == 1


def test_job_that_waits_for_its_back_off_wakes_nobody(done):
    enqueue("note", key="a", delay=timedelta(minutes=5))
    OrmQ.objects.all().delete()

    assert wake_forgotten() == 0


@pytest.fixture
def crowded(kinds):
    """Declares `crowded`, which has no room for its work."""

    @job(max_attempts=2)
    def crowded(run):
        raise JobPostponed("no_space", "Waiting for disk space.", delay=60, detail="3 bytes free")


def test_postponed_work_goes_back_in_line_uncharged_with_its_words(crowded):
    queued = enqueue("crowded", key="a")
    for _ in range(5):  # more often than it has attempts
        make_available(queued.pk)
        run_next("short")

    queued.refresh_from_db()
    assert (queued.state, queued.attempt, queued.postponements, queued.is_postponed) == ("queued", 0, 5, True)
    assert (queued.error_code, queued.error_message, queued.error_detail) == (
        "no_space", "Waiting for disk space.", "3 bytes free",
    )  # fmt: skip
    assert run_next("short") is False
    assert timedelta(seconds=50) < queued.available_at - datetime.now(UTC) <= timedelta(seconds=60)


def test_postponed_work_is_cancelled_at_once(crowded):
    queued = enqueue("crowded", key="a")
    run_next("short")

    cancel_job(queued)

    assert queued.state == "cancelled"


def test_work_that_is_cancelled_while_it_finds_no_room_is_not_put_off(kinds):
    @job()
    def crowded(run):
        cancel_job(Job.objects.get(pk=run.job.pk))
        raise JobPostponed("no_space", "Waiting for disk space.", delay=60)

    queued = enqueue("crowded", key="a")
    run_next("short")

    queued.refresh_from_db()
    assert (queued.state, queued.finished_at is not None) == ("cancelled", True)


def test_failure_after_a_wait_is_no_wait(kinds):
    outcome = [JobPostponed("no_space", "Waiting.", delay=0), JobError("busy", "Try later.")]

    @job()
    def shaky(run):
        raise outcome.pop(0)

    queued = enqueue("shaky", key="a")
    run_next("short")
    run_next("short")

    queued.refresh_from_db()
    assert (queued.attempt, queued.is_postponed, queued.error_message) == (1, False, "Try later.")


def test_operators_see_what_was_run_and_how_it_ended(kinds):
    @job(max_attempts=1)
    def convert(run):
        run.tell_command(["ffmpeg", "-i", "my film.mp4"])
        seen.append(Job.objects.values_list("command", "exit_code").get())
        run.tell_command(["ffmpeg", "-i", "x" * 5000], exit_code=-9)

    seen = []
    queued = enqueue("convert", key="a")
    run_next("short")

    queued.refresh_from_db()
    assert seen == [("ffmpeg -i 'my film.mp4'", None)]
    assert (len(queued.command), queued.exit_code) == (4000, -9)


def test_stale_worker_tells_no_command(done):
    enqueue("note", key="a")
    stale = claim("short", worker="slow")
    expire_lease(stale.pk)
    lease.reap()

    lease.tell_command(stale, ["rm"], None)

    assert Job.objects.get().command == ""


def test_job_that_is_cancelled_just_before_it_publishes_publishes_nothing(kinds):
    @job()
    def late(run):
        cancel_job(Job.objects.get(pk=run.job.pk))
        with run.publish():
            Job.objects.filter(pk=run.job.pk).update(step="published")

    queued = enqueue("late", key="a")
    run_next("short")

    queued.refresh_from_db()
    assert (queued.state, queued.step, queued.error_message) == ("cancelled", "", "This was stopped.")


def test_folders_of_attempts_that_were_killed_are_removed_and_no_others(done, settings):
    running, killed = enqueue("note", key="a"), uuid4()
    held = claim("short", worker="w")
    scratch = settings.SCRATCH_DIR
    for name in (f"{running.pk}-{held.lease_token}", f"{running.pk}-{killed}", "somebody else's"):
        (scratch / name).mkdir(parents=True)
    (scratch / f"{running.pk}-{killed}" / "half.mp4").touch()

    assert clean_scratch() == 1

    assert sorted(path.name for path in scratch.iterdir()) == [f"{running.pk}-{held.lease_token}", "somebody else's"]


def test_cleaning_where_nothing_ever_ran_does_nothing(done):
    assert clean_scratch() == 0


def test_sign_of_life_says_who_and_how_long_ago(db):
    cache.clear()  # a real worker of another test may have left one
    assert last_sign() is None

    leave_sign("host/7")

    name, seconds = last_sign()
    assert (name, 0 <= seconds < 5) == ("host/7", True)
