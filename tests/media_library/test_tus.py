"""Resumable uploads through the application, as a tus client speaks (tus.io, 1.0)."""

import hashlib
from base64 import b64encode
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.services.tokens import create_token
from core.models import Job
from core.tenancy import organization_scope
from media_library import parts
from media_library.models import Media, Upload, UploadState

LIST = "/api/v1/harbor/uploads/"
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = "application/offset+octet-stream"
CONTENT = bytes(range(256)) * 40
SIZE = len(CONTENT)  # 10,240


@pytest.fixture
def client(alice, client_of):
    return client_of(alice)


def metadata(**values):
    return ",".join(f"{key} {b64encode(value.encode()).decode()}".strip() for key, value in values.items())


def create(client, *, size=SIZE, body=None, **headers):
    given = {"Upload-Length": str(size), "Upload-Metadata": metadata(filename="talk.mp4"), **TUS, **headers}
    options = {"data": body, "content_type": BYTES} if body is not None else {}
    return client.generic("POST", LIST, headers=given, **options)


def begun(client, **options):
    """The address of a new upload."""
    return create(client, **options)["Location"].removeprefix("http://testserver")


def send(client, where, content, *, at=0, content_type=BYTES, **headers):
    given = {"Upload-Offset": str(at), "Content-Type": content_type, **TUS, **headers}
    return client.generic("PATCH", where, content, content_type=content_type, headers=given)


def send_line(client, where, line, *, length="", **headers):
    """A body that comes as it comes."""
    given = {"Upload-Offset": "0", "Content-Type": BYTES, **TUS, **headers}
    return client.generic("PATCH", where, headers=given, **{"wsgi.input": line, "CONTENT_LENGTH": length})


def offset(client, where):
    return int(client.head(where, headers=TUS)["Upload-Offset"])


def code_of(response):
    return response.status_code, response.json()["error"]["code"]


@pytest.fixture
def row(organization):
    def read() -> Upload:
        with organization_scope(organization):
            return Upload.objects.select_related("media").get()

    return read


def test_options_tell_what_is_spoken(client):
    answer = client.options(LIST)

    told = {name: value for name, value in answer.items() if name.startswith("Tus")}
    assert (answer.status_code, told) == (
        204,
        {
            "Tus-Resumable": "1.0.0",
            "Tus-Version": "1.0.0",
            "Tus-Extension": "creation,creation-with-upload,termination,checksum,expiration",
            "Tus-Max-Size": str(2 * 1024**3),
            "Tus-Checksum-Algorithm": "sha1,sha256",
        },
    )


def test_file_arrives_in_pieces_and_becomes_media(client, row, settings, organization, alice):
    where = begun(client)

    first = send(client, where, CONTENT[:4000])
    last = send(client, where, CONTENT[4000:], at=4000)

    upload = row()
    assert (first.status_code, first["Upload-Offset"], last.status_code, last["Upload-Offset"]) == (
        204, "4000", 204, "10240",
    )  # fmt: skip
    assert last["Lectern-Media"] == f"http://testserver/api/v1/harbor/media/{upload.pk}/"
    assert (upload.media.pk, upload.state, upload.received_bytes) == (upload.pk, "checking", 10240)
    assert (upload.media.title, upload.media.creator, upload.media.source_path) == ("talk", alice, upload.storage_path)
    assert (settings.MEDIA_ROOT / upload.storage_path).read_bytes() == CONTENT
    assert list(settings.UPLOADS_DIR.iterdir()) == []
    assert Job.objects.get().key == f"inspect_media:{upload.pk}"


def test_one_request_is_enough(client, row):
    answer = create(client, body=CONTENT)

    assert (answer.status_code, answer["Upload-Offset"]) == (201, "10240")
    assert answer["Lectern-Media"].endswith(f"/media/{row().pk}/")


def test_creation_with_a_piece_goes_on_from_there(client, row):
    answer = create(client, body=CONTENT[:100])

    assert (answer.status_code, answer["Upload-Offset"], "Lectern-Media" in answer) == (201, "100", False)
    assert row().received_bytes == 100


def test_head_tells_where_to_go_on(client):
    where = begun(client, **{"Upload-Metadata": metadata(filename="Größe €.mp4", title="", fingerprint="f-1")})
    send(client, where, CONTENT[:300])

    answer = client.head(where, headers=TUS)

    told = {name: answer[name] for name in ("Upload-Offset", "Upload-Length", "Upload-Metadata", "Cache-Control")}
    assert told == {
        "Upload-Offset": "300",
        "Upload-Length": "10240",
        "Upload-Metadata": metadata(filename="Größe €.mp4", fingerprint="f-1"),
        "Cache-Control": "no-store",
    }
    assert answer.status_code == 200
    assert "Upload-Expires" in answer


