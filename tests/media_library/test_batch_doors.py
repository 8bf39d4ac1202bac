"""Projects, their batches and the frames of them through the API, and what comes in with a batch."""

from base64 import b64encode
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Membership
from accounts.services.tokens import create_token
from core.models import Job
from core.models.job import JobState
from media_library.models import Frame, FrameExtraction, Media, Project, Upload, UploadBatch
from media_library.services.uploads import upload_media
from tests.courses.school import make_media
from tests.media_library.framing import make_batch

API = "/api/v1/harbor"


@pytest.fixture
def batch(scope, alice):
    return make_batch(by=alice)


@pytest.fixture
def api(client_of, alice):
    """Sends JSON as alice and answers what comes back."""
    client = client_of(alice)

    def send(method, path, body=None, *, status=200):
        address = path if path.startswith("http") else f"{API}/{path}"
        answer = getattr(client, method)(address, body, content_type="application/json")
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None

    return send


def code_of(answer):
    return answer["error"]["code"]


def test_project_is_made_filled_ordered_and_given_up(scope, api):
    project = api("post", "projects/", {"title": " Talks\n"}, status=201)
    batches = f"projects/{project['id']}/batches/"
    spring, summer = (api("post", batches, {"name": name}, status=201) for name in ("Spring", "Summer"))

    assert (project["title"], spring["position"], summer["position"]) == ("Talks", 1, 2)
    assert spring["folder"].startswith("spring-")
    assert code_of(api("post", batches, {"name": "Spring"}, status=400)) == "name_taken"
    assert code_of(api("post", batches, {"name": "x" * 51}, status=400)) == "name_too_long"
    assert code_of(api("post", batches, {"name": "  "}, status=400)) == "invalid"

    api("post", f"projects/{project['id']}/order/", {"batches": [summer["id"]]})
    assert [one["name"] for one in api("get", batches)["results"]] == ["Summer", "Spring"]
    other = api("post", "projects/", {"title": "Elsewhere"}, status=201)
    moved = api("patch", f"batches/{spring['id']}/", {"project": other["id"], "name": "Autumn", "date": "2026-01-02"})
    assert (moved["project"], moved["name"], moved["date"], moved["position"]) == (
        other["id"], "Autumn", "2026-01-02", 1,
    )  # fmt: skip
    assert moved["folder"] == spring["folder"]

    api("delete", f"projects/{other['id']}/", status=204)
    assert list(UploadBatch.objects.values_list("name", "position")) == [("Summer", 1)]


def test_projects_are_narrowed_and_ordered(scope, api):
    for title in ("Dunes", "Coast", "Alps"):
        Project.objects.create(title=title, description="At the sea" if title != "Alps" else "")

    found = [
        [one["title"] for one in api("get", f"projects/?{query}")["results"]]
        for query in ("", "q=sea", "q=sea+dunes", "ordering=created_at", "ordering=-title")
    ]

    assert found == [
        ["Alps", "Coast", "Dunes"], ["Coast", "Dunes"], ["Dunes"], ["Dunes", "Coast", "Alps"],
        ["Dunes", "Coast", "Alps"],
    ]  # fmt: skip
    assert code_of(api("get", "projects/?ordering=x", status=400)) == "invalid"


def test_batch_is_renamed_and_moved_at_once_or_not_at_all(batch, api, alice):
    make_batch("Summer", project=batch.project, by=alice)
    other = make_batch("Autumn", by=alice).project

    taken = api("patch", f"batches/{batch.pk}/", {"project": str(other.pk), "name": "Autumn"}, status=400)
    batch.refresh_from_db()
    assert (code_of(taken), batch.name, batch.position) == ("name_taken", "Spring", 1)

    moved = api("patch", f"batches/{batch.pk}/", {"project": str(other.pk), "name": "Summer", "position": 1})
    assert (moved["project"], moved["name"], moved["position"]) == (str(other.pk), "Summer", 1)
    rows = UploadBatch.objects.order_by("project__created_at", "position").values_list("name", "position")
    assert list(rows) == [("Summer", 1), ("Summer", 1), ("Autumn", 2)]


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
def test_days_that_are_slips_are_refused(batch, api, client_of, alice, day):
    batches, sent = f"projects/{batch.project_id}/batches/", {"name": "Summer", "date": day}
    page = "/admin/media_library/project/batches/new/"

    told = [api("post", batches, sent, status=400), api("patch", f"batches/{batch.pk}/", sent, status=400)]
    typed = client_of(alice).post(page, {**sent, "project": str(batch.project_id)}, follow=True)

    words = "Please give a day from 1900 to 2200."
    refusal = {"code": "date_outside", "message": words, "fields": {"date": [words]}}
    assert [one["error"] for one in told] == [refusal, refusal]
    assert words in typed.content.decode()
    assert [api("patch", f"batches/{batch.pk}/", {"date": day})["date"] for day in ("1900-01-01", "2200-12-31")] == [
        "1900-01-01", "2200-12-31",
    ]  # fmt: skip
    assert list(UploadBatch.objects.values_list("name", flat=True)) == ["Spring"]


