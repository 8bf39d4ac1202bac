"""Recorded statements are read and counted like the reports of our own player; ours come back as what was watched."""

import gzip
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from analytics.services.xapi_export import Export, Teller
from analytics.services.xapi_import import coverages
from analytics.services.xapi_store import store_history
from analytics.xapi.gathering import gather
from analytics.xapi.lines import Tally, statements_in
from analytics.xapi.profile import EXTENSIONS, read_segments, written_duration, written_segments
from courses.models import Completion
from courses.services.authoring import add_chapter, add_item, create_course
from courses.services.enrolling import enroll
from courses.services.publishing import publish_course
from media_library.models import WatchRecord, WatchSession
from media_library.services.watching import end_session, start_session
from tests.analytics.conftest import add_media

RECORDED = Path(__file__).with_name("recorded_statements.jsonl")


def read(path: Path) -> tuple[list, Tally]:
    tally = Tally()
    pairs = gather(statements_in(path, tally))
    return list(coverages(pairs)), tally


def imported(*arguments: object) -> tuple[list[dict], str]:
    """What the command prints as JSON, and what it says besides."""
    out, err = io.StringIO(), io.StringIO()
    call_command("import_xapi", *map(str, arguments), "--json", stdout=out, stderr=err)
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


def watch(media, user, *segments, position: float) -> WatchSession:
    """One visit, with all the credit it needs."""
    session = start_session(media, user=user)
    WatchRecord.objects.filter(media=media, user=user).update(credit=10_000, visit_credit=10_000)
    end_session(session.pk, user=user, intervals=[list(pair) for pair in segments], position=position)
    return session


@pytest.mark.django_db
@pytest.mark.parametrize("packed", [False, True])
def test_import_counts_what_was_covered_by_learner_and_video(tmp_path, packed):
    path = tmp_path / "statements"
    path.write_bytes(gzip.compress(RECORDED.read_bytes()) if packed else RECORDED.read_bytes())

    found, tally = read(path)

    assert {(str(one.learner), one.video[-5:]): one.coverage for one in found} == {
        ("ann", "tides"): ([(0, 60)], 60, 60.0),  # two visits that overlap; what has no end counts nothing
        ("ben@people.test", "tides"): ([(0, 10)], 10, 10.0),  # a tenth of a second is none
        ("0" * 40, "waves"): ([(0, 30), (50, 80)], 60, 50.0),  # put together from what the playhead did
        ("ann", "waves"): ([(0, 5)], 5, None),  # nobody tells how long it is
    }
    assert [(one.length, one.furthest) for one in found] == [(100, 60 / 1.004), (100, 100), (120, 75), (None, None)]
    assert (tally.lines, tally.statements, tally.bad_lines) == (15, 16, 2)
    assert tally.told == [
        "statements, line 12: There is no statement in it.",
        "statements, line 13: This is no JSON (JSONDecodeError).",
    ]


@pytest.mark.django_db
def test_import_command_prints_pairs_and_the_summary():
    lines, words = imported(RECORDED)

    assert lines[0] == {
        "learner": {"kind": "account", "home": "https://school.test", "name": "ann"},
        "video": "https://videos.test/tides", "segments": [[0, 60]], "seconds": 60, "length": 100,
        "coverage_percent": 60.0, "furthest_percent": 59.8,
    }  # fmt: skip
    assert lines[-1]["summary"] == {
        "statements": 16, "bad_lines": 2, "pairs": 4, "pairs_with_length": 3, "playhead": {"95": 1, "90": 1},
        "covered": {"95": 0, "90": 0}, "playhead_with_less_than_half_covered": {"95": 1, "90": 1},
    }  # fmt: skip
    assert words.count("\n") == 2


@pytest.mark.django_db
def test_import_command_prints_a_table_and_stops_at_its_limit():
    out = io.StringIO()

    call_command("import_xapi", str(RECORDED), "--limit", "2", stdout=out)

    assert out.getvalue().splitlines() == [
        " covered furthest  seconds   length  learner, video, segments",
        "  30.0 %   30.1 %       30      100  ann https://videos.test/tides 0[.]30",
        "2 statements in 2 lines, 0 of which could not be read.",
        "1 pairs of learner and video, 1 of them with a length. Of these",
        "  at 95 %: the playhead of 0, the coverage of 0; 0 playheads came there over less than half of the video",
        "  at 90 %: the playhead of 0, the coverage of 0; 0 playheads came there over less than half of the video",
    ]


