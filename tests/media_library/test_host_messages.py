"""Messages of hosts: each takes effect once, in whatever order and however often it comes; forged ones never."""

import hashlib
import hmac
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from core.models import Job
from core.tenancy import every_organization, organization_scope
from media_library.models import HostMessage, Media, Publication, Transcript
from media_library.services.messages import MOST_BYTES, forget_messages
from tests.media_library.recorded import account_at, one_stand_in, stand_in  # noqa: F401

SECRET = "whsec_example"
COPIES = 3


@pytest.fixture
def account(organization):
    with organization_scope(organization):
        return account_at("mux", webhook_secret=SECRET, token_id="tok", token_secret="sec")


def media_of(organization, number=1, **fields):
    keys = {"mux_playback_id": f"PB{number}", "mux_asset_id": f"as{number}"}
    with organization_scope(organization):
        return Media.objects.create(source="mux", title=f"Talk {number}", **{**keys, **fields})


def message(key="ev1", kind="video.asset.ready", **data):
    return json.dumps({"id": key, "type": kind, "data": data or {"id": "as1"}}).encode()


def sent(account, body, *, at=None, secret=SECRET, slug="harbor"):
    """What the host's own server would do."""
    stamp = int(time.time() if at is None else at)
    signature = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return Client(enforce_csrf_checks=True).post(
        f"/api/v1/{slug}/sources/{account.pk}/messages/", body, content_type="application/json",
        headers={"Mux-Signature": f"t={stamp},v1={signature}"},
    )  # fmt: skip


def effects(organization):
    """Messages kept, and questions put in line."""
    with organization_scope(organization):
        return HostMessage.objects.count(), Job.objects.filter(kind="describe_media").count()


def code_of(answer):
    return answer.status_code, answer.json()["error"]["code"]


def test_message_asks_its_host_about_the_media_it_names(account, organization):
    media = media_of(organization)

    answer = sent(account, message())

    assert (answer.status_code, answer.json()) == (200, {"state": "taken"})
    job = Job.objects.get(kind="describe_media")
    assert (job.subject_id, job.organization_id) == (media.pk, organization.pk)


def test_shuffled_copies_have_one_effect_each(account, organization):
    for number in (1, 2, 3):
        media_of(organization, number)
    bodies = [message(f"ev{number}", id=f"as{number}") for number in (1, 2, 3)] * COPIES
    random.Random(5).shuffle(bodies)

    answers = [sent(account, body).json()["state"] for body in bodies]

    assert (answers.count("taken"), answers.count("known")) == (3, 6)
    assert effects(organization) == (3, 3)


def test_messages_about_one_media_wait_together(account, organization):
    media_of(organization)
    kinds = ["video.asset.created", "video.asset.ready", "video.asset.updated", "video.asset.track.ready"]

    for number, kind in enumerate(kinds):
        sent(account, message(f"ev{number}", kind, id="t1", asset_id="as1", playback_ids=[{"id": "PB1"}]))

    assert effects(organization) == (4, 1)


def test_message_after_the_question_was_asked_asks_anew(account, organization):
    media_of(organization)
    sent(account, message("ev1"))
    Job.objects.update(state="succeeded")

    sent(account, message("ev1"))
    sent(account, message("ev2"))

    assert effects(organization) == (2, 2)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"secret": "whsec_other"}, (403, "message_forged")),
        ({"at": time.time() - 3600}, (400, "message_stale")),
        ({"at": time.time() + 3600}, (400, "message_stale")),
    ],
    ids=["forged", "stale", "future"],
)
def test_message_that_is_not_believed_leaves_nothing(changes, refusal, account, organization):
    media_of(organization)

    answer = sent(account, message(), **changes)

    assert code_of(answer) == refusal
    assert effects(organization) == (0, 0)


def test_forged_message_does_not_take_the_name_of_a_true_one(account, organization):
    media_of(organization)
    sent(account, message(), secret="whsec_other")

    answer = sent(account, message())

    assert answer.json() == {"state": "taken"}
    assert effects(organization) == (1, 1)


def test_what_is_signed_and_no_message_is_refused(account, organization):
    assert code_of(sent(account, b"[]")) == (400, "message_unreadable")
    assert code_of(sent(account, b" " * (MOST_BYTES + 1))) == (413, "message_too_large")
    assert effects(organization) == (0, 0)


@pytest.mark.parametrize(
    "body", [message(kind="video.unheard_of"), message(id="as9"), b'{"id":"ev1","type":"video.asset.ready"}']
)
def test_message_about_nothing_here_is_taken_and_changes_nothing(body, account, organization):
    media_of(organization)

    answer = sent(account, body)

    assert answer.status_code == 200
    assert effects(organization) == (1, 0)


def test_archived_media_is_not_asked_about(account, organization):
    media_of(organization, publication=Publication.ARCHIVED)

    sent(account, message())

    assert effects(organization) == (1, 0)


