"""Courses of a host become media: each lesson once, with an answer of its own, and no token of theirs anywhere."""

import json
from html import unescape
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from core.errors import Refused
from core.models import Job, RequestPace
from core.pace import held
from core.tenancy import organization_scope
from media_library.models import Import, ImportRow, Media, Publication, SourceAccount
from media_library.services.syncing import request_sync
from tests.media_library.recorded import account_at, one_stand_in, stand_in  # noqa: F401
from tests.media_library.test_host_messages import VTT

pytestmark = pytest.mark.usefixtures("account")
B = "/api/v1"
SYNC, ACCOUNT = "/api/v1/harbor/sources/whop/sync/", "/api/v1/harbor/sources/whop/account/"
TOKEN = "token-of-theirs"
MASTER = (
    '#EXTM3U\n#EXT-X-MEDIA:TYPE=SUBTITLES,LANGUAGE="en",NAME="English",URI="s.m3u8"\n'
    "#EXT-X-STREAM-INF:BANDWIDTH=1\nv.m3u8\n"
)


@pytest.fixture
def account(organization):
    with organization_scope(organization):
        return account_at("whop", api_key="key", account_id="biz_1")


def told(key, number=None, **more):
    """A lesson as it is read by itself; `number` is that of its video."""
    video = {
        "id": f"va_{key}", "asset_id": f"a{number}", "playback_id": None, "signed_playback_id": f"S{number}",
        "signed_video_playback_token": TOKEN, "signed_thumbnail_playback_token": TOKEN, "duration_seconds": 61,
        "status": "ready",
    }  # fmt: skip
    plain = {"id": key, "title": f"Lesson {key}", "content": "Hello", "lesson_type": "video", "visibility": "visible"}
    return {**plain, "order": 1, "video_asset": video if number else None, **more}


def school(*lessons):
    listed = [{name: one for name, one in lesson.items() if name != "video_asset"} for lesson in lessons]
    chapter = {"id": "chap_1", "title": "Start", "lessons": [{"id": lesson["id"]} for lesson in lessons]}
    return [
        {"path": f"{B}/courses", "json": {"data": [{"id": "c1", "title": "Tides"}], "page_info": {}}},
        {"path": f"{B}/courses/c1", "json": {"id": "c1", "chapters": [chapter]}},
        {"path": f"{B}/course_lessons", "json": {"data": listed, "page_info": {"has_next_page": False}}},
        *({"path": f"{B}/course_lessons/{lesson['id']}", "json": lesson} for lesson in lessons),
    ]


def synchronized(*options):
    """What the command tells of each lesson."""
    out = StringIO()
    call_command("sync_whop", "--organization", "harbor", "--json", *options, stdout=out)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    return [(line["lesson"], line["outcome"], line["code"]) for line in lines]


def library(organization):
    with organization_scope(organization):
        return list(Media.objects.order_by("pk"))


def test_lesson_becomes_media(stand_in, organization):  # noqa: F811
    stand_in.play(school(told("one", 1)))

    answers = synchronized()

    (media,) = library(organization)
    assert answers == [("one", "added", "")]
    assert (media.source, media.mux_playback_id, media.mux_asset_id, media.whop_lesson_id) == ("mux", "S1", "a1", "one")
    assert (media.title, media.description) == ("Lesson one", "Hello")
    with organization_scope(organization):
        assert [tag.name for tag in media.tags.all()] == ["Tides"]
        assert Job.objects.get(kind="describe_media").subject_id == media.pk


def test_second_time_changes_nothing(stand_in, organization):  # noqa: F811
    stand_in.play(school(told("one", 1), told("two", 2)))
    synchronized()
    before = [(one.pk, one.title, one.mux_playback_id) for one in library(organization)]

    answers = synchronized()

    assert answers == [("one", "unchanged", ""), ("two", "unchanged", "")]
    assert [(one.pk, one.title, one.mux_playback_id) for one in library(organization)] == before
    assert Job.objects.filter(kind="describe_media").count() == 2