class BrokenLine:
    """Delivers some of the body, then fails like a connection that is gone."""

    def __init__(self, content):
        self.left = [content]

    def read(self, size=-1):
        if not self.left:
            raise OSError("the line is gone")
        return self.left.pop()

    readline = read


def test_what_came_before_the_line_broke_is_kept(client, row):
    where = begun(client)

    answer = send_line(client, where, BrokenLine(CONTENT[:777]), length=str(len(CONTENT)))

    assert (answer["Upload-Offset"], offset(client, where), row().writer) == ("777", 777, None)


def test_bytes_sent_in_chunks_arrive_too(client, row):
    where = begun(client)

    answer = send_line(client, where, BrokenLine(CONTENT), **{"Transfer-Encoding": "chunked"})

    assert (answer.status_code, row().state) == (204, "checking")


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412, "tus_version"),
        ({"content_type": "application/json"}, 415, "content_type"),
        ({"Upload-Offset": "5"}, 409, "offset_mismatch"),
        ({"Upload-Offset": "-1"}, 400, "invalid_header"),
        ({"Upload-Checksum": "md5 AAAA"}, 400, "checksum_algorithm"),
        ({"Upload-Checksum": "sha1 ?"}, 400, "invalid_header"),
        ({"Upload-Checksum": "sha1 AAAA"}, 460, "checksum_mismatch"),
    ],
)
def test_pieces_are_refused_and_nothing_is_kept(client, headers, status, code):
    where = begun(client)

    answer = send(client, where, CONTENT[:100], **headers)

    assert (code_of(answer), offset(client, where)) == ((status, code), 0)
    assert answer.get("Tus-Version", "") == ("1.0.0" if status == 412 else "")


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_pieces_with_the_right_checksum_are_kept(client, algorithm):
    where = begun(client)
    digest = b64encode(hashlib.new(algorithm, CONTENT[:100]).digest()).decode()

    answer = send(client, where, CONTENT[:100], **{"Upload-Checksum": f"{algorithm} {digest}"})

    assert (answer.status_code, offset(client, where)) == (204, 100)


def test_damaged_piece_leaves_what_was_there(client, row):
    where = begun(client)
    send(client, where, CONTENT[:100])

    answer = send(client, where, b"x" * 50, at=100, **{"Upload-Checksum": f"sha1 {b64encode(b'y' * 20).decode()}"})
    send(client, where, CONTENT[100:], at=100)

    assert (code_of(answer), row().state) == ((460, "checksum_mismatch"), "checking")


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Upload-Length": str(2 * 1024**3 + 1)}, 413, "file_too_large"),
        ({"Upload-Length": "0"}, 400, "empty_file"),
        ({"Upload-Length": "many"}, 400, "invalid_header"),
        ({"Tus-Resumable": "2.0.0"}, 412, "tus_version"),
        ({"Upload-Metadata": "filename ?"}, 400, "invalid_metadata"),
        ({"Upload-Metadata": metadata(filename="a\x00b")}, 400, "invalid_name"),
        ({"Upload-Metadata": metadata(filename="a", sha256="short")}, 400, "invalid_checksum"),
    ],
)
def test_creation_is_refused(client, organization, headers, status, code):
    answer = create(client, **headers)

    assert code_of(answer) == (status, code)
    with organization_scope(organization):
        assert Upload.objects.count() == 0


def test_length_cannot_be_left_open(client):
    answer = client.generic("POST", LIST, headers={**TUS, "Upload-Defer-Length": "1"})

    assert code_of(answer) == (400, "length_missing")


def test_more_than_was_announced_is_refused(client):
    where = begun(client, size=10)

    assert (code_of(send(client, where, b"x" * 11)), offset(client, where)) == ((413, "too_long"), 0)


def test_refused_first_bytes_leave_no_upload_open(client, row):
    answer = create(client, body=b"x" * 50, **{"Upload-Checksum": f"sha1 {b64encode(b'y' * 20).decode()}"})

    assert (code_of(answer), row().state) == ((460, "checksum_mismatch"), "cancelled")


def held(row, *, since):
    """Another request writes; it told so long ago."""
    upload = row()
    upload.writer, upload.received_at = uuid4(), timezone.now() - since
    with organization_scope(upload.organization_id):
        upload.save()


@pytest.mark.parametrize(("seconds", "status"), [(5, 423), (31, 204)])
def test_one_request_writes_until_it_is_silent(client, row, seconds, status):
    where = begun(client)
    held(row, since=timedelta(seconds=seconds))

    assert send(client, where, CONTENT).status_code == status


def test_request_that_was_overtaken_writes_no_more(client, row, monkeypatch):
    monkeypatch.setattr(parts, "SECONDS", 0.0)
    where = begun(client)

    class Overtaken(BrokenLine):
        def read(self, size=-1):
            if len(self.left) == 1:
                held(row, since=timedelta(seconds=1))
            return super().read(size)

    line = Overtaken(CONTENT[:64])
    line.left = [CONTENT[64:128], CONTENT[:64]]
    answer = send_line(client, where, line, length="128")

    assert (code_of(answer), row().received_bytes) == ((423, "upload_locked"), 0)


