"""The file of a media item comes here from its host: weighed like an upload, and nothing is lost where it fails."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core.errors import Refused
from core.jobs import cancel_job, enqueue
from core.models import Job
from media_library.captions import TimedText
from media_library.models import Media, Upload, WatchRecord
from media_library.services.allowance import allowance_of
from media_library.services.arriving import Arriving
from media_library.services.bringing import bring_file, offers_file
from media_library.services.import_answers import media_at
from media_library.services.publishing import archive_media
from media_library.services.settling import duplicate_of
from media_library.services.site import change_site_configuration
from media_library.services.status import status_of
from media_library.services.transcripts import publish_transcript
from media_library.services.uploads import Announced, end_open_upload, start_upload, upload_media
from media_library.sources import recognize
from media_library.storage import media_folder
from tests.media_library.hosted import hosted
from tests.sources.stand_in import StandIn

pytestmark = pytest.mark.usefixtures("scope")

KEY = "0123456789abcdef0123456789abcdef"
SECOND_KEY = "f" * 32
ROUTE = "/api/campaigns/sessions/{}/transcoded-url"


@pytest.fixture(scope="module")
def host():
    stand_in = StandIn()
    yield stand_in
    stand_in.close()


@pytest.fixture
def plays(host, settings):
    """The host has this content for each of its videos; `download` changes how it is sent."""
    options = {"base": host.origin, "requests_an_hour": 1000, "unstable_routes": True, "build": "b"}
    settings.SOURCES = {**settings.SOURCES, "loom": options}

    def play(content=b"", *, allowed=True, head=None, download=None, keys=(KEY, SECOND_KEY)):
        video = {"__typename": "RegularUserVideo", "id": KEY, "name": "Tides", "download_enabled": allowed}
        graph = {"method": "POST", "path": "/graphql", "json": {"data": {"getVideo": video}}}
        address = {"method": "POST", "json": {"url": "{{origin}}/file.mp4"}}
        file = {"path": "/file.mp4", "bytes": content}
        routes = [{**address, "path": ROUTE.format(key)} for key in keys]
        host.play([graph, *routes, {**file, "method": "HEAD", **(head or {})}, {**file, **(download or {})}])

    return play


@pytest.fixture
def talk(alice):
    return hosted("loom", alice, title="My title")


@pytest.fixture
def brought(talk, alice, work_off):
    """Asks for the file, does the work; the media and the job afterwards."""

    def bring():
        bring_file(talk, by=alice)
        work_off()
        talk.refresh_from_db()
        return talk, Job.objects.filter(kind="bring_file", subject_id=talk.pk).latest("id")

    return bring


def stays(media):
    """It is at its host as before, and no byte of a file is here."""
    media.refresh_from_db()
    folder = Path(settings.UPLOADS_DIR)
    parts = list(folder.iterdir()) if folder.is_dir() else []
    return (media.source, media.is_playable, media.source_path, media.content_hash, parts) == ("loom", True, "", "", [])


def downloads(host):
    return host.asked.count("GET /file.mp4")


def test_the_file_makes_an_upload_of_it_and_all_else_stays(plays, samples, brought, talk, alice, bob):
    content = samples["talk.mp4"].read_bytes()
    plays(content)
    picture = f"{media_folder(talk.organization_id, talk.pk)}/pictures/own.jpg"
    default_storage.save(picture, ContentFile(b"jpeg"))
    publish_transcript(talk, [TimedText(0.5, 2.0, "Good evening")], language="en", method="host")
    transcript = Media.objects.get(pk=talk.pk).transcript_id
    WatchRecord.objects.create(media=talk, user=bob, position=3)
    address = talk.source_url

    media, job = brought()

    upload = Upload.objects.get(pk=talk.pk)
    assert (job.state, media.source, media.status, media.described_at) == ("succeeded", "upload", "completed", None)
    assert (media.title, media.source_url, media.transcript_id, media.embed_id) == (
        "My title", address, transcript, KEY,
    )  # fmt: skip
    assert (media.size_bytes, media.original_filename) == (len(content), "Tides.mp4")
    assert (media.rendition is not None, media.duration_source) == (True, "file")
    assert (upload.state, upload.size_bytes, upload.owner_id, upload.media_id) == (
        "accepted", len(content), alice.pk, media.pk,
    )  # fmt: skip
    assert allowance_of(alice).used == len(content)
    assert WatchRecord.objects.filter(media=media, user=bob, position=3).count() == 1
    assert default_storage.exists(picture)
    assert list(Path(settings.UPLOADS_DIR).iterdir()) == []


def test_content_that_is_here_already_does_not_take_the_hosted_one_away(plays, samples, brought, talk, alice, work_off):
    with samples["tone.mp3"].open("rb") as file:
        first = upload_media(File(file, name="tone.mp3"), title="Tone", by=alice)
    work_off()
    used = allowance_of(alice).used
    plays(samples["tone.mp3"].read_bytes())

    media, job = brought()

    assert (job.state, job.error_code, job.error_message) == (
        "failed", "duplicate", "The library has this content already, as “Tone”. This one stays where it is.",
    )  # fmt: skip
    assert stays(media)
    assert (Media.objects.count(), Upload.objects.get(pk=talk.pk).state) == (2, "cancelled")
    assert (allowance_of(alice).used, status_of(media).message) == (used, job.error_message)
    assert Media.objects.get(pk=first.pk).is_playable


def test_what_was_brought_is_found_when_its_content_is_uploaded(plays, samples, brought, alice, work_off):
    plays(samples["tone.mp3"].read_bytes())
    media, _ = brought()

    with samples["tone.mp3"].open("rb") as file:
        second = upload_media(File(file, name="again.mp3"), by=alice)
    work_off()

    upload = Upload.objects.get(pk=second.pk)
    assert (upload.state, upload.media_id) == ("duplicate", media.pk)
    assert Media.objects.get() == media


def test_its_content_is_claimed_in_the_moment_in_which_it_becomes_an_upload(plays, samples, talk, alice, work_off):
    plays(samples["tone.mp3"].read_bytes())
    other = hosted("vimeo", alice)
    bring_file(talk, by=alice)
    work_off()
    talk.refresh_from_db()

    assert duplicate_of(other, talk.content_hash) == talk
    assert duplicate_of(talk, talk.content_hash) is None


def test_an_address_that_is_pasted_again_is_known(plays, samples, brought):
    plays(samples["tone.mp3"].read_bytes())
    media, _ = brought()

    found = media_at([recognize(media.source_url)])

    assert list(found.values()) == [media]


def test_nobody_asks_where_the_operator_did_not_switch_it_on(plays, host, talk, alice, settings):
    plays()
    settings.SOURCES = {**settings.SOURCES, "loom": {**settings.SOURCES["loom"], "unstable_routes": False}}

    with pytest.raises(Refused) as refusal:
        bring_file(talk, by=alice)

    assert (refusal.value.code, refusal.value.status, offers_file(talk), host.asked) == (
        "no_file_offered", 409, False, [],
    )  # fmt: skip
    assert not Job.objects.filter(kind="bring_file").exists()


def test_only_what_is_at_a_host_is_offered_and_only_once_at_a_time(plays, talk, alice, stored_talk):
    plays()
    bring_file(talk, by=alice)
    codes = []
    archived = hosted("loom", alice, embed_id=SECOND_KEY)
    archive_media(archived, by=alice)

    for media in (talk, stored_talk, archived):
        with pytest.raises(Refused) as refusal:
            bring_file(media, by=alice)
        codes.append(refusal.value.code)

    assert codes == ["under_way", "no_file_offered", "archived"]


def test_an_owner_who_does_not_allow_it_is_heard(plays, host, brought, alice):
    plays(allowed=False)

    media, job = brought()

    assert (job.state, job.error_code) == ("failed", "private")
    assert job.error_message == (
        "This video is private on Loom. Or its owner does not let it be downloaded: allow that there, or upload the "
        "file here."
    )
    assert (stays(media), downloads(host), Upload.objects.count()) == (True, 0, 0)


def test_a_file_that_is_too_large_is_refused_before_it_comes(plays, host, brought, alice):
    plays(b"x" * 5000)
    change_site_configuration(by=alice, largest_file=4000)

    media, job = brought()

    assert (job.state, job.error_code) == ("failed", "file_too_large")
    assert (stays(media), downloads(host), Upload.objects.count()) == (True, 0, 0)


def test_one_that_lasts_too_long_is_refused_before_anybody_is_asked(plays, host, talk, brought):
    plays()
    Media.objects.filter(pk=talk.pk).update(duration=12 * 3600 + 1, duration_source="host")

    media, job = brought()

    assert (job.state, job.error_code, host.asked) == ("failed", "too_long", [])
    assert job.error_message == "It lasts 12:00:01, and 12:00:00 is the most that a file may last here."


def test_of_two_that_together_are_too_much_the_second_is_refused(plays, host, brought, alice):
    """The first one is on its way: its room is reserved before its first byte comes."""
    change_site_configuration(by=alice, weekly_allowance=7000, largest_file=6000)
    first = hosted("loom", alice, embed_id=SECOND_KEY)
    start_upload(Announced("first.mp4", 4000), by=alice, of=first)
    plays(b"x" * 4000)

    media, job = brought()

    assert (job.state, job.error_code) == ("failed", "allowance_used_up")
    assert (stays(media), downloads(host), allowance_of(alice).used) == (True, 0, 4000)


def test_a_host_that_does_not_tell_the_size_gets_the_room_that_is_left(plays, brought, samples, alice):
    content = samples["tone.mp3"].read_bytes()
    plays(content, head={"status": 403})

    media, job = brought()

    assert (job.state, media.source, Upload.objects.get(pk=media.pk).size_bytes) == (
        "succeeded", "upload", len(content),
    )  # fmt: skip
    assert allowance_of(alice).used == len(content)


def test_a_file_larger_than_its_host_said_is_cut_off(plays, brought, alice):
    plays(b"x" * 9000, head={"bytes": b"x" * 4000})

    media, job = brought()

    assert (job.state, job.error_code) == ("failed", "file_too_large")
    assert (stays(media), allowance_of(alice).used) == (True, 0)


def test_what_is_no_recording_leaves_the_hosted_one_as_it_was(plays, brought, alice):
    plays(b"<!doctype html><title>Log in</title>")

    media, job = brought()

    assert (job.state, job.error_code) == ("failed", "not_media")
    assert (stays(media), allowance_of(alice).used, media.status) == (True, 0, "completed")


def test_formats_that_the_site_does_not_accept_stay_where_they_are(plays, samples, brought, alice):
    change_site_configuration(by=alice, formats=["mp4"])
    plays(samples["tone.mp3"].read_bytes())

    media, job = brought()

    assert (job.state, job.error_code, stays(media)) == ("failed", "format_not_accepted", True)


@pytest.mark.parametrize("download", [{"drop": True}, {"status": 503}, {"status": 403}], ids=str)
def test_a_broken_download_is_tried_again_and_holds_no_room_meanwhile(plays, brought, alice, download):
    plays(b"x" * 4000, download=download)

    media, job = brought()

    assert (job.state, job.error_code, job.attempt) == ("queued", "network", 1)
    assert (stays(media), allowance_of(alice).used, Upload.objects.get(pk=media.pk).state) == (True, 0, "cancelled")


def test_a_full_disk_is_waited_for(plays, brought, alice, settings):
    plays(b"x" * 4000)
    settings.DISK_RESERVE_BYTES = 2**62

    media, job = brought()

    assert (job.state, job.error_code, job.is_postponed) == ("queued", "no_space", True)
    assert (stays(media), allowance_of(alice).used) == (True, 0)


def test_room_that_a_dead_worker_reserved_is_given_back(talk, alice):
    start_upload(Announced("t.mp4", 4000), by=alice, of=talk)
    job = enqueue("bring_file", talk.pk, key="b", payload={"by": str(alice.pk)})

    cancel_job(job)

    assert (Upload.objects.get(pk=talk.pk).state, allowance_of(alice).used) == ("cancelled", 0)


def test_an_upload_that_is_given_up_stops_the_download_and_takes_nothing_else_along(talk, alice, tmp_path, running):
    picture = f"{media_folder(talk.organization_id, talk.pk)}/pictures/own.jpg"
    default_storage.save(picture, ContentFile(b"jpeg"))
    upload = start_upload(Announced("t.mp4", 4000), by=alice, of=talk)
    arriving = Arriving(upload, tmp_path / "t", run=running)
    before = arriving.should_stop()

    end_open_upload(upload, "cancelled")
    arriving._last = 0.0  # a while ago

    assert (before, arriving.should_stop(), default_storage.exists(picture)) == (False, True, True)


def test_captions_given_with_an_upload_that_is_given_up_still_go(alice):
    upload = start_upload(Announced("t.mp4", 4000), by=alice)
    sidecar = f"{media_folder(upload.organization_id, upload.pk)}/captions/given.vtt"
    default_storage.save(sidecar, ContentFile(b"WEBVTT"))

    end_open_upload(upload, "cancelled")

    assert not default_storage.exists(sidecar)


def test_nobody_else_sends_to_the_upload_meanwhile(talk, alice, client_of, tmp_path, running):
    upload = start_upload(Announced("t.mp4", 4000), by=alice, of=talk)
    Arriving(upload, tmp_path / "t", run=running)

    answer = client_of(alice).patch(
        f"/api/v1/harbor/uploads/{upload.pk}/", b"x" * 10, content_type="application/offset+octet-stream",
        headers={"Tus-Resumable": "1.0.0", "Upload-Offset": "0"},
    )  # fmt: skip

    assert answer.status_code == 423


@pytest.fixture
def running(talk):
    """A run that nobody stops."""

    class Running:
        job = Job(kind="bring_file", subject_id=talk.pk)

        def should_stop(self):
            return False

        def report(self, percent, step=""):
            """Nobody looks."""

    return Running()


def test_api_puts_it_in_line(plays, talk, alice, client_of):
    plays()
    address = f"/api/v1/harbor/media/{talk.pk}/bring/"

    first, second = (client_of(alice).post(address) for _ in range(2))

    assert (first.status_code, first.json()["id"]) == (202, str(talk.pk))
    assert (second.status_code, second.json()["error"]["code"]) == (409, "under_way")
    job = Job.objects.get(kind="bring_file")
    assert (job.subject_id, job.payload, job.lane) == (talk.pk, {"by": str(alice.pk)}, "long")


def test_api_is_for_makers_of_the_organization(plays, talk, bob, charlie, client_of):
    plays()
    address = f"/api/v1/harbor/media/{talk.pk}/bring/"

    codes = [client_of(person).post(address).status_code for person in (bob, charlie)]

    assert codes == [403, 404]
    assert not Job.objects.filter(kind="bring_file").exists()


def test_button_stands_only_where_the_file_is_offered(plays, talk, stored_talk, alice, client_of):
    plays()
    browser = client_of(alice)
    do = "/admin/media_library/media/{}/do/bring/"

    pages = [browser.get(f"/admin/media_library/media/{media.pk}/change/").text for media in (talk, stored_talk)]
    answer = browser.post(do.format(talk.pk), follow=True)

    assert [do.format(media.pk) in page for media, page in zip((talk, stored_talk), pages, strict=True)] == [
        True, False,
    ]  # fmt: skip
    assert f"The file of “{talk.title}” is being fetched." in answer.text
    assert Job.objects.get(kind="bring_file").subject_id == talk.pk