def test_what_changed_there_changes_here_but_for_what_people_wrote(stand_in, organization):  # noqa: F811
    stand_in.play(school(told("one", 1), told("two", 2)))
    synchronized()
    with organization_scope(organization):
        Media.objects.filter(whop_lesson_id="two").update(title="Our own words")
    stand_in.play(school(told("one", 3, title="New name"), told("two", 2, title="New name")))

    answers = synchronized()

    found = {one.whop_lesson_id: (one.title, one.mux_playback_id) for one in library(organization)}
    assert answers == [("one", "updated", ""), ("two", "updated", "")]
    assert found == {"one": ("New name", "S3"), "two": ("Our own words", "S2")}
    assert Job.objects.filter(kind="describe_media").count() == 3  # the changed video is asked about


def test_each_lesson_that_brings_nothing_says_why(stand_in, organization):  # noqa: F811
    unready = told("unready", 4)
    unready["video_asset"]["status"] = "uploading"
    lessons = [
        told("hidden", 1, visibility="hidden"), told("text", lesson_type="text"), told("empty"), unready,
        told("elsewhere", embed_type="nowhere", embed_id="x"), told("odd", embed_type="youtube", embed_id="../x"),
        told("first", 5), told("second", 5),
    ]  # fmt: skip
    stand_in.play(school(*lessons))

    answers = synchronized()

    assert answers == [
        ("hidden", "skipped", "hidden"), ("text", "skipped", "no_video"), ("empty", "skipped", "no_video"),
        ("unready", "skipped", "not_ready"), ("elsewhere", "skipped", "unknown_host"),
        ("odd", "skipped", "unknown_host"), ("first", "added", ""), ("second", "skipped", "taken"),
    ]  # fmt: skip
    assert len(library(organization)) == 1


def test_video_of_another_host_comes_in_as_such(stand_in, organization):  # noqa: F811
    stand_in.play(school(told("tube", embed_type="youtube", embed_id="AAAAAAAAAA1")))

    first, second = synchronized(), synchronized()

    (media,) = library(organization)
    assert (first, second) == ([("tube", "added", "")], [("tube", "unchanged", "")])
    assert (media.source, media.youtube_video_id, media.title) == ("youtube", "AAAAAAAAAA1", "Lesson tube")


def test_archived_lesson_stays_archived(stand_in, organization):  # noqa: F811
    stand_in.play(school(told("one", 1)))
    synchronized()
    with organization_scope(organization):
        Media.objects.update(publication=Publication.ARCHIVED)

    assert synchronized() == [("one", "skipped", "archived")]


def test_dry_run_writes_nothing(stand_in, organization):  # noqa: F811
    stand_in.play(school(told("one", 1), told("tube", embed_type="youtube", embed_id="AAAAAAAAAA1")))

    answers = synchronized("--dry-run")

    assert answers == [("one", "added", ""), ("tube", "added", "")]
    assert (library(organization), Job.objects.count()) == ([], 0)


def test_command_says_in_words_what_it_did(stand_in):  # noqa: F811
    stand_in.play(school(told("one", 1), told("text", lesson_type="text")))
    out = StringIO()

    call_command("sync_whop", "--organization", "harbor", stdout=out)

    assert out.getvalue().splitlines() == [
        "added: Lesson one", "skipped: Lesson text It shows no video.", "1 added, 1 skipped.",
    ]  # fmt: skip


def test_command_keeps_its_answers_like_the_job_and_in_the_name_of_whoever_gave_the_key(
    stand_in, organization, alice, account  # noqa: F811
):  # fmt: skip
    with organization_scope(organization):
        SourceAccount.objects.filter(pk=account.pk).update(by=alice)
    stand_in.play(school(told("one", 1), told("text", lesson_type="text")))

    synchronized()

    with organization_scope(organization):
        rows = list(ImportRow.objects.order_by("position").values_list("facts__lesson", "state", "code", "batch__by"))
        assert rows == [("one", "added", "", alice.pk), ("text", "refused", "no_video", alice.pk)]
        assert Media.objects.get().creator == alice