def test_batch_tells_when_it_was_warned_of_and_when_it_goes(batch, api, alice, settings):
    make_batch("New", project=batch.project, by=alice)
    warned_at = timezone.now() - timedelta(days=1)
    UploadBatch.objects.filter(pk=batch.pk).update(empty_since=warned_at - timedelta(days=30), warned_at=warned_at)

    told = [
        (one["warned_at"], one["ends_at"]) for one in api("get", f"projects/{batch.project_id}/batches/")["results"]
    ]

    ends_at = warned_at + timedelta(days=settings.UNUSED_BATCH_NOTICE_DAYS)
    written = tuple(time.isoformat().replace("+00:00", "Z") for time in (warned_at, ends_at))
    assert (told[0], told[1][0]) == (written, None)


def test_standing_and_history_tell_how_it_goes(batch, api, alice):
    film = make_media("Ready")
    film.batch, film.size_bytes = batch, 1000
    film.save()
    failed = make_media("Broken", ready=False)
    failed.batch, failed.status = batch, "failed"
    failed.save()
    Frame.objects.create(batch=batch, media=film, second=1, path="frames/a.jpg", width=1, height=1, size_bytes=50)
    FrameExtraction.objects.create(batch=batch, media=film, mode="scenes", most=5, made=1, created_by=alice)
    ended = {"state": JobState.FAILED, "finished_at": batch.created_at, "error_message": "It is no film."}
    ended |= {"organization_id": batch.organization_id}
    Job.objects.create(kind="process_media", lane="long", subject_id=failed.pk, key="x", **ended)
    upload_media(ContentFile(b"x" * 20, name="new.mp4"), batch=batch, by=alice)
    purged = {"filename": "", "size_bytes": 9, "state": "accepted", "expires_at": batch.created_at}
    Upload.objects.create(owner=alice, batch=batch, **purged)

    told = api("get", f"batches/{batch.pk}/")["standing"]
    assert told == {
        "media": 3, "ready": 1, "processing": 1, "failed": 1, "arriving": 0, "percent": 33, "frames": 1,
        "media_bytes": 1020, "frame_bytes": 50,
    }  # fmt: skip
    history = api("get", f"projects/{batch.project_id}/history/")
    assert history["count"] == 5
    assert [(one["event"], one["who"], one["about"], one["state"], one["told"]) for one in history["results"]] == [
        ("uploaded", "Alice", "new.mp4", "checking", "Checking"),
        ("frames", "Alice", "Ready", "succeeded", "where the picture changes, 1 frame"),
        ("added", "", "Broken", "failed", "Failed"),
        ("added", "", "Ready", "completed", "Ready"),
        ("failed", "", "Broken", "failed", "It is no film."),
    ]
    assert [one["count"] for one in history["results"]] == [None, 1, None, None, None]


def test_uploads_and_addresses_come_into_a_batch(batch, api, alice, client_of):
    told = api("post", "uploads/", {"filename": "a.mp4", "size": 9, "batch": str(batch.pk)}, status=201)
    assert told["batch"] == str(batch.pk)
    assert code_of(api("delete", f"batches/{batch.pk}/?with_frames=true", status=409)) == "under_way"

    words = ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in
                     {"filename": "b.mp4", "batch": str(batch.pk)}.items())  # fmt: skip
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "9", "Upload-Metadata": words}
    assert client_of(alice).post(f"{API}/uploads/", headers=headers).status_code == 201
    assert set(Upload.objects.values_list("batch", flat=True)) == {batch.pk}
    media = upload_media(ContentFile(b"x" * 20, name="c.mp4"), batch=batch, by=alice)
    hosted = {"url": "https://www.youtube.com/watch?v=abcdefghijk", "batch": str(batch.pk)}
    api("post", "media/", hosted, status=201)

    listed = api("get", f"media/?batch={batch.pk}")["results"]
    assert {one["batch"] for one in listed} == {str(batch.pk)}
    assert (len(listed), api("get", f"media/?project={batch.project_id}")["count"]) == (2, 2)
    assert api("patch", f"media/{media.pk}/", {"batch": None})["batch"] is None
    assert api("get", f"media/?batch={batch.pk}")["count"] == 1


