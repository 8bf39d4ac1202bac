"""Events that other systems tell: each answered by itself, none lost, none doubled, none of anybody else's."""

import gzip
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from accounts.services.members import remove_member
from accounts.services.tokens import create_token
from analytics.api.events import SLOTS
from analytics.models import Event
from analytics.registry import EVENT_TYPES
from analytics.services.events import identifier_at, track
from analytics.services.ingest import take_events
from analytics.services.reading import read_events
from core.errors import RETRY_SECONDS
from core.parsers import LARGEST_BODY
from core.tenancy import organization_scope, scoped_thread
from tests.analytics.conftest import add_media

EVENTS, TYPES = "/api/v1/harbor/analytics/events/", "/api/v1/harbor/analytics/event-types/"


def new_id(**age):
    return str(identifier_at(timezone.now() - timedelta(**age)))


def watched(**changes):
    return {"id": new_id(), "type": "video_watched", "metadata": {"seconds": 10}} | changes


def outcomes(answer):
    return [(one["status"], one["code"], sorted(one["fields"])) for one in answer.json()["results"]]


@pytest.fixture
def feed(alice):
    """What a token of alice's posts."""
    _, secret = create_token(alice.memberships.get(), name="feed", scopes=["analytics:write"])
    client = Client(headers={"Authorization": f"Token {secret}"})

    def post(events, **body):
        return client.post(EVENTS, {"events": events, **body}, content_type="application/json")

    return post


def test_events_are_stored_as_they_were_told(feed, talk, alice, bob):
    moment = timezone.now().replace(microsecond=0) - timedelta(days=3)
    event_id = str(identifier_at(moment))
    about = {"learner": str(bob.pseudonym), "actor": str(alice.pseudonym), "media": str(talk.pk)}

    answer = feed([watched(id=event_id, occurred_at=moment.isoformat(), **about)])

    event = Event.objects.get()
    assert answer.json() == {
        "results": [{"id": event_id, "status": "stored", "code": "", "message": "", "fields": {}}],
        "stored": 1, "known": 0, "refused": 0,
    }  # fmt: skip
    assert (str(event.pk), event.type, event.metadata) == (event_id, "video_watched", {"seconds": 10})
    assert (event.learner, event.actor_id, event.media_id) == (bob.pseudonym, alice.pseudonym, talk.pk)
    assert (event.occurred_at, event.clock_skew) == (moment, None)


def test_what_is_sent_again_is_known_and_changes_nothing(feed, scope):
    told = [watched() for _ in range(3)]
    feed(told[:2])

    again = feed([{**told[0], "metadata": {"seconds": 99}}, told[1], told[2], told[2]])

    assert [one["status"] for one in again.json()["results"]] == ["known", "known", "stored", "known"]
    assert sorted(Event.objects.values_list("seconds", flat=True)) == [10, 10, 10]


def test_each_event_is_refused_for_its_own_reason_and_the_right_ones_are_kept(feed, scope):
    late = (timezone.now() - timedelta(days=2)).isoformat()

    answer = feed([
        watched(), watched(type="video_eaten"), watched(type=["video_watched"]), watched(metadata={"seconds": "10"}),
        watched(metadata=[]), watched(mood="good"), watched(id="7"), watched(id=str(uuid4())),
        watched(id=new_id(days=36)), watched(id=new_id(minutes=-6)), watched(occurred_at=late),
        watched(occurred_at="2026-11-01T10:00:00"), watched(id=None), "video_watched", watched(media="x"),
        watched(type="search_made", metadata={"query": "\ud800", "results": 10**400}),
        watched(id=None, occurred_at=late),
    ])  # fmt: skip

    assert outcomes(answer) == [
        ("stored", "", []),
        ("refused", "unknown_event", ["type"]),
        ("refused", "unknown_event", ["type"]),
        ("refused", "malformed_metadata", ["metadata.seconds"]),
        ("refused", "malformed_metadata", ["metadata"]),
        ("refused", "invalid_event", ["mood"]),
        ("refused", "invalid_event", ["id"]),
        ("refused", "invalid_event_id", ["id"]),
        ("refused", "event_too_old", []),
        ("refused", "event_in_future", []),
        ("refused", "invalid_event_id", ["id"]),
        ("refused", "invalid_event", ["occurred_at"]),
        ("refused", "invalid_event", ["occurred_at"]),
        ("refused", "invalid_event", []),
        ("refused", "invalid_event", ["media"]),
        ("refused", "malformed_metadata", ["metadata.query", "metadata.results"]),
        ("stored", "", []),
    ]
    assert (answer.json()["stored"], answer.json()["refused"], Event.objects.count()) == (2, 15, 2)


