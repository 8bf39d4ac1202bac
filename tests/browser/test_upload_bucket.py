"""Uploading straight from a real browser into a real bucket on loopback, which is another origin."""

import hashlib
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer
from playwright.sync_api import Page, expect

from config.environment import bucket_origins, bucket_storage
from core.tenancy import organization_scope
from media_library.models import Media
from tests.browser.test_upload import MEGABYTE, choose, expect_state, opened, slow_down, start, wait_for_percent
from tests.trials.films import make_film, padded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

BUCKET = "lectern-films"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}


@pytest.fixture
def bucket_server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def bucket(bucket_server, settings, monkeypatch, live_server) -> None:
    """It takes what pages of ours send, as README says it must, and our pages may send there."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=bucket_server, config=Config(s3={"addressing_style": "path"}))
    client.create_bucket(Bucket=BUCKET)
    rule = {"AllowedOrigins": [live_server.url], "AllowedMethods": ["PUT"], "AllowedHeaders": ["*"]}
    client.put_bucket_cors(Bucket=BUCKET, CORSConfiguration={"CORSRules": [rule]})
    settings.S3_BUCKET, settings.S3_ENDPOINT_URL, settings.S3_PUBLIC_URL = BUCKET, bucket_server, bucket_server
    settings.STORAGES = {**settings.STORAGES, "default": bucket_storage(BUCKET, endpoint=bucket_server)}
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    origins = bucket_origins(BUCKET, public_url=bucket_server)
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**directives, "connect-src": ["'self'", *origins]}}


def test_parts_go_straight_into_the_bucket_and_on_after_a_reload(
    bucket, bucket_server, alice, organization, new_person, tmp_path, work_off, complaints
):
    film = padded(make_film(tmp_path / "harbor.mp4", seconds=1, size="160x90"), 20 * MEGABYTE, name="long.mp4")
    page = opened(new_person(alice.email))
    page.on("dialog", lambda dialog: dialog.accept())
    slow_down(page, 4 * MEGABYTE)
    choose(page, film)
    start(page)
    wait_for_percent(page, "long.mp4", 60)

    page.reload()
    sent = parts_sent(page, bucket_server)
    expect(page.locator("[data-upload-unfinished]")).to_contain_text(re.compile("long.mp4"))
    choose(page, film)
    expect_state(page, "long.mp4", "checking")
    work_off()
    expect_state(page, "long.mp4", "accepted")

    with organization_scope(organization):
        media = Media.objects.get()
    assert (sent[-1], 1 in sent) == (3, False)
    assert media.content_hash == hashlib.sha256(film.read_bytes()).hexdigest()
    assert complaints == []


def parts_sent(page: Page, server: str) -> list[int]:
    """Numbers of the parts that the page puts into the bucket from now on."""
    numbers: list[int] = []

    def note(request):
        if request.method == "PUT" and request.url.startswith(server):
            numbers.append(int(parse_qs(urlsplit(request.url).query)["partNumber"][0]))

    page.on("request", note)
    return numbers