def busy(key, **answer):
    return {"path": f"{B}/course_lessons/{key}", "status": 429, **answer}


def test_command_goes_on_after_a_short_pause_where_it_was(stand_in, organization):  # noqa: F811
    answering = school(told("one", 1), told("two", 2))
    stand_in.play([*answering[:-1], busy("two", headers={"Retry-After": "1"}), answering[-1]])

    answers = synchronized()

    assert answers == [("one", "added", ""), ("two", "added", "")]
    assert len([line for line in stand_in.asked if "/course_lessons/one" in line]) == 1
    with organization_scope(organization):
        assert list(ImportRow.objects.order_by("pk").values_list("batch__name", "position")) == [
            ("Whop", 1),
            ("Whop", 2),
        ]
        assert Import.objects.count() == 1


def test_command_does_not_wait_for_hours_and_others_rest_meanwhile(stand_in, organization):  # noqa: F811
    answering = school(told("one", 1))
    stand_in.play([*answering[:-1], busy("one", headers={"Retry-After": "7200"})])

    with pytest.raises(CommandError, match="Whop asks for a pause"):
        synchronized()

    with organization_scope(organization):
        assert 7100 < held(f"whop:{organization.pk}") <= 7200
        assert Import.objects.count() == 0


def test_failed_sync_is_told_on_the_page_and_by_the_api_and_leaves_no_import(  # noqa: PLR0913
    stand_in, organization, alice, client_of, work_off  # noqa: F811
):  # fmt: skip
    stand_in.play([{"path": f"{B}/courses", "status": 401}])
    client = client_of(alice)
    before = client.get(ACCOUNT).json()["sync"]

    started = client.post(SYNC)
    work_off()

    page = client.get(reverse("back_office_source", args=["whop"])).content.decode()
    found = client.get(ACCOUNT).json()["sync"]
    assert (before, started.status_code, started.json()["sync"]["state"]) == (None, 202, "queued")
    assert (found["id"], found["state"], found["code"]) == (started.json()["sync"]["id"], "failed", "auth_invalid")
    assert found["message"].startswith("Whop refused the credentials.")
    assert ("<strong>Failed</strong>" in page, found["message"] in unescape(page)) == (True, True)
    with organization_scope(organization):
        assert Import.objects.count() == 0


def test_page_leads_to_what_became_of_each_lesson(stand_in, organization, alice, client_of, work_off):  # noqa: F811
    stand_in.play([*school(told("one", 1)), {"path": "/S1.m3u8", "text": MASTER}])
    client = client_of(alice)
    client.post(reverse("back_office_source_sync", args=["whop"]))
    work_off()

    page = client.get(reverse("back_office_source", args=["whop"])).content.decode()

    with organization_scope(organization):
        batch = Import.objects.get()
    assert f'href="{reverse("admin:media_library_media_import_result", args=[batch.pk])}"' in page
    assert "<strong>Done</strong>" in page


def test_lessons_are_read_for_owners_of_the_organization(bob, charlie, client_of):
    answers = [client_of(bob).post(SYNC), client_of(charlie).post(SYNC),
               client_of(charlie).post(SYNC.replace("harbor", "summit"))]  # fmt: skip

    assert [answer.status_code for answer in answers] == [403, 404, 404]
    assert Job.objects.filter(kind="sync_lessons").count() == 0


def test_source_without_lessons_says_so_at_each_door(scope, alice, client_of):
    account_at("vimeo", token="t")
    client = client_of(alice)

    answer = client.post(SYNC.replace("whop", "vimeo"))
    page = client.post(reverse("back_office_source_sync", args=["vimeo"]), follow=True)

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "no_lessons")
    assert "This source has no lessons." in page.content.decode()


