"""Uploads as JSON: begun, listed, given captions; and how their check settles them."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.errors import Refused
from core.jobs import enqueue
from core.models import Job
from core.tenancy import organization_scope
from courses.models import ContentItem, ItemType
from courses.services.authoring import add_chapter, add_item, create_course
from media_library.models import Media, Rendition, Source, Upload, UploadState
from media_library.services.expiring import expire_uploads
from media_library.services.publishing import archive_media
from media_library.services.purging import purge_media
from media_library.services.settling import duplicate_of, settle_accepted, settle_duplicate, settle_refused
from media_library.services.site import change_site_configuration
from media_library.services.uploads import Announced, end_open_upload, finish_upload, start_upload, upload_media
from media_library.storage import sidecar_name

LIST = "/api/v1/harbor/uploads/"
VTT = b"WEBVTT\n\n00:00.500 --> 00:01.500\nGood evening\n"
SRT = b"1\n00:00:00,500 --> 00:00:01,500\nGood evening\n"
SHA = "a" * 64


@pytest.fixture
def client(alice, client_of):
    return client_of(alice)


def post(client, body, path=LIST):
    return client.post(path, json.dumps(body), content_type="application/json")


def code_of(response):
    return response.status_code, response.json()["error"]["code"]


def file_of(size=1000, name="talk.mp4"):
    return SimpleUploadedFile(name, b"x" * size)


def uploads(organization, owner, count, **fields):
    later = timezone.now() + timedelta(days=1)
    facts = {"size_bytes": 10, "method": "tus", "expires_at": later, **fields}
    with organization_scope(organization):
        return Upload.objects.bulk_create(
            Upload(owner=owner, filename=f"{n}.mp4", storage_path="s", **facts) for n in range(count)
        )


def test_upload_is_begun_as_json(client, alice):
    answer = post(client, {"filename": "talk.mp4", "size": 100, "title": "Tides", "fingerprint": "f"})

    begun = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, begun["url"])
    facts = {name: begun[name] for name in ("method", "state", "received", "size", "title", "media", "part_size")}
    assert facts == {
        "method": "tus", "state": "receiving", "received": 0, "size": 100, "title": "Tides", "media": None,
        "part_size": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "status", "code", "fields"),
    [
        ({"size": 1}, 400, "invalid", ["filename"]),
        ({"filename": "a", "size": "x"}, 400, "invalid", ["size"]),
        ({"filename": "a", "size": 0}, 400, "empty_file", ["file"]),
        ({"filename": "a", "size": 3 * 1024**3}, 413, "file_too_large", ["file"]),
        ({"filename": "a", "size": 1, "sha256": "g" * 64}, 400, "invalid_checksum", []),
    ],
)
def test_refusals_have_the_one_shape(client, body, status, code, fields):
    answer = post(client, body)

    assert (code_of(answer), list(answer.json()["error"]["fields"])) == ((status, code), fields)


def test_full_disk_takes_no_upload(client, settings):
    settings.DISK_RESERVE_BYTES = 2**62

    assert code_of(post(client, {"filename": "a", "size": 1})) == (507, "no_space")


def test_list_shows_ones_own_newest_first(client, organization, alice, bob):
    uploads(organization, bob, 1)
    uploads(organization, alice, 2)

    listed = client.get(LIST).json()

    assert [one["filename"] for one in listed["results"]] == ["1.mp4", "0.mp4"]


@pytest.mark.parametrize(
    ("query", "count"), [("", 3), ("state=receiving", 2), ("state=expired", 1), ("fingerprint=f", 1)]
)
def test_list_is_filtered(client, organization, alice, query, count):
    uploads(organization, alice, 1, fingerprint="f")
    uploads(organization, alice, 1)
    uploads(organization, alice, 1, state="expired")

    assert client.get(f"{LIST}?{query}").json()["count"] == count


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_five_statements(client, organization, alice, count, django_assert_num_queries):
    uploads(organization, alice, count)
    with django_assert_num_queries(5):  # session, person, membership, count, page
        client.get(LIST)


def test_allowance_is_told(client, organization, alice):
    uploads(organization, alice, 3)

    told = client.get(f"{LIST}allowance/").json()

    assert {name: told[name] for name in ("used", "allowed", "left", "largest_file")} == {
        "used": 30, "allowed": 4 * 1024**3, "left": 4 * 1024**3 - 30, "largest_file": 2 * 1024**3,
    }  # fmt: skip


def test_upload_that_is_continued_while_others_expire_goes_on(scope, organization, alice):
    [upload] = uploads(organization, alice, 1)

    ended = end_open_upload(upload, UploadState.EXPIRED, expires_at__lt=timezone.now())

    assert (ended, Upload.objects.get().state) == (False, "receiving")


def test_uploads_nobody_continued_expire(scope, organization, alice, client):
    [old] = uploads(organization, alice, 1, expires_at=timezone.now() - timedelta(seconds=1))
    uploads(organization, alice, 1)

    counts = expire_uploads(), expire_uploads()

    assert (counts, client.get(f"{LIST}{old.pk}/").json()["state"]) == ((1, 0), "expired")
    head = client.head(f"{LIST}{old.pk}/", headers={"Tus-Resumable": "1.0.0"})
    assert head.status_code == 410


def test_new_files_go_where_the_site_says(scope, alice, settings):
    change_site_configuration(by=alice, storage_prefix="archive/2026")

    media = upload_media(file_of(), by=alice)

    assert media.source_path.startswith(f"archive/2026/{media.organization_id}/{media.pk}/source/")
    assert (settings.MEDIA_ROOT / media.source_path).stat().st_size == 1000


def test_finished_upload_is_finished_once(scope, alice):
    media = upload_media(file_of(), by=alice)
    upload = Upload.objects.get()

    assert (finish_upload(upload), Job.objects.count(), upload.pk) == (media, 1, media.pk)


# Captions


@pytest.mark.parametrize("body", [VTT, SRT])
def test_captions_are_taken_before_the_file_is_there(client, scope, alice, settings, body):
    upload = start_upload(Announced("a.mp4", 10), by=alice)

    answer = client.put(f"{LIST}{upload.pk}/captions/", body, content_type="text/vtt")

    stored = settings.MEDIA_ROOT / sidecar_name(upload.organization_id, upload.pk)
    assert (answer.status_code, answer.json(), b"Good evening" in stored.read_bytes()) == (200, {"cues": 1}, True)


def test_captions_of_a_form_replace_those_before(client, scope, alice, settings):
    upload = start_upload(Announced("a.mp4", 10), by=alice)
    path = f"{LIST}{upload.pk}/captions/"
    client.put(path, VTT, content_type="text/vtt")

    body = b'--x\r\nContent-Disposition: form-data; name="captions"; filename="a.vtt"\r\n\r\n%s\r\n--x--\r\n'
    answer = client.put(
        path, body % VTT.replace(b"evening", b"morning"), content_type="multipart/form-data; boundary=x"
    )

    stored = settings.MEDIA_ROOT / sidecar_name(upload.organization_id, upload.pk)
    assert (answer.status_code, b"Good morning" in stored.read_bytes()) == (200, True)


def test_captions_after_the_end_are_read(client, scope, alice):
    media = upload_media(file_of(), by=alice)
    media.rendition = Rendition.objects.create(media=media, folder="f")
    media.save()

    client.put(f"{LIST}{media.pk}/captions/", VTT, content_type="text/vtt")

    assert Job.objects.filter(kind="transcribe_media", subject_id=media.pk).count() == 1


@pytest.mark.parametrize(
    ("state", "body", "expected"),
    [("receiving", b"no", (400, "captions_unreadable")), ("cancelled", VTT, (410, "upload_ended"))],
)
def test_captions_are_refused(client, organization, alice, state, body, expected):
    [upload] = uploads(organization, alice, 1, state=state)

    assert code_of(client.put(f"{LIST}{upload.pk}/captions/", body, content_type="text/vtt")) == expected


def test_captions_for_what_was_purged_are_refused(client, scope, alice, settings):
    media = upload_media(file_of(), by=alice)
    archive_media(media, by=alice)
    purge_media(media, by=alice)

    answer = client.put(f"{LIST}{media.pk}/captions/", VTT, content_type="text/vtt")

    assert code_of(answer) == (410, "upload_ended")


def test_unreadable_captions_leave_nothing_behind(scope, alice, settings):
    with pytest.raises(Refused):
        upload_media(file_of(), captions=SimpleUploadedFile("a.vtt", b"no"), by=alice)

    assert (Upload.objects.count(), list(settings.MEDIA_ROOT.rglob("*"))) == (0, [])


# Settling


@pytest.fixture
def twice(scope, alice):
    """Two uploads; the first is in the library already."""
    first, second = (upload_media(file_of(name=f"{name}.mp4"), by=alice) for name in ("first", "second"))
    settle_accepted(first, sha256=SHA)
    return first, second


def test_content_that_is_there_is_found(twice):
    first, second = twice

    assert (duplicate_of(second, SHA), duplicate_of(first, SHA), duplicate_of(second, "b" * 64)) == (first, None, None)


def test_archived_content_is_no_duplicate(twice):
    Media.objects.filter(pk=twice[0].pk).update(publication="archived")

    assert duplicate_of(twice[1], SHA) is None


def test_same_content_elsewhere_is_none_of_ours(twice, other_organization, charlie):
    with organization_scope(other_organization):
        assert duplicate_of(upload_media(file_of(), by=charlie), SHA) is None


def test_duplicate_leads_to_the_first_and_goes(twice, client, settings, work_off):
    first, second = twice
    stored = settings.MEDIA_ROOT / second.source_path

    settle_duplicate(second, first)
    Job.objects.exclude(kind="remove_purged_files").delete()
    work_off()

    seen = client.get(f"{LIST}{second.pk}/").json()
    assert {name: seen[name] for name in ("state", "code", "message", "media")} == {
        "state": "duplicate",
        "code": "duplicate",
        "message": "The library has this content already, as “first”.",
        "media": str(first.pk),
    }
    assert (list(Media.objects.all()), stored.exists(), stored.parent.parent.exists()) == ([first], False, False)


@pytest.mark.parametrize(("holds_first", "titles"), [(False, ["Second"]), (True, ["First"])])
def test_course_that_holds_a_duplicate_holds_the_first(twice, alice, holds_first, titles):
    first, second = twice
    chapter = add_chapter(create_course(title="Sea", by=alice), title="One")
    if holds_first:
        add_item(chapter, type=ItemType.VIDEO, title="First", media=first, by=alice)
    add_item(chapter, type=ItemType.VIDEO, title="Second", media=second, by=alice)

    settle_duplicate(second, first)

    assert list(ContentItem.objects.values_list("title", "media")) == [(title, first.pk) for title in titles]


def test_refused_upload_says_why(scope, alice, client):
    media = upload_media(file_of(), by=alice)

    settle_refused(media, "not_media", "This is a letter.")

    seen = client.get(f"{LIST}{media.pk}/").json()
    assert (seen["state"], seen["code"], seen["message"], seen["media"]) == (
        "refused", "not_media", "This is a letter.", str(media.pk),
    )  # fmt: skip


def test_media_without_an_upload_is_settled_too(scope, alice):
    media = Media.objects.create(source=Source.UPLOAD, source_path="s", title="Old", creator=alice)

    settle_accepted(media, sha256=SHA)

    assert (Media.objects.get().content_hash, Upload.objects.count()) == (SHA, 0)


def test_check_that_is_tried_again_accepts(scope, alice):
    media = upload_media(file_of(), by=alice)
    settle_refused(media, "source_missing", "Gone.")
    enqueue("inspect_media", media.pk, key="again")

    settle_accepted(media, sha256=SHA)

    upload = Upload.objects.get()
    assert (upload.state, upload.error_code) == ("accepted", "")
