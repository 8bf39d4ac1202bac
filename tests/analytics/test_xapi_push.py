"""A record store is told each visit and each completion once, whatever it answers in between."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from analytics.models import DueVerb, RecordStore, StatementDue
from analytics.record_store import Failed
from analytics.services.record_stores import Terms, refused, request_due_push, set_store, waiting
from analytics.services.xapi_push import AT_ONCE, owe, push
from analytics.xapi.profile import EXTENSIONS
from core.announcements import announce
from core.fetch import network_allowed
from core.models import AuditEntry, Job
from media_library.models import WatchRecord, WatchSession
from media_library.services.watching import end_session, start_session
from tests.analytics.conftest import add_media
from tests.analytics.record_store import KEY, SECRET, SmallStore

SEGMENTS = f"{EXTENSIONS}played-segments"


@pytest.fixture
def lrs(settings):
    store = SmallStore()
    settings.RECORD_STORE_ORIGINS = [store.origin]
    yield store
    store.close()


@pytest.fixture
def store(scope, lrs, alice) -> RecordStore:
    return set_store(Terms(f"{lrs.origin}/xapi/", KEY, SECRET), by=alice)


def watch(talk, user, *segments) -> WatchSession:
    """A visit that ends, and what is announced of it by whoever counts."""
    session = start_session(talk, user=user)
    WatchRecord.objects.filter(media=talk, user=user).update(credit=10_000, visit_credit=10_000)
    end_session(session.pk, user=user, intervals=[list(pair) for pair in segments], position=segments[-1][1])
    if not StatementDue.objects.filter(session_id=session.pk, verb=DueVerb.TERMINATED).exists():
        announce("watch_left", talk, session=WatchSession.objects.get(pk=session.pk), seconds=1)
    return session


def pushed(store: RecordStore):
    with network_allowed():
        return push(store)


def test_store_is_told_visits_and_completions_by_the_job(store, lrs, bob, work_off):
    talk = add_media("Tides", duration=10)
    watch(talk, bob, (0, 4))
    watch(talk, bob, (2, 10))

    request_due_push()
    work_off()

    told = lrs.statements.values()
    assert sorted(one["verb"]["id"].rpartition("/")[2] for one in told) == [
        "completed", "initialized", "initialized", "terminated", "terminated",
    ]  # fmt: skip
    assert {one["result"]["extensions"][SEGMENTS] for one in told if "result" in one} == {"0[.]4", "2[.]10", "0[.]10"}
    store.refresh_from_db()
    assert (store.pushed_statements, store.error, StatementDue.objects.count(), lrs.posts) == (5, "", 0, [5])


def test_store_is_told_the_past_again_and_keeps_each_statement_once(store, lrs, bob):
    talk = add_media("Tides", duration=10)
    for at in range(60):
        watch(talk, bob, (0, 5 + at % 2))
    StatementDue.objects.all().delete()
    today = timezone.localdate().isoformat()

    words = []
    for _ in range(2):
        out = io.StringIO()
        call_command("push_xapi", "--organization", "harbor", "--from", "2026-01-01", "--to", today, stdout=out)
        words.append(out.getvalue())

    assert words == ["120 statements told, 0 refused, 0 refused so far.\n"] * 2
    assert (len(lrs.statements), lrs.posts) == (120, [2 * AT_ONCE, 20] * 2)


def test_visit_that_goes_on_after_it_was_told_is_told_once_more_with_all(store, lrs, bob):
    talk = add_media("Tides", duration=100)
    session = watch(talk, bob, (0, 4))
    pushed(store)

    WatchSession.objects.filter(pk=session.pk).update(seconds=[(0, 9)], watched_seconds=9)
    owe(session.pk, DueVerb.TERMINATED)
    pushed(store)

    ended = [one for one in lrs.statements.values() if "result" in one]
    assert [one["result"]["extensions"][SEGMENTS] for one in ended] == ["0[.]4", "0[.]9"]
    assert len(lrs.statements) == 3


@pytest.mark.parametrize(
    ("answer", "code", "pause"),
    [
        ((401, {}), "credentials", 60),
        ((404, {}), "no_store", 60),
        ((500, {}), "broken", 60),
        ((429, {"Retry-After": "600"}), "busy", 600),
        ((503, {"Retry-After": "Tue, 01 Dec 2026 00:00:00 GMT"}), "busy", 60),
    ],
)
def test_failure_is_written_down_and_nothing_is_lost(store, lrs, bob, answer, code, pause):
    talk = add_media("Tides", duration=10)
    watch(talk, bob, (0, 4))
    lrs.answers = [answer]
    before = timezone.now()

    with pytest.raises(Failed) as failure:
        pushed(store)

    store.refresh_from_db()
    waits = (store.next_try_at - before).total_seconds()
    assert (failure.value.code, store.failures, store.error) == (code, 1, failure.value.words)
    assert (pause <= waits < pause + 30, waiting().count()) == (True, 1)
    pushed(store)
    store.refresh_from_db()
    assert (len(lrs.statements), store.failures, store.error, store.next_try_at) == (2, 0, "", None)


def test_failed_push_rests_and_is_tried_again_by_the_schedule(store, lrs, bob, work_off):
    watch(add_media("Tides", duration=10), bob, (0, 4))
    lrs.answers = [(500, {}), (500, {})]

    runs = []
    for _ in range(3):
        request_due_push()
        work_off()
        runs.append(RecordStore.objects.get().failures)
        request_due_push()  # it rests: nothing is put in line
        RecordStore.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))

    assert (runs, len(lrs.statements)) == ([1, 2, 0], 2)
    jobs = Job.objects.filter(kind="push_statements").order_by("pk").values_list("state", "error_code")
    assert list(jobs) == [("failed", "broken"), ("failed", "broken"), ("succeeded", "")]


def test_store_that_is_gone_or_inside_is_told_nothing(store, lrs, settings, bob):
    watch(add_media("Tides", duration=10), bob, (0, 4))

    lrs.close()
    with pytest.raises(Failed, match="does not answer"):
        pushed(store)
    settings.RECORD_STORE_ORIGINS = []
    with pytest.raises(CommandError, match="may not be gone to"):
        call_command("push_xapi", "--organization", "harbor")

    assert (RecordStore.objects.get().failures, waiting().count()) == (2, 1)


def test_what_the_store_will_not_take_is_set_aside_with_its_words(store, lrs, alice, bob):
    talk = add_media("Tides", duration=10)
    lrs.refused = {str(bob.pseudonym)}
    for user in (alice, bob, alice, alice):
        watch(talk, user, (0, 4))

    outcome = pushed(store)

    assert (outcome.taken, outcome.refused, waiting().count()) == (6, 2, 0)
    row = refused().get()
    assert (row.verb, row.refusal.startswith('400: {"error": "statement ')) == ("terminated", True)
    lrs.refused |= {str(alice.pseudonym)}
    for _ in range(2):
        watch(talk, alice, (0, 4))
    with pytest.raises(Failed, match="takes no statement"):
        pushed(store)


def test_statement_that_is_there_already_does_no_harm(store, lrs, bob):
    talk = add_media("Tides", duration=10)
    session = watch(talk, bob, (0, 4))
    pushed(store)
    for one in lrs.statements.values():
        one["timestamp"] = "2020-01-01T00:00:00Z"  # as another version of ours wrote it

    owe(session.pk, DueVerb.TERMINATED)
    watch(talk, bob, (4, 6))
    outcome = pushed(store)

    assert (outcome.taken, outcome.refused, len(lrs.statements)) == (4, 0, 4)


def test_nothing_is_noted_where_no_store_is_on(store, bob, alice):
    set_store(Terms(store.endpoint, KEY, is_on=False), by=alice)

    owe(store.pk, DueVerb.TERMINATED)

    assert StatementDue.objects.count() == 0


def test_owner_names_a_store_and_sees_how_it_goes(scope, lrs, alice, bob, client_of):
    client = client_of(alice)
    page = "/admin/record-store/"

    refusal = client.post(page, {"endpoint": "ftp://x", "key": "k", "secret": ""})
    taken = client.post(page, {"endpoint": f"{lrs.origin}/xapi", "key": KEY, "secret": SECRET, "is_on": "on"})
    watch(add_media("Tides", duration=10), bob, (0, 4))
    lrs.answers = [(401, {})]
    with pytest.raises(Failed):
        pushed(RecordStore.objects.get())
    shown = client.get(page).content.decode()
    again = client.post(f"{page}push/")

    assert "Write its address with https://" in refusal.content.decode()
    assert (taken.status_code, again.status_code, SECRET in shown) == (302, 302, False)
    assert "The record store does not accept the key and secret." in shown
    assert "1 visit or completion" in shown
    assert Job.objects.filter(kind="push_statements").count() == 1
    assert client.post(f"{page}forget/").status_code == 302
    assert (RecordStore.objects.count(), StatementDue.objects.count()) == (0, 0)
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {"record_store_changed", "record_store_removed"}


def test_program_names_a_store_and_sees_how_it_goes(scope, lrs, alice, bob, client_of):
    api = "/api/v1/harbor/analytics/record-store/"
    owner, learner = client_of(alice), client_of(bob)
    terms = {"endpoint": f"{lrs.origin}/xapi/", "key": KEY, "secret": SECRET, "with_addresses": True}

    missing, short = owner.get(api), owner.put(api, {"endpoint": "x", "key": "k"}, "application/json")
    made = owner.put(api, terms, "application/json")
    watch(add_media("Tides", duration=10), bob, (0, 4))

    assert (missing.status_code, short.status_code, learner.get(api).status_code) == (404, 400, 403)
    assert set(short.json()["error"]["fields"]) == {"endpoint", "secret"}
    assert made.json() == {
        "endpoint": terms["endpoint"], "key": KEY, "is_on": True, "with_addresses": True, "pushed_statements": 0,
        "pushed_at": None, "error": "", "failed_at": None, "next_try_at": None, "waiting": 0, "refused": 0,
    }  # fmt: skip
    assert owner.post(f"{api}push/").json()["waiting"] == 1
    pushed(RecordStore.objects.get())
    assert {one["actor"]["mbox"] for one in lrs.statements.values()} == {"mailto:bob@harbor.test"}
    assert owner.delete(api).status_code == 204