@pytest.mark.django_db
def test_import_reads_what_is_left_of_broken_files(tmp_path):
    whole = gzip.compress(RECORDED.read_bytes() * 40)
    (tmp_path / "cut.gz").write_bytes(whole[:-200])
    (tmp_path / "deep").write_text("[" * 100_000 + "\n" + '{"a":' * 50_000 + "\n" + "9" * 5000 + "\n\xff\n")
    (tmp_path / "noise").write_bytes(bytes(range(256)) * 40)

    counted = [read(tmp_path / name)[1] for name in ("cut.gz", "deep", "noise")]

    assert counted[0].statements > 500
    assert "breaks off" in counted[0].told[-1] or counted[0].bad_lines > 0
    assert (counted[1].statements, counted[1].bad_lines) == (0, 4)
    assert (counted[2].statements, counted[2].bad_lines) == (0, counted[2].lines)
    with pytest.raises(CommandError, match="No such file"):
        imported(tmp_path / "nothing.jsonl")


def test_segments_are_written_and_read_as_the_profile_says():
    assert written_segments([(0, 10), (20, 30.5)]) == "0[.]10[,]20[.]30.5"
    assert read_segments("0[.]10[,]20[.]30.5[,]40") == [(0, 10), (20, 30.5)]
    assert read_segments([["1", 2], [3], "x", [5, 4]]) == [(1, 2)]
    assert [read_segments(odd) for odd in ("", "[[", "[.]", 7, None, {"a": 1})] == [[]] * 6
    assert [written_duration(seconds) for seconds in (0, 59, 3600, 3725)] == ["PT0S", "PT59S", "PT1H", "PT1H2M5S"]


def test_export_tells_a_visit_as_begun_and_ended_and_the_completion_once(scope, bob):
    talk = add_media("Tides", duration=99.6)
    session = watch(talk, bob, (0, 40), (50, 99.6), position=99.6)

    began, ended, completed = Export(Teller(scope)).statements()

    assert began["actor"] == {
        "objectType": "Agent",
        "account": {"homePage": "http://localhost:8000", "name": str(bob.pseudonym)},
    }
    assert [one["verb"]["id"] for one in (began, ended, completed)] == [
        f"http://adlnet.gov/expapi/verbs/{verb}" for verb in ("initialized", "terminated", "completed")
    ]
    assert began["object"] == {
        "objectType": "Activity",
        "id": f"http://localhost:8000/harbor/media/{talk.pk}/",
        "definition": {
            "type": "https://w3id.org/xapi/video/activity-type/video", "name": {"und": "Tides"},
            "extensions": {f"{EXTENSIONS}length": 99.6},
        },
    }  # fmt: skip
    assert began["context"] == {
        "platform": "Lectern",
        "contextActivities": {
            "category": [
                {
                    "id": "https://w3id.org/xapi/video",
                    "definition": {"type": "http://adlnet.gov/expapi/activities/profile"},
                }
            ]
        },
        "extensions": {
            f"{EXTENSIONS}session-id": str(session.pk), f"{EXTENSIONS}length": 99.6,
            f"{EXTENSIONS}completion-threshold": 0.9, f"{EXTENSIONS}speed": "1x",
        },
    }  # fmt: skip
    played = {
        f"{EXTENSIONS}time": 99.6, f"{EXTENSIONS}progress": 0.9, f"{EXTENSIONS}played-segments": "0[.]40[,]50[.]100",
    }  # fmt: skip
    assert ended["result"] == {"extensions": played}
    assert completed["result"] == {"completion": True, "duration": "PT1M30S", "extensions": played}
    assert completed["context"]["extensions"][f"{EXTENSIONS}session-id"] == str(session.pk)


def test_export_repeats_its_ids_and_keeps_to_its_days(scope, bob):
    talk = add_media("Tides")
    first, second = (watch(talk, bob, (at, at + 2), position=at) for at in (0, 5))
    late = datetime(2026, 3, 1, 22, 59, tzinfo=UTC)  # 23:59 in Berlin
    WatchSession.objects.filter(pk=first.pk).update(started_at=late, ended_at=late)

    everything, again = (list(Export(Teller(scope)).statements()) for _ in range(2))
    day = list(Export(Teller(scope), first=late.date(), last=late.date()).statements())
    named = next(Export(Teller(scope, with_addresses=True)).statements())

    assert [one["id"] for one in everything] == [one["id"] for one in again]
    assert len({one["id"] for one in everything}) == 4
    assert {one["context"]["extensions"][f"{EXTENSIONS}session-id"] for one in day} == {str(first.pk)}
    assert named["actor"] == {"objectType": "Agent", "mbox": "mailto:bob@harbor.test"}


