"""Addresses that a host gives out for a while: for the session that asked, once, and nowhere else."""

import time

import jwt
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken
from accounts.services.tokens import create_token
from core.models import Job, RequestPace
from core.pace import held, hold
from core.tenancy import organization_scope
from media_library.models import Media, Publication, Source
from tests.conftest import member
from tests.media_library.recorded import account_at, one_stand_in, stand_in  # noqa: F401
from tests.media_library.test_lessons import holds

OPEN_FOR = 36_000  # seconds: longer than any run of the tests takes
TOKEN = jwt.encode({"exp": int(time.time()) + OPEN_FOR}, "k" * 32)


@pytest.fixture(autouse=True)
def nothing_kept(db):
    cache.clear()


@pytest.fixture
def lesson(organization, alice):
    """One that alice may watch."""
    with organization_scope(organization):
        account_at("whop", api_key="key", account_id="biz_1")
        return Media.objects.create(
            source=Source.MUX, mux_playback_id="S1", whop_lesson_id="one", title="Tides", duration=61,
            publication=Publication.PUBLISHED, described_at=timezone.now(), creator=alice,
        )  # fmt: skip


def answering(**changes):
    video = {"signed_playback_id": "S1", "signed_video_playback_token": TOKEN, "status": "ready", **changes}
    return [{"path": "/api/v1/course_lessons/one", "json": {"id": "one", "title": "T", "video_asset": video}}]


def address(media, slug="harbor"):
    return f"/api/v1/{slug}/media/{media.pk}/playback/"


def code_of(answer):
    return answer.status_code, answer.json()["error"]["code"]


def test_address_is_fetched_by_a_job_and_taken_once(stand_in, lesson, alice, client_of, work_off):  # noqa: F811
    stand_in.play(answering())
    client = client_of(alice)

    asked = client.post(address(lesson))
    waiting = client.get(address(lesson))
    work_off()
    taken = client.get(address(lesson))
    again = client.get(address(lesson))

    assert (asked.status_code, asked.json()) == (202, {"state": "waiting"})
    assert (waiting.status_code, waiting.json()) == (202, {"state": "waiting"})
    assert taken.json()["hls_url"] == f"{stand_in.origin}/S1.m3u8?token={TOKEN}"
    assert OPEN_FOR / 2 < taken.json()["seconds"] <= OPEN_FOR
    assert taken["Cache-Control"] == "no-store"
    assert code_of(again) == (409, "not_asked")


def test_request_itself_asks_no_host(stand_in, lesson, alice, client_of):  # noqa: F811
    client = client_of(alice)

    client.post(address(lesson))
    client.get(address(lesson))

    assert stand_in.asked == []


def test_asking_twice_is_one_question(stand_in, lesson, alice, client_of, work_off):  # noqa: F811
    stand_in.play(answering())
    client = client_of(alice)

    for _ in range(3):
        client.post(address(lesson))
    work_off()

    assert len(stand_in.asked) == 1


def test_when_it_has_run_out_it_is_asked_for_again(stand_in, lesson, alice, client_of, work_off):  # noqa: F811
    stand_in.play(answering())
    client = client_of(alice)

    for _ in range(2):
        client.post(address(lesson))
        work_off()
        assert client.get(address(lesson)).status_code == 200

    assert len(stand_in.asked) == 2


def test_nobody_else_and_no_other_session_takes_it(  # noqa: PLR0913
    stand_in, lesson, alice, organization, client_of, work_off  # noqa: F811
):  # fmt: skip
    stand_in.play(answering())
    colleague = member("carla@harbor.test", organization, "creator")
    client = client_of(alice)
    client.post(address(lesson))
    work_off()

    others = [client_of(alice).get(address(lesson)), client_of(colleague).get(address(lesson))]

    assert [code_of(answer) for answer in others] == [(409, "not_asked")] * 2
    assert client.get(address(lesson)).status_code == 200