def test_command_fails_with_the_words_of_the_host(stand_in):  # noqa: F811
    stand_in.play([{"path": f"{B}/courses", "status": 401}])

    with pytest.raises(CommandError, match="Whop refused the credentials"):
        synchronized()


def test_button_puts_one_job_whose_answers_stand_in_an_import(  # noqa: PLR0913
    stand_in, organization, alice, account, work_off  # noqa: F811
):  # fmt: skip
    stand_in.play([*school(told("one", 1), told("text", lesson_type="text")), {"path": "/S1.m3u8", "text": MASTER}])
    with organization_scope(organization):
        jobs = {request_sync(account, by=alice).pk for _ in range(2)}

    work_off()

    with organization_scope(organization):
        rows = [(row.facts["lesson"], row.state, row.code) for row in ImportRow.objects.order_by("position")]
        batch = ImportRow.objects.first().batch
        media = Media.objects.get()
    assert len(jobs) == 1
    assert rows == [("one", "added", ""), ("text", "refused", "no_video")]
    assert (batch.by, batch.name, batch.pk, media.creator) == (alice, "Whop", jobs.pop(), alice)


def test_lesson_is_described_and_its_words_are_read(stand_in, organization, work_off):  # noqa: F811
    playlists = [
        {"path": "/S1.m3u8", "query": {"token": TOKEN}, "text": MASTER},
        {"path": "/s.m3u8", "text": "#EXTM3U\n#EXTINF:6,\nw.vtt\n#EXT-X-ENDLIST\n"},
        {"path": "/w.vtt", "text": VTT},
    ]
    stand_in.play([*school(told("one", 1)), *playlists])
    synchronized()

    work_off()

    (media,) = library(organization)
    with organization_scope(organization):
        words = list(media.transcript.cues.values_list("text", flat=True))
    assert (media.is_playable, media.duration, words) == (True, 61.0, ["Good morning"])


def test_no_token_of_theirs_is_kept_anywhere(stand_in, organization, account, work_off, caplog):  # noqa: F811
    stand_in.play([*school(told("one", 1)), {"path": "/S1.m3u8", "text": MASTER}])
    with organization_scope(organization):
        request_sync(account, by=None)

    work_off()

    assert len(library(organization)) == 1
    assert [table for table in connection.introspection.table_names() if holds(table, TOKEN)] == []
    assert TOKEN not in caplog.text


def test_after_a_pause_what_was_read_is_not_read_again(stand_in, organization, account, work_off):  # noqa: F811
    one, two = told("one", 1), told("two", 2)
    busy = {
        "path": f"{B}/course_lessons/two",
        "status": 429,
        "json": {"error": {"message": "Try again in 12 seconds."}},
    }
    answering = school(one, two)
    stand_in.play([*answering[:-1], busy, answering[-1]])
    with organization_scope(organization):
        job = request_sync(account, by=None)

    work_off()
    job.refresh_from_db()
    waiting = job.state, job.error_code, job.error_message
    Job.objects.filter(pk=job.pk).update(available_at=job.created_at)
    RequestPace.objects.update(held_until=None)  # twelve seconds later
    work_off()

    asked = [line for line in stand_in.asked if "/course_lessons/one" in line]
    job.refresh_from_db()
    assert waiting == ("queued", "rate_limited", "Whop asks for a pause. It goes on by itself.")
    assert job.state == "succeeded"
    assert {media.whop_lesson_id for media in library(organization)} == {"one", "two"}
    assert len(asked) == 1


def test_host_without_lessons_has_none_to_synchronize(scope, alice):
    from_elsewhere = SourceAccount.objects.create(source="vimeo", sealed="")

    with pytest.raises(Refused) as refusal:
        request_sync(from_elsewhere, by=alice)

    assert refusal.value.code == "no_lessons"


def holds(table, text):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table} t WHERE t::text LIKE %s)", [f"%{text}%"])  # noqa: S608
        return cursor.fetchone()[0]