def test_export_reads_any_number_of_visits_in_the_same_number_of_statements(scope, bob, django_assert_num_queries):
    talk = add_media("Tides")
    for at in range(3):
        watch(talk, bob, (at, at + 1), position=at)

    with django_assert_num_queries(3):  # visits, no more of them, completions
        told = list(Export(Teller(scope)).statements())

    assert len(told) == 6


def test_export_and_import_give_back_exactly_what_was_watched(scope, alice, bob, tmp_path):
    talks = [add_media(title, duration=length) for title, length in (("Tides", 100.0), ("Waves", 61.4))]
    for talk, user, segments in (
        (talks[0], bob, [(0, 40), (20.4, 60.6)]), (talks[0], bob, [(55, 97)]), (talks[0], alice, [(99, 100)]),
        (talks[1], alice, [(0, 61.4)]), (talks[1], bob, [(3, 7), (9, 11)]),
    ):  # fmt: skip
        watch(talk, user, *segments, position=segments[-1][1])
    path = tmp_path / "out.jsonl.gz"

    call_command("export_xapi", "--organization", "harbor", "--out", str(path), stderr=io.StringIO())
    found, tally = read(path)

    records = WatchRecord.objects.select_related("user", "media")
    assert {(str(one.learner), one.video.split("/")[-2]): one.coverage for one in found} == {
        (str(row.user.pseudonym), str(row.media.pk)): (row.seconds, row.watched_seconds, row.percent) for row in records
    }
    assert (tally.statements, tally.bad_lines) == (12, 0)  # two of each visit, and two completions


def test_import_adds_history_to_what_was_watched_and_completes_items(scope, alice, bob, tmp_path):
    talk = add_media("Tides", duration=100)
    talk.source_url = "https://videos.test/tides"
    talk.save()
    course = create_course(title="Sea", by=alice)
    item = add_item(add_chapter(course, title="One"), by=alice, type="video", title="Tides", media=talk)
    publish_course(course, by=alice)
    enroll(course, user=bob)
    watch(talk, bob, (0, 30), position=30)
    actor = {"account": {"homePage": "https://old.test", "name": "BOB@harbor.test"}}
    told = {f"{EXTENSIONS}played-segments": "20[.]95[,]97[.]140"}
    statement = {"actor": actor, "verb": {"id": "x"}, "result": {"extensions": told}}
    path = tmp_path / "old.jsonl"
    known, foreign = ({**statement, "object": {"id": f"https://videos.test/{name}"}} for name in ("tides", "other"))
    path.write_text(f"{json.dumps(known)}\n{json.dumps(foreign)}\n")

    said = [imported(path, "--organization", "harbor", "--store")[1] for _ in range(2)]

    record = WatchRecord.objects.get()
    assert said == [f"1 pairs are known here, 1 are not; {changed} records changed.\n" for changed in (1, 0)]
    assert (record.seconds, record.watched_seconds, record.percent) == ([(0, 95), (97, 100)], 98, 98.0)
    assert record.completed_at is not None
    assert Completion.objects.filter(item=item).count() == 1
    with pytest.raises(CommandError, match="--organization"):
        imported(path, "--store")


def test_import_finds_learners_by_whatever_names_them_and_nobody_of_elsewhere(scope, bob, charlie):
    talk = add_media("Tides", duration=100)
    address = f"http://localhost:8000/harbor/media/{talk.pk}/"
    told = {f"{EXTENSIONS}played-segments": "0[.]10"}
    actors = (
        {"mbox": "mailto:Bob@Harbor.test"}, {"mbox_sha1sum": "36ddc1097ea92e3e0692ec6bc8acd0ab39a50931"},
        {"account": {"name": str(bob.pseudonym)}}, {"mbox": "mailto:charlie@summit.test"},
    )  # fmt: skip
    statements = [
        {"actor": actor, "verb": {}, "object": {"id": address}, "result": {"extensions": told}} for actor in actors
    ]

    stored = store_history(gather(statements), scope)

    assert list(WatchRecord.objects.values_list("user", "watched_seconds")) == [(bob.pk, 10)]
    assert stored.changed == 1