def test_token_of_a_program_asks_for_itself(stand_in, lesson, alice, work_off):  # noqa: F811
    stand_in.play(answering())
    _, secret = create_token(alice.memberships.get(), name="x", scopes=["learning:write"])
    headers = {"Authorization": f"Token {secret}"}

    Client().post(address(lesson), headers=headers)
    work_off()
    answer = Client().get(address(lesson), headers=headers)

    assert answer.json()["hls_url"] == f"{stand_in.origin}/S1.m3u8?token={TOKEN}"
    assert ApiToken.objects.count() == 1


def test_address_stands_in_no_table_no_job_and_no_log(  # noqa: PLR0913
    stand_in, lesson, alice, client_of, work_off, caplog  # noqa: F811
):  # fmt: skip
    stand_in.play(answering())
    client = client_of(alice)

    client.post(address(lesson))
    work_off()

    assert Job.objects.get(kind="read_playback").state == "succeeded"
    assert [table for table in connection.introspection.table_names() if holds(table, TOKEN)] == []
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("exchange", "code"),
    [({"status": 404}, "not_found"), ({"status": 401}, "auth_invalid"), ({"status": 429}, "rate_limited")],
)
def test_refusal_of_the_host_is_told_to_who_waits(exchange, code, stand_in, lesson, alice, client_of, work_off):  # noqa: F811, PLR0913
    stand_in.play([{**answering()[0], **exchange}])
    client = client_of(alice)
    client.post(address(lesson))
    work_off()

    answer = client.get(address(lesson))

    assert code_of(answer) == (502, code)
    assert Job.objects.get(kind="read_playback").state == "failed"


def test_a_pause_of_the_host_is_kept_and_told(stand_in, lesson, organization, alice, client_of, work_off):  # noqa: F811, PLR0913
    stand_in.play(answering())
    hold(f"whop:{organization.pk}", 300.0)
    client = client_of(alice)
    client.post(address(lesson))
    work_off()

    answer = client.get(address(lesson))

    assert (code_of(answer), stand_in.asked) == ((502, "rate_limited"), [])
    assert answer.json()["error"]["message"] == "Whop asks for a pause. It goes on by itself."


def test_a_pause_begins_here_too_and_each_request_counts(  # noqa: PLR0913
    stand_in, lesson, organization, alice, client_of, work_off  # noqa: F811
):  # fmt: skip
    stand_in.play([{**answering()[0], "status": 429, "headers": {"Retry-After": "300"}}])

    client_of(alice).post(address(lesson))
    work_off()

    assert (290 < held(f"whop:{organization.pk}") <= 300, RequestPace.objects.get(key="whop").requests) == (True, 1)


def test_media_of_a_host_that_needs_no_asking_answers_at_once(stand_in, organization, alice, client_of):  # noqa: F811
    with organization_scope(organization):
        media = Media.objects.create(
            source=Source.MUX, mux_playback_id="PB1", title="T", described_at=timezone.now(), creator=alice
        )

    answer = client_of(alice).post(address(media))

    assert (answer.status_code, answer.json()) == (200, {"hls_url": f"{stand_in.origin}/PB1.m3u8", "seconds": 86400})


def test_signed_media_without_a_key_says_what_is_missing(stand_in, organization, alice, client_of):  # noqa: F811
    facts = {"facts": {"policy": "signed", "duration": 61.5}}
    with organization_scope(organization):
        media = Media.objects.create(
            source=Source.MUX, mux_playback_id="PB1", title="T", described_at=timezone.now(), source_metadata=facts
        )

    assert code_of(client_of(alice).post(address(media))) == (409, "not_playable")


def test_what_no_host_has_an_address_for_is_refused(organization, alice, client_of):
    with organization_scope(organization):
        media = Media.objects.create(source=Source.UPLOAD, source_path="s", title="T")

    assert code_of(client_of(alice).post(address(media))) == (409, "not_hosted")


def test_who_may_not_watch_finds_nothing(lesson, organization, bob, charlie, client_of):
    with organization_scope(organization):
        Media.objects.update(publication=Publication.DRAFT)

    answers = [client_of(who).post(address(lesson)).status_code for who in (bob, charlie)]

    assert answers == [404, 404]
    assert Job.objects.filter(kind="read_playback").count() == 0