def test_deleted_upload_is_gone_with_its_bytes(client, row, settings):
    where = begun(client)
    send(client, where, CONTENT[:100])

    answer = client.delete(where, headers=TUS)

    assert (answer.status_code, row().state, list(settings.UPLOADS_DIR.iterdir())) == (204, "cancelled", [])
    assert (client.head(where, headers=TUS).status_code, code_of(send(client, where, b"x"))) == (
        410, (410, "upload_ended"),
    )  # fmt: skip
    assert code_of(client.delete(where, headers=TUS)) == (410, "upload_ended")


def test_finished_upload_is_answered_again_but_not_deleted(client, row):
    """A client whose last answer was lost asks again."""
    where = begun(client, body=CONTENT)

    again = send(client, where, b"", at=len(CONTENT))

    assert (again.status_code, again["Lectern-Media"].split("/")[-2]) == (204, str(row().pk))
    assert code_of(client.delete(where, headers=TUS)) == (410, "upload_ended")


@pytest.mark.parametrize("method", ["PATCH", "DELETE", "HEAD"])
def test_method_may_be_named_in_a_header(client, row, method):
    where = begun(client)

    answer = client.generic(
        "POST",
        where,
        CONTENT,
        content_type=BYTES,
        headers={**TUS, "Upload-Offset": "0", "X-HTTP-Method-Override": method},
    )

    expected = {"PATCH": (204, "checking"), "DELETE": (204, "cancelled"), "HEAD": (200, "receiving")}
    assert (answer.status_code, row().state) == expected[method]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PATCH", "DELETE"])
def test_uploads_of_others_are_nowhere(client, organization, bob, charlie, client_of, method):
    where = begun(client)
    with organization_scope(organization):
        bob.memberships.update(role="creator")

    answers = [
        client_of(who)
        .generic(method, path, b"x", content_type=BYTES, headers={**TUS, "Upload-Offset": "0"})
        .status_code
        for who, path in ((bob, where), (charlie, where), (charlie, where.replace("harbor", "summit")))
    ]

    assert answers == [404, 404, 404]


def test_learners_may_not_upload(organization, bob, client_of):
    assert code_of(create(client_of(bob))) == (403, "permission_denied")


def test_session_needs_the_token_of_a_page_and_an_api_token_does_not(alice, client, row):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    _, secret = create_token(alice.memberships.get(), name="Sync", scopes=["media:write"])

    refused = create(strict)
    taken = create(Client(enforce_csrf_checks=True), body=CONTENT, Authorization=f"Token {secret}")

    assert (code_of(refused), taken.status_code, row().owner) == ((403, "permission_denied"), 201, alice)


def test_file_that_vanished_from_the_disk_begins_again(client, row, settings):
    where = begun(client)
    send(client, where, CONTENT[:500])
    (settings.UPLOADS_DIR / f"{row().pk}.part").unlink()

    answer = send(client, where, CONTENT[500:], at=500)

    assert (code_of(answer), offset(client, where)) == ((409, "offset_mismatch"), 0)


def test_process_that_died_while_finishing_lost_nothing(client, row, settings):
    """The file lay where it was to go, and no row said so."""
    where = begun(client)
    send(client, where, CONTENT[:500])
    stored = settings.MEDIA_ROOT / row().storage_path
    stored.parent.mkdir(parents=True)
    (settings.UPLOADS_DIR / f"{row().pk}.part").rename(stored)
    stored.write_bytes(CONTENT)

    first, second = (send(client, where, CONTENT[500:], at=500) for _ in range(2))

    assert (first.status_code, second.status_code, stored.read_bytes() == CONTENT) == (409, 204, True)


def test_bytes_that_were_never_told_go(client, row, settings):
    where = begun(client)
    send(client, where, CONTENT[:500])
    with (settings.UPLOADS_DIR / f"{row().pk}.part").open("ab") as file:
        file.write(b"?" * 1000)

    send(client, where, CONTENT[500:], at=500)

    assert (settings.MEDIA_ROOT / row().storage_path).read_bytes() == CONTENT


def test_failing_end_keeps_what_arrived(client, row, settings, organization, monkeypatch):
    """Something else took the place of the media: nothing is lost, and it can be tried again."""
    where = begun(client)
    send(client, where, CONTENT[:500])
    with organization_scope(organization):
        other = Media.objects.create(pk=row().pk, source="upload", source_path="s", title="Other")
        client.raise_request_exception = False
        failed = send(client, where, CONTENT[500:], at=500)
        other.delete()

    again = send(client, where, CONTENT[500:], at=500)

    assert (failed.status_code, again.status_code, row().state) == (500, 204, UploadState.CHECKING)
    assert (settings.MEDIA_ROOT / row().storage_path).read_bytes() == CONTENT
