"""Tracking: what is taken, what is refused, and where it lies."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone

from analytics.models import Event
from analytics.partitions import MONTHS_AHEAD, MONTHS_BEHIND, shifted
from analytics.registry import EVENT_TYPES
from analytics.services.events import identifier_at, track
from core.errors import Refused
from core.identifiers import first_of, moment_of
from core.models import Job
from core.models.job import JobState
from core.scope import owner_role
from core.tenancy import NoOrganization, every_organization, organization_scope

VISIT = {"device": "mobile", "browser": "Firefox", "referrer": "search"}
REACHED = {"percent_complete": 50, "watch_time_seconds": 12.5, "session_id": str(uuid4()), "device": "tablet"}
PERCENT = "This must be a number from 0 to 100."
MOMENT = "This must be a time with its zone, as ISO 8601 writes it."
EXAMPLES = {
    "video_imported": {"source_type": "youtube", "duration_seconds": 61.5, "file_size_bytes": None},
    "video_uploaded": {"size": 2_000_000, "format": "mp4", "processing_time": 12.25},
    "video_transcribed": {"transcript_method": "embedded", "cost": 0, "word_count": 150, "language": "en"},
    "video_embedded": {"model": "text-embedding-3-large"},
    "video_added_to_course": {},
    "video_viewed": VISIT,
    "video_started": VISIT,
    "video_progress": REACHED,
    "video_completed": REACHED | {"completion_time": "2026-11-20T10:00:00+00:00"},
    "video_rewatched": {"device": "desktop"},
    "video_watched": {"seconds": 10},
    "playlist_created": {},
    "learner_enrolled": {},
    "item_completed": {"item_type": "quiz"},
    "course_completed": {},
    "quiz_submitted": {"percent": 66, "passed": True, "attempt": 2},
    "assignment_submitted": {"submission": 1, "late": False},
    "assignment_graded": {"submission": 1, "percent": 72.5},
    "resource_opened": {},
    "search_made": {"query": "tide", "results": 3},
    "question_asked": {"question": "Why?"},
}


def test_every_type_has_an_example():
    assert EXAMPLES.keys() == EVENT_TYPES.keys()


@pytest.mark.parametrize("type", EXAMPLES)
def test_an_event_is_stored_as_it_was_told(type, scope):
    about = {key: uuid4() for key in ("learner", "media_id", "course_id", "chapter_id", "item_id")}

    event_id = track(type, actor=uuid4(), metadata=EXAMPLES[type], **about)

    event = Event.objects.get(pk=event_id)
    assert {key: getattr(event, key) for key in about} == about
    assert (event.type, event.metadata, event.organization_id) == (type, EXAMPLES[type], scope.pk)
    assert abs(timezone.now() - event.occurred_at) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("type", "changes", "field", "reason"),
    [
        ("video_progress", {"percent_complete": 101}, "percent_complete", PERCENT),
        ("video_progress", {"percent_complete": "50"}, "percent_complete", PERCENT),
        ("video_progress", {"percent_complete": True}, "percent_complete", PERCENT),
        ("video_progress", {"percent_complete": float("nan")}, "percent_complete", PERCENT),
        ("video_progress", {"percent_complete": None}, "percent_complete", "This is required."),
        ("video_progress", {"session_id": "7"}, "session_id", "This must be a UUID."),
        ("video_progress", {"device": "fridge"}, "device", "This must be desktop, mobile or tablet."),
        ("video_progress", {"mood": "good"}, "mood", "Events of this type do not have this."),
        ("video_completed", {"completion_time": "10:00"}, "completion_time", MOMENT),
        ("video_uploaded", {"size": 1.5}, "size", "This must be a whole number, at least 0."),
        ("video_uploaded", {"size": -1}, "size", "This must be a whole number, at least 0."),
        ("search_made", {"query": "a\x00b"}, "query", "This must be a text of at most 300 characters."),
        ("search_made", {"query": "x" * 301}, "query", "This must be a text of at most 300 characters."),
        ("quiz_submitted", {"passed": 1}, "passed", "This must be true or false."),
    ],
)  # fmt: skip
def test_malformed_metadata_is_refused_with_its_reason(type, changes, field, reason, scope):
    with pytest.raises(Refused) as refusal:
        track(type, metadata=EXAMPLES[type] | changes)

    assert (refusal.value.code, refusal.value.fields) == ("malformed_metadata", {f"metadata.{field}": [reason]})
    assert Event.objects.count() == 0


def test_an_unknown_type_is_refused(scope):
    with pytest.raises(Refused) as refusal:
        track("video_eaten")

    assert refusal.value.code == "unknown_event"


def test_the_same_id_is_stored_once(scope):
    event_id = identifier_at(timezone.now())

    answers = [track("playlist_created", event_id=event_id) for _ in range(3)]

    assert answers == [event_id] * 3
    assert Event.objects.count() == 1


def test_an_id_carries_the_time_at_which_it_happened(scope):
    moment = timezone.now().replace(microsecond=123_000) - timedelta(days=20)

    event_id = track("playlist_created", occurred_at=moment)

    assert event_id.version == 7
    assert moment_of(event_id) == moment.timestamp()
    assert Event.objects.get(pk=event_id).occurred_at == moment


@pytest.mark.parametrize(
    ("age", "code"),
    [(timedelta(days=35, minutes=1), "event_too_old"), (-timedelta(minutes=6), "event_in_future")],
)
def test_what_is_too_old_or_has_not_happened_is_refused(age, code, scope):
    moment = timezone.now() - age

    for values in ({"occurred_at": moment}, {"event_id": identifier_at(moment)}):
        with pytest.raises(Refused) as refusal:
            track("playlist_created", **values)
        assert refusal.value.code == code


@pytest.mark.parametrize("age", [timedelta(days=34, hours=23), -timedelta(minutes=4)])
def test_what_is_just_within_the_limits_is_stored(age, scope):
    track("playlist_created", occurred_at=timezone.now() - age)

    assert Event.objects.count() == 1


def test_an_id_that_tells_no_time_is_refused(scope):
    with pytest.raises(Refused) as refusal:
        track("playlist_created", event_id=uuid4())

    assert (refusal.value.code, list(refusal.value.fields)) == ("invalid_event_id", ["id"])


def test_an_event_needs_an_organization(db):
    with pytest.raises(NoOrganization):
        track("playlist_created")


def test_events_of_another_organization_are_not_seen(scope, other_organization):
    track("playlist_created")

    with organization_scope(other_organization):
        assert Event.objects.count() == 0


def partitions():
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'analytics_event'::regclass")
        return {name for (name,) in cursor.fetchall()}


def test_there_is_a_partition_for_every_month(db):
    months = [shifted(datetime.now(UTC), offset) for offset in range(-MONTHS_BEHIND, MONTHS_AHEAD + 1)]

    assert partitions() == {f"analytics_event_{month:%Y_%m}" for month in months}


def test_the_daily_job_makes_partitions_that_are_missing(db, work_off):
    from_now = shifted(datetime.now(UTC), MONTHS_AHEAD)
    name = f"analytics_event_{from_now:%Y_%m}"
    before = partitions()
    with owner_role(reason="dropping a table"), connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {name}")
    with every_organization(reason="the schedule belongs to no organization"):
        Job.objects.create(kind="ensure_event_partitions", lane="short", key="today")

    work_off()

    assert Job.objects.get().state == JobState.SUCCEEDED
    assert partitions() == before


def test_a_range_of_ids_reads_one_month_only(scope):
    month = shifted(datetime.now(UTC), 0)
    days = Event.objects.filter(id__gte=first_of(month), id__lt=first_of(month + timedelta(days=1)))

    plan = days.explain()

    assert f"analytics_event_{month:%Y_%m}" in plan
    assert [name for name in partitions() if name in plan] == [f"analytics_event_{month:%Y_%m}"]


def test_ids_of_one_moment_differ():
    moment = datetime(2026, 5, 1, tzinfo=UTC)

    made = {identifier_at(moment) for _ in range(1000)}

    assert len(made) == 1000
    assert {(key.version, moment_of(key), type(key)) for key in made} == {(7, moment.timestamp(), UUID)}