def test_batches_of_media_are_for_makers(batch, api, client_of, bob):
    inside, outside = make_media("Inside"), make_media("Outside")
    Media.objects.update(publication="published")
    Media.objects.filter(pk=inside.pk).update(batch=batch)
    learner, filters = client_of(bob), (f"batch={batch.pk}", f"project={batch.project_id}")

    listed = [learner.get(f"{API}/media/?{query}").json()["results"] for query in ("", *filters)]
    told = [learner.get(f"{API}/media/{inside.pk}/").json()["batch"], api("get", f"media/{inside.pk}/")["batch"]]

    assert [{one["id"]: one["batch"] for one in page} for page in listed] == [
        {str(inside.pk): None, str(outside.pk): None}
    ] * 3
    assert (told, api("get", f"media/?{filters[0]}")["count"]) == ([None, str(batch.pk)], 1)


def test_frames_are_asked_for_and_told_of(batch, api, alice, client):
    film = make_media("Film", seconds=100)
    film.rendition.rungs = [{"name": "360p", "width": 640, "height": 360}]
    film.rendition.save()
    address, body = f"media/{film.pk}/extractions/", {"batch": str(batch.pk), "mode": "every", "interval": 10}

    _, secret = create_token(Membership.objects.get(user=alice), name="program", scopes=["media:read"])
    token = {"Authorization": f"Token {secret}"}

    told = client.get(f"{API}/{address}estimate/", body, headers=token)
    nonsense = client.get(f"{API}/{address}estimate/", {**body, "mode": "x"}, headers=token).json()
    assert told.json() == {
        "most": 10, "there": 0, "left": 100, "words": "At most 10 frames; the batch takes 100 more.",
    }  # fmt: skip
    assert (code_of(nonsense), list(nonsense["error"]["fields"])) == ("invalid", ["mode"])
    refused = api("post", address, {**body, "interval": 0.5}, status=409)
    assert (code_of(refused), list(refused["error"]["fields"])) == ("too_many_frames", ["interval"])
    made = api("post", address, body, status=202)
    assert (made["most"], made["progress"]["state"]) == (10, "queued")
    assert [one["id"] for one in api("get", address)["results"]] == [made["id"]]
    counts = {state: api("get", f"{address}?state={state}")["count"] for state in ("queued", "cancelled", "succeeded")}
    assert counts == {"queued": 1, "cancelled": 0, "succeeded": 0}
    api("delete", f"extractions/{made['id']}/", status=204)
    assert [api("get", f"{address}?state={state}")["count"] for state in ("queued", "cancelled")] == [0, 1]
    assert code_of(api("get", f"{address}?state=x", status=400)) == "invalid"
    assert api("get", f"extractions/{made['id']}/")["progress"]["state"] == "cancelled"
    assert code_of(api("delete", f"extractions/{made['id']}/", status=409)) == "nothing_to_cancel"
    Job.objects.all().delete()  # as they are forgotten some day
    assert api("get", f"{address}?state=succeeded")["count"] == 1


def test_strangers_and_learners_reach_nothing(batch, client_of, bob, charlie):
    film = make_media("Film")
    mine = FrameExtraction.objects.create(batch=batch, media=film, mode="scenes", most=5)
    addresses = [
        f"projects/{batch.project_id}/", f"projects/{batch.project_id}/history/", f"batches/{batch.pk}/",
        f"extractions/{mine.pk}/", f"media/{film.pk}/extractions/",
    ]  # fmt: skip

    for address in addresses:
        assert client_of(bob).get(f"{API}/{address}").status_code == 403
        assert client_of(charlie).get(f"{API}/{address}").status_code == 404
        assert client_of(charlie).get(f"/api/v1/summit/{address}").status_code == 404
    sent = {"filename": "a.mp4", "size": 9, "batch": str(batch.pk)}
    answer = client_of(charlie).post("/api/v1/summit/uploads/", sent, content_type="application/json")
    assert answer.status_code == 404
    assert (Upload.objects.count(), Project.objects.count(), Media.objects.count()) == (0, 1, 1)