def test_what_is_not_here_cannot_be_named(feed, talk, bob, charlie, other_organization):
    with organization_scope(other_organization):
        foreign = str(add_media("Elsewhere").pk)
    strange = {name: str(uuid4()) for name in ("course", "chapter", "item")}

    answer = feed([
        watched(media=str(talk.pk)), watched(media=foreign), watched(learner=str(charlie.pseudonym)),
        watched(actor=str(bob.pk)), watched(**strange),
    ])  # fmt: skip

    assert outcomes(answer) == [
        ("stored", "", []),
        ("refused", "unknown_reference", ["media"]),
        ("refused", "unknown_reference", ["learner"]),
        ("refused", "unknown_reference", ["actor"]),
        ("refused", "unknown_reference", ["chapter", "course", "item"]),
    ]


def test_who_has_left_still_did_what_they_did(feed, scope, alice, bob):
    remove_member(bob.memberships.get(), by=alice)

    assert outcomes(feed([watched(learner=str(bob.pseudonym))])) == [("stored", "", [])]


def test_an_id_of_another_organization_is_neither_known_nor_let_through(feed, scope, other_organization):
    told = watched()
    with organization_scope(other_organization):
        track("playlist_created", event_id=identifier_at(timezone.now()))
        take_events([told])

    answer = feed([told])

    assert outcomes(answer) == [("refused", "invalid_event_id", ["id"])]
    assert Event.objects.count() == 0


def test_the_clock_of_the_sender_is_compared_with_ours(feed, scope):
    feed([watched()], sent_at=(timezone.now() + timedelta(hours=1)).isoformat())

    assert Event.objects.get().clock_skew == pytest.approx(3600, abs=10)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([], "invalid"), ({}, "invalid"), ({"events": "x"}, "invalid"), ({"events": []}, "no_events"),
        ({"events": [{}] * 1001}, "too_many_events"), ({"events": [{}], "sent_at": "soon"}, "invalid"),
        ({"events": [{}], "mood": 1}, "invalid"),
    ],
)  # fmt: skip
def test_a_call_without_the_right_shape_is_refused_whole(body, code, alice, client_of):
    answer = client_of(alice).post(EVENTS, body, content_type="application/json")

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


@pytest.mark.parametrize(
    ("packed", "encoding", "status"),
    [
        (gzip.compress(b'{"events": [{}]}'), "gzip", 200),
        (gzip.compress(b" " * 60_000_000), "gzip", 413),
        (b'{"events": [{}]}' + b" " * LARGEST_BODY, "identity", 413),
        (gzip.compress(b'{"events": [{}]}')[:-9], "gzip", 400),
        (b'{"events": [{}]}', "gzip", 400),
        (b'{"events": [{}]}', "br", 415),
    ],
    ids=["packed", "bomb", "long", "cut", "unpacked", "br"],
)
def test_a_body_may_be_packed_and_never_unpacks_to_much(packed, encoding, status, alice, client_of):
    answer = client_of(alice).post(
        EVENTS, packed, content_type="application/json", headers={"Content-Encoding": encoding}
    )

    assert answer.status_code == status


def test_events_are_for_makers_and_tokens_that_may_write(alice, bob, organization, client_of):
    _, secret = create_token(alice.memberships.get(), name="reports", scopes=["analytics:read"])
    readers = Client(headers={"Authorization": f"Token {secret}"})

    told = [client.post(EVENTS, {"events": [watched()]}, "application/json") for client in (client_of(bob), readers)]
    read = [client.get(EVENTS).status_code for client in (client_of(bob), readers)]

    assert [(one.status_code, one.json()["error"]["code"]) for one in told] == [
        (403, "permission_denied"), (403, "scope_missing"),
    ]  # fmt: skip
    assert read == [403, 200]


@pytest.mark.parametrize("count", [1, 30])
def test_a_call_costs_the_same_statements_however_much_it_tells(count, feed, talk, bob, django_assert_num_queries):
    feed([watched()])
    told = [watched(media=str(talk.pk), learner=str(bob.pseudonym)) for _ in range(count)]

    with django_assert_num_queries(4):  # token, people, media, insert
        feed(told)