def test_account_of_another_organization_is_nowhere(account, organization, other_organization):
    theirs = media_of(other_organization)

    answers = [sent(account, message(), slug="summit"), sent(theirs, message()), sent(account, message(), slug="x")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert effects(organization) == (0, 0)


def test_media_of_another_organization_is_left_alone(account, organization, other_organization):
    media_of(other_organization)

    sent(account, message())

    assert effects(organization) == (1, 0)


def test_account_of_a_host_without_messages_has_no_such_address(organization):
    with organization_scope(organization):
        account = account_at("vimeo", token="t")

    assert code_of(sent(account, message())) == (404, "unknown_account")


def test_address_is_for_posting_only(account):
    assert Client().get(f"/api/v1/harbor/sources/{account.pk}/messages/").status_code == 405


def test_old_messages_are_forgotten(account, organization):
    with organization_scope(organization):
        for age in (1, 29, 31, 90):
            kept = HostMessage.objects.create(account=account, key=str(age), type="t")
            old = timezone.now() - timedelta(days=age)
            HostMessage.objects.filter(pk=kept.pk).update(received_at=old)

    with every_organization(reason="as its job runs"):
        gone = forget_messages()

    with organization_scope(organization):
        left = sorted(HostMessage.objects.values_list("key", flat=True))
    assert (gone, left) == (2, ["1", "29"])


@pytest.mark.django_db(transaction=True)
def test_copies_at_the_same_moment_have_one_effect(account, organization):
    media_of(organization)
    together = Barrier(4)

    def send(_number):
        together.wait(timeout=10)
        state = sent(account, message()).json()["state"]
        connection.close()
        return state

    with ThreadPoolExecutor(4) as threads:
        states = sorted(threads.map(send, range(4)))

    assert states == ["known", "known", "known", "taken"]
    assert effects(organization) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_different_messages_about_one_media_at_the_same_moment_put_one_question(account, organization):
    media_of(organization)
    together = Barrier(4)

    def send(number):
        together.wait(timeout=10)
        state = sent(account, message(f"ev{number}")).json()["state"]
        connection.close()
        return state

    with ThreadPoolExecutor(4) as threads:
        states = list(threads.map(send, range(4)))

    assert states == ["taken"] * 4
    assert effects(organization) == (4, 1)


VTT = "WEBVTT\n\n00:00.000 --> 00:01.000\nGood morning\n"


def playing(*tracks, status="ready"):
    """What the API says of the asset."""
    playback = {"id": "PB1", "policy": "public", "object": {"id": "as1", "type": "asset"}}
    asset = {"id": "as1", "status": status, "duration": 61.5, "meta": {"title": "Tides"}, "tracks": list(tracks)}
    return [
        {"path": "/video/v1/playback-ids/PB1", "json": {"data": playback}},
        {"path": "/video/v1/assets/as1", "json": {"data": asset}},
        {"path": "/PB1/text/t3.vtt", "text": VTT},
    ]


def text_track(status):
    return {"id": "t3", "type": "text", "text_source": "generated_vod", "language_code": "en", "status": status}


def test_captions_that_come_later_are_read(account, organization, stand_in, work_off):  # noqa: F811
    media = media_of(organization)
    stand_in.play(playing())
    sent(account, message("ev1"))
    work_off()
    with organization_scope(organization):
        before = Media.objects.get(pk=media.pk).is_playable, Transcript.objects.count()

    stand_in.play(playing(text_track("ready")))
    sent(account, message("ev2", "video.asset.track.ready", id="t3", asset_id="as1"))
    work_off()

    with organization_scope(organization):
        words = list(Transcript.objects.get().cues.values_list("text", flat=True))
    assert before == (True, 0)
    assert words == ["Good morning"]


def test_deleted_asset_does_not_play_any_more(account, organization, stand_in, work_off):  # noqa: F811
    media = media_of(organization, described_at=timezone.now())
    stand_in.play([])  # nobody knows it there

    sent(account, message("ev1", "video.asset.deleted"))
    work_off()

    with organization_scope(organization):
        assert Media.objects.get(pk=media.pk).is_playable is False
    assert Job.objects.get(kind="describe_media").error_code == "not_found"


def test_order_of_messages_makes_no_difference(account, organization, stand_in, work_off):  # noqa: F811
    media = media_of(organization)
    stand_in.play(playing(text_track("ready")))

    for number, kind in enumerate(["video.asset.track.ready", "video.asset.ready", "video.asset.created"]):
        sent(account, message(f"ev{number}", kind, id="as1", asset_id="as1"))
    work_off()

    with organization_scope(organization):
        media.refresh_from_db()
        assert (media.is_playable, media.duration, Transcript.objects.count()) == (True, 61.5, 1)
