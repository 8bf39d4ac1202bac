"""The picture that a host shows becomes one of ours, whatever it is and wherever its address leads."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image, PngImagePlugin

from core.jobs import enqueue
from core.models import Job
from core.models.job import JobState
from media_library.models import Media
from media_library.services.describing import TOLD
from media_library.services.thumbnails import show_unless_chosen
from tests.core.internet import Listener, led_to, page

YELLOW = (250, 200, 20)


def picture(kind="PNG", size=(640, 360), mode="RGB", color=YELLOW, **options):
    written = io.BytesIO()
    Image.new(mode, size, color).save(written, kind, **options)
    return written.getvalue()


def with_a_secret():
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "geheim")
    return picture(pnginfo=told)


@pytest.fixture
def host(settings):
    """One that the operator set as an origin of a host's."""
    listener = Listener()
    source = settings.SOURCES["youtube"]
    settings.SOURCES = {**settings.SOURCES, "youtube": {**source, "web_url": listener.origin, "proxy": ""}}
    yield listener
    listener.close()


@pytest.fixture
def hosted(scope):
    return Media.objects.create(
        title="Hosted", source="youtube", youtube_video_id="dQw4w9WgXcQ", kind="video", status="completed",
        described_at="2026-01-01T00:00Z",
        source_url="https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    )  # fmt: skip


@pytest.fixture
def fetched(hosted, work_off):
    """The media item and the job, after the picture was asked for."""

    def ask(address):
        enqueue("fetch_picture", hosted.pk, key=f"fetch_picture:{address}", payload={"address": address})
        work_off()
        hosted.refresh_from_db()
        return hosted, Job.objects.get(kind="fetch_picture", subject_id=hosted.pk)

    return ask


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_encoded_anew_and_shown(kind, host, fetched):
    host.answer("/a", page(picture(kind), Content_Type="text/plain"))

    media, job = fetched(f"{host.origin}/a")

    assert job.state == JobState.SUCCEEDED
    assert media.thumbnail_path.startswith(f"{media.organization_id}/{media.pk}/pictures/{job.pk}-")
    with default_storage.open(media.thumbnail_path) as stored, Image.open(stored) as shown:
        assert (shown.format, shown.size) == ("JPEG", (1280, 720))
        assert all(abs(a - b) < 6 for a, b in zip(shown.getpixel((640, 360)), YELLOW, strict=True))
    assert media.is_thumbnail_chosen is False


def test_nothing_of_what_stands_in_the_file_stays(host, fetched):
    host.answer("/a", page(with_a_secret()))

    media, _ = fetched(f"{host.origin}/a")

    with default_storage.open(media.thumbnail_path) as stored:
        assert b"geheim" not in stored.read()


def test_a_picture_that_somebody_chose_stays_and_nobody_asks(host, fetched, hosted):
    chosen = default_storage.save("chosen.jpg", ContentFile(b"x"))
    Media.objects.filter(pk=hosted.pk).update(is_thumbnail_chosen=True, thumbnail_path=chosen)

    media, job = fetched(f"{host.origin}/a")

    assert (media.thumbnail_path, job.state, host.connections) == (chosen, JobState.SUCCEEDED, 0)


def test_one_that_was_chosen_meanwhile_stays(hosted):
    Media.objects.filter(pk=hosted.pk).update(is_thumbnail_chosen=True, thumbnail_path="chosen.jpg")

    with transaction.atomic():
        show_unless_chosen(hosted, "fetched.jpg")

    hosted.refresh_from_db()
    assert (hosted.thumbnail_path, hosted.is_thumbnail_chosen) == ("chosen.jpg", True)


BAD = {
    "html": (page(b"<html>"), "not_a_picture"),
    "nothing": (page(b""), "not_a_picture"),
    "svg": (page(b"<svg xmlns='http://www.w3.org/2000/svg'/>", Content_Type="image/svg+xml"), "not_a_picture"),
    "gif": (page(picture("GIF")), "not_a_picture"),
    "half": (page(picture("JPEG", (2000, 2000))[:3000]), "not_a_picture"),
    "pixels": (page(picture(size=(8000, 6000), mode="1", color=1)), "too_large_picture"),
    "bytes": (page(bytes(8 * 1024 * 1024 + 1)), "too_large_picture"),
    "absent": (page(picture(), "404 Not Found"), "no_picture"),
    "inside": (led_to("http://127.0.0.1:9/"), "no_picture"),
    "metadata": (led_to("http://169.254.169.254/latest/"), "no_picture"),
}


@pytest.mark.parametrize("bad", BAD)
def test_what_is_no_picture_is_a_failed_step_and_no_failed_media(bad, host, fetched):
    answer, code = BAD[bad]
    host.answer("/a", answer)

    media, job = fetched(f"{host.origin}/a")

    assert (job.state, job.error_code, job.attempt) == (JobState.FAILED, code, 1)
    assert job.error_message.endswith(".")
    assert (media.status, media.thumbnail_path, media.is_playable) == ("completed", "", True)
    assert default_storage.exists(f"{media.organization_id}/{media.pk}/pictures/") is False


@pytest.mark.parametrize("answer", [[b""], page(b"", "503 Busy")], ids=["dropped", "busy"])
def test_a_server_that_does_not_answer_now_is_asked_again(answer, host, fetched):
    host.answer("/a", answer)

    media, job = fetched(f"{host.origin}/a")

    assert (job.state, job.attempt, media.is_playable) == (JobState.QUEUED, 1, True)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8080/a.png",
        "http://[::1]/a.png",
        "http://169.254.169.254/a.png",
        "file:///etc/passwd",
        "a.png",
        "",
    ],
)
def test_addresses_that_lead_inside_are_refused(address, host, fetched):
    _, job = fetched(address)

    assert (job.state, job.error_code, host.connections) == (JobState.FAILED, "no_picture", 0)


def test_what_a_user_wrote_does_not_lead_to_the_operators_own_origins(host, fetched, hosted):
    address = f"{host.origin}/a"
    host.answer("/a", page(picture()))
    Media.objects.filter(pk=hosted.pk).update(source_metadata={TOLD: {"thumbnail": address}})

    _, job = fetched(address)

    assert (job.state, job.error_code, host.connections) == (JobState.FAILED, "no_picture", 0)
