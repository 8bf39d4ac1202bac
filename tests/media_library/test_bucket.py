"""Uploads straight into a bucket, against a real server that speaks S3, on loopback."""

import hashlib
import json
from base64 import b64encode
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import urllib3
from botocore.config import Config
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from moto.server import ThreadedMotoServer

from config.environment import bucket_storage
from core.errors import Refused
from core.tenancy import organization_scope
from media_library import buckets
from media_library.buckets import Bucket, BucketError, Place
from media_library.models import Media, Upload
from media_library.services.expiring import expire_uploads
from media_library.services.multiparts import complete_upload, sign_parts
from media_library.services.uploads import Announced, start_upload, upload_media
from media_library.storage import adopt_folder, bucket, fetch_file, remove_folder

LIST = "/api/v1/harbor/uploads/"
BUCKET = "lectern-media"
MIB = 1024**2
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "eu-central-1"}


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def s3(server, settings, monkeypatch):
    """An empty bucket, and media in it."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    urllib3.request("POST", f"{server}/moto-api/reset")
    client = boto3.client("s3", endpoint_url=server, config=Config(s3={"addressing_style": "path"}))
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    settings.S3_BUCKET, settings.S3_ENDPOINT_URL, settings.S3_PUBLIC_URL = BUCKET, server, server
    settings.STORAGES = {**settings.STORAGES, "default": bucket_storage(BUCKET, endpoint=server)}
    return client


@pytest.fixture
def small_parts(monkeypatch):
    """Parts as small as S3 takes them."""
    monkeypatch.setattr(buckets, "SMALLEST_PART", 5 * MIB)


@pytest.fixture
def content():
    return bytes(range(256)) * (6 * MIB // 256)  # two parts of 5 MiB and 1 MiB


@pytest.fixture
def client(alice, client_of, s3):
    return client_of(alice)


def post(client, path, body=None):
    return client.post(path, json.dumps(body or {}), content_type="application/json")


def begin(client, size, **more):
    return post(client, LIST, {"filename": "talk.mp4", "size": size, **more}).json()


def put(part, content):
    """As a browser does, which sends no form."""
    headers = {"Content-Type": "application/octet-stream", **part["headers"]}
    return urllib3.request("PUT", part["url"], body=content, headers=headers).status


def pieces(content):
    return [content[at : at + 5 * MIB] for at in range(0, len(content), 5 * MIB)]


def addresses(client, upload, numbers, **more):
    return post(client, f"{LIST}{upload['id']}/parts/", {"numbers": numbers, **more}).json()["parts"]


def code_of(response):
    return response.status_code, response.json()["error"]["code"]


def keys(s3):
    return [one["Key"] for one in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


@pytest.mark.usefixtures("small_parts")
def test_parts_go_straight_to_the_bucket_and_become_media(client, s3, content, organization):
    upload = begin(client, len(content), title="Tides")
    parts = addresses(client, upload, [1, 2])
    statuses = [put(part, piece) for part, piece in zip(parts, pieces(content), strict=True)]

    answer = post(client, f"{LIST}{upload['id']}/complete/")
    again = post(client, f"{LIST}{upload['id']}/complete/")

    assert (upload["method"], upload["part_size"], [part["size"] for part in parts]) == (
        "multipart",
        5 * MIB,
        [5 * MIB, MIB],
    )
    assert (statuses, answer.status_code, answer.json()["state"], answer.json()["media"]) == (
        [200, 200], 201, "checking", upload["id"],
    )  # fmt: skip
    assert (again.status_code, again.json()) == (201, answer.json())
    with organization_scope(organization):
        media = Media.objects.get(title="Tides")
    assert s3.get_object(Bucket=BUCKET, Key=media.source_path)["Body"].read() == content


@pytest.mark.usefixtures("small_parts")
def test_upload_goes_on_with_the_parts_that_are_missing(client, content):
    upload = begin(client, len(content))
    put(addresses(client, upload, [2])[0], pieces(content)[1])

    seen = client.get(f"{LIST}{upload['id']}/").json()
    early = post(client, f"{LIST}{upload['id']}/complete/")
    put(addresses(client, upload, [1])[0], pieces(content)[0])
    done = post(client, f"{LIST}{upload['id']}/complete/")

    assert (seen["parts"], seen["received"]) == ([{"number": 2, "size": MIB}], MIB)
    assert (code_of(early), done.status_code) == ((409, "upload_incomplete"), 201)


@pytest.mark.usefixtures("small_parts")
def test_addresses_are_signed_for_one_part_of_one_size_and_expire(client, content):
    upload = begin(client, len(content))
    digest = b64encode(hashlib.sha256(b"x").digest()).decode()

    [part] = addresses(client, upload, [2], sha256={"2": digest})

    query = parse_qs(urlsplit(part["url"]).query)
    assert (query["partNumber"], query["X-Amz-Expires"], query["X-Amz-Algorithm"]) == (
        ["2"], ["3600"], ["AWS4-HMAC-SHA256"],
    )  # fmt: skip
    assert query["X-Amz-SignedHeaders"] == ["content-length;host;x-amz-checksum-sha256"]
    assert part["headers"] == {"x-amz-checksum-sha256": digest}
    assert "/eu-central-1/s3/" in query["X-Amz-Credential"][0]


@pytest.mark.usefixtures("small_parts")
def test_parts_with_checksums_are_joined(client, content):
    upload = begin(client, len(content))
    sums = {str(n): b64encode(hashlib.sha256(p).digest()).decode() for n, p in enumerate(pieces(content), 1)}

    for part, piece in zip(addresses(client, upload, [1, 2], sha256=sums), pieces(content), strict=True):
        put(part, piece)

    assert post(client, f"{LIST}{upload['id']}/complete/").status_code == 201


def test_browser_is_sent_to_the_public_address(client, settings):
    settings.S3_PUBLIC_URL = "https://files.example.test"

    [part] = addresses(client, begin(client, 100), [1])

    assert part["url"].startswith(f"https://files.example.test/{BUCKET}/")


def test_amazons_addresses_name_the_region(monkeypatch):
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)

    url = Bucket(Place(BUCKET, "eu-central-1")).part_url("a", "u", 1, size=1, expires=60)

    assert urlsplit(url).hostname == f"{BUCKET}.s3.eu-central-1.amazonaws.com"


@pytest.mark.parametrize("numbers", [[0], [3], [1] * 101, [], ["one"]])
@pytest.mark.usefixtures("small_parts")
def test_only_its_own_parts_are_signed(client, content, numbers):
    answer = post(client, f"{LIST}{begin(client, len(content))['id']}/parts/", {"numbers": numbers})

    assert (answer.status_code, "numbers" in "".join(answer.json()["error"]["fields"])) == (400, True)


@pytest.mark.parametrize("verb", ["parts", "complete"])
def test_nothing_is_signed_for_others(client, organization, bob, charlie, client_of, verb):
    upload = begin(client, 100)
    with organization_scope(organization):
        bob.memberships.update(role="creator")
    path = f"{LIST}{upload['id']}/{verb}/"

    answers = [
        code_of(post(client_of(who), where, {"numbers": [1]}))
        for who, where in ((bob, path), (charlie, path), (charlie, path.replace("harbor", "summit")))
    ]

    assert answers == [(404, "not_found")] * 3


def test_file_of_another_size_is_removed_and_refused(client, s3, organization):
    """A part of another size than was signed: the server of the test does not check signatures."""
    upload = begin(client, 100)
    put(addresses(client, upload, [1])[0], b"x" * 150)

    answer = post(client, f"{LIST}{upload['id']}/complete/")

    seen = client.get(f"{LIST}{upload['id']}/").json()
    assert (code_of(answer), keys(s3), seen["state"], seen["code"]) == (
        (409, "size_mismatch"), [], "refused", "size_mismatch",
    )  # fmt: skip
    with organization_scope(organization):
        assert Media.objects.count() == 0


def test_cancelled_upload_leaves_nothing_in_the_bucket(client, s3):
    upload = begin(client, 100)
    put(addresses(client, upload, [1])[0], b"x" * 100)

    answer = client.delete(f"{LIST}{upload['id']}/")

    assert (answer.status_code, s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []), keys(s3)) == (204, [], [])


def test_forgotten_upload_expires(client, s3, organization):
    upload = begin(client, 100)
    put(addresses(client, upload, [1])[0], b"x" * 100)
    with organization_scope(organization):
        Upload.objects.update(expires_at=timezone.now())
        expired = expire_uploads(), expire_uploads()

    assert (expired, s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])) == ((1, 0), [])
    assert code_of(post(client, f"{LIST}{upload['id']}/parts/", {"numbers": [1]})) == (410, "upload_ended")


def test_parts_that_the_bucket_forgot_mean_that_it_expired(client, s3, organization):
    upload = begin(client, 100)
    addresses(client, upload, [1])
    with organization_scope(organization):
        row = Upload.objects.get()
    s3.abort_multipart_upload(Bucket=BUCKET, Key=row.storage_path, UploadId=row.multipart_id)

    answers = [
        code_of(post(client, f"{LIST}{upload['id']}/complete/")),
        client.get(f"{LIST}{upload['id']}/").json()["state"],
    ]

    assert answers == [(410, "upload_ended"), "expired"]


def test_answer_that_was_lost_is_given_again(client, s3, organization):
    """The bucket had joined the parts; we had not heard of it."""
    upload = begin(client, 100)
    put(addresses(client, upload, [1])[0], b"x" * 100)
    with organization_scope(organization):
        row = Upload.objects.get()
    found = bucket()
    found.complete(row.storage_path, row.multipart_id, found.parts(row.storage_path, row.multipart_id))

    assert post(client, f"{LIST}{upload['id']}/complete/").status_code == 201


def test_looking_while_parts_are_joined_gives_nothing_up(client, s3, organization):
    """Another request has had the parts joined, and has not come to an end yet."""
    upload = begin(client, 100)
    put(addresses(client, upload, [1])[0], b"x" * 100)
    with organization_scope(organization):
        row = Upload.objects.get()
    found = bucket()
    found.complete(row.storage_path, row.multipart_id, found.parts(row.storage_path, row.multipart_id))

    seen = client.get(f"{LIST}{upload['id']}/").json()

    assert (seen["state"], seen["media"], keys(s3)) == ("checking", upload["id"], [row.storage_path])


class JoinedMeanwhile(Bucket):
    """Whose parts somebody else has joined between two questions."""

    def parts(self, name, upload):
        super().complete(name, upload, super().parts(name, upload))
        return super().parts(name, upload)


def test_two_who_complete_at_once_get_the_same_media(client, s3, organization, monkeypatch):
    upload = begin(client, 100)
    put(addresses(client, upload, [1])[0], b"x" * 100)
    monkeypatch.setattr(buckets, "Bucket", JoinedMeanwhile)
    buckets.bucket_at.cache_clear()

    answer = post(client, f"{LIST}{upload['id']}/complete/")

    buckets.bucket_at.cache_clear()
    assert (answer.status_code, answer.json().get("media"), len(keys(s3))) == (201, upload["id"], 1)


def test_bucket_that_is_away_is_told(client, settings):
    upload = begin(client, 100)
    settings.S3_ENDPOINT_URL = "http://127.0.0.1:9"

    answer = post(client, f"{LIST}{upload['id']}/parts/", {"numbers": [1]})

    assert code_of(answer) == (503, "storage_unavailable")


def test_small_parts_are_told_by_their_name(s3, scope, alice):
    found = bucket()
    name = found.begin("a")
    for number in (1, 2):
        url = found.part_url("a", name, number, size=1, expires=60)
        put({"url": url, "headers": {}}, b"x")

    with pytest.raises(BucketError) as error:
        found.complete("a", name, found.parts("a", name))

    assert error.value.code == "EntityTooSmall"


def test_address_for_an_upload_through_the_application_is_refused(scope, alice, s3, settings):
    settings.S3_BUCKET = ""
    upload = start_upload(Announced("a.mp4", 100), by=alice)

    for verb in (lambda: sign_parts(upload, [1]), lambda: complete_upload(upload)):
        with pytest.raises(Refused) as refusal:
            verb()
        assert (refusal.value.code, refusal.value.status) == ("wrong_method", 409)


def test_file_that_is_here_goes_into_the_bucket_too(s3, scope, alice, tmp_path):
    media = upload_media(SimpleUploadedFile("a.mp4", b"x" * 1000), by=alice)

    path = fetch_file(media.source_path, tmp_path)

    assert (path.read_bytes(), path.parent) == (b"x" * 1000, tmp_path)
    with pytest.raises(FileNotFoundError):
        fetch_file(f"{media.source_path}x", tmp_path)


def test_folders_go_into_the_bucket_and_out_of_it(s3, scope, tmp_path):
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "master.m3u8").write_text("#EXTM3U")
    (folder / "a.m4s").write_bytes(b"x")

    adopt_folder(folder, "h/m/renditions/1")
    with default_storage.open("h/m/renditions/1/master.m3u8") as file:
        there = sorted(keys(s3)), file.read()
    remove_folder("h/m")

    assert (there, keys(s3)) == ((["h/m/renditions/1/a.m4s", "h/m/renditions/1/master.m3u8"], b"#EXTM3U"), [])


@pytest.mark.parametrize(
    ("size", "expected"), [(1, 8 * MIB), (72_000 * MIB, 8 * MIB), (72_001 * MIB, 9 * MIB), (2**40, 117 * MIB)]
)
def test_parts_are_large_enough_to_be_few(size, expected):
    assert (buckets.part_size(size), -(-size // expected) <= 9000) == (expected, True)