def test_too_many_calls_at_once_are_asked_to_come_back(feed, scope, settings):
    for _ in range(settings.EVENT_CALLS_AT_ONCE):
        SLOTS.acquire()
    try:
        answer = feed([watched()])
    finally:
        SLOTS.release(settings.EVENT_CALLS_AT_ONCE)

    assert (answer.status_code, answer["Retry-After"], answer.json()["error"]["code"]) == (
        429, RETRY_SECONDS, "events_busy",
    )  # fmt: skip
    assert outcomes(feed([watched()])) == [("stored", "", [])]


def away(execute, sql, params, many, context):
    raise OperationalError("the database system is shutting down")


def test_a_database_that_is_away_is_no_fault_of_ours(feed, scope, alice, client_of):
    pages = client_of(alice)
    pages.raise_request_exception = False

    with connection.execute_wrapper(away):
        answers = [feed([watched()]), pages.get(EVENTS), pages.get("/harbor/courses/")]

    assert [(one.status_code, one["Retry-After"]) for one in answers] == [(503, RETRY_SECONDS)] * 3
    assert [one.json()["error"]["code"] for one in answers[:2]] == ["unavailable"] * 2


@pytest.mark.django_db(transaction=True)
def test_the_same_events_from_eight_senders_are_stored_once(organization):
    told, counts = [watched() for _ in range(200)], []

    def send(place):
        order = told[place * 20 :] + told[: place * 20]
        counts.append(sum(one["status"] == "stored" for one in take_events(order)))
        connection.close()

    with organization_scope(organization):
        threads = [scoped_thread(send, place) for place in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert (len(counts), sum(counts), Event.objects.count()) == (8, 200, 200)


def test_every_type_is_described(alice, client_of):
    described = client_of(alice).get(TYPES).json()

    assert [one["type"] for one in described] == list(EVENT_TYPES)
    assert all(one["meaning"] for one in described)
    assert next(one for one in described if one["type"] == "quiz_submitted")["metadata"][0] == {
        "name": "percent", "must_be": "a number from 0 to 100", "is_required": True,
    }  # fmt: skip


def test_events_are_read_page_by_page(feed, talk, bob, alice, client_of):
    mine = [watched(id=new_id(minutes=9 - n), media=str(talk.pk)) for n in range(3)]
    feed([*mine, watched(id=new_id(minutes=20)), watched(type="playlist_created", metadata={})])
    client, seen, after = client_of(alice), [], None

    while True:
        page = client.get(EVENTS, {"media": str(talk.pk), "limit": 2} | ({"after": after} if after else {})).json()
        seen += [one["id"] for one in page["results"]]
        if (after := page["next"]) is None:
            break

    assert seen == [one["id"] for one in mine]
    assert [one["type"] for one in client.get(EVENTS, {"type": "playlist_created"}).json()["results"]] == [
        "playlist_created"
    ]
    since = (timezone.now() - timedelta(minutes=10)).isoformat()
    assert len(client.get(EVENTS, {"since": since}).json()["results"]) == 4
    assert client.get(EVENTS, {"learner": str(bob.pseudonym)}).json() == {"next": None, "results": []}
    assert client.get(EVENTS, {"after": str(uuid4())}).json() == {"next": None, "results": []}


@pytest.mark.parametrize("about", [{}, {"media_id": uuid4()}, {"course_id": uuid4()}, {"learner": uuid4()}])
def test_reading_never_scans_the_table(about, scope, django_assert_num_queries):
    with django_assert_num_queries(1) as captured:
        read_events(after=identifier_at(timezone.now() - timedelta(days=90)), **about)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + captured.captured_queries[-1]["sql"].rpartition(";")[2])
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Seq Scan" not in plan
    assert "Index Cond: ((organization_id = " in plan


def test_members_are_told_with_their_pseudonym(alice, bob, client_of):
    members = client_of(alice).get("/api/v1/harbor/members/", {"email": "bob@harbor.test"}).json()["results"]

    assert [one["pseudonym"] for one in members] == [str(bob.pseudonym)]


def test_an_event_without_a_reason_to_be_refused_is_json_that_can_be_stored(feed, scope):
    query = json.loads('"\\u00e9 \\ud83d\\ude00 \\\\ \\" {} NULL"')

    feed([watched(type="search_made", metadata={"query": query, "results": 0})])

    assert Event.objects.get().metadata["query"] == query
