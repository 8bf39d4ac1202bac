"""Frames out of a real film of still slides: which, how many, where they lie, and never twice."""

import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from PIL import Image, ImageStat

from core.errors import Refused
from core.models import Job
from core.tenancy import organization_scope
from media_library.batches.batches import delete_batch, put_in_batch, save_batch
from media_library.batches.extracting import (
    FRAME_BYTES,
    Asked,
    estimate,
    extract_frames,
    frames_left,
    progress_of,
    stop_extraction,
)
from media_library.batches.taking import store_frames
from media_library.ffmpeg import frames
from media_library.models import ExtractionMode, Frame, FrameExtraction, Media, UploadBatch
from media_library.services.cleaning import clean_organization
from media_library.services.publishing import archive_media
from media_library.services.purging import purge_media
from media_library.services.storage_report import storage_report
from tests.courses.school import make_media
from tests.media_library import framed
from tests.media_library.framing import (
    SLIDES,
    bring,
    counted_film,
    draw_slide,
    make_batch,
    refused,
    seconds_in,
    slide_film,
)
from tests.media_library.shelf import age, files
from tests.processes import wait_until

FRAME_STEP = 27 * 255 / 219  # of brightness, from one frame of the counted film to the next
EVERY, SCENES, MOMENT = ExtractionMode.EVERY, ExtractionMode.SCENES, ExtractionMode.MOMENT


@pytest.fixture
def batch(scope, alice):
    return make_batch(by=alice)


@pytest.fixture
def talk(scope, alice, tmp_path, ffmpeg_binary, work_off):
    media = bring(slide_film(tmp_path, ffmpeg_binary), by=alice)
    work_off()
    return Media.objects.get(pk=media.pk)


def lying(batch):
    """What lies in the batch's folder, as `media/file`."""
    home = Path(settings.MEDIA_ROOT) / "frames" / str(batch.organization_id) / batch.folder
    return sorted(str(path.relative_to(home)) for path in home.rglob("*.jpg"))


def test_frames_every_second_of_still_slides_are_those_that_differ(talk, batch, alice, work_off):
    extraction = extract_frames(talk, batch, Asked(EVERY, interval=1), by=alice)
    assert (extraction.most, frames_left(batch)) == (8, 92)

    work_off()

    extraction.refresh_from_db()
    assert seconds_in(batch) == [0.0, 2.0, 6.0]
    assert (extraction.made, extraction.skipped, frames_left(batch)) == (3, 5, 97)
    assert progress_of([extraction])[extraction.pk].state == "succeeded"
    assert lying(batch) == [f"{talk.pk}/frame_00{number}.jpg" for number in (1, 2, 3)]
    frame = Frame.objects.get(second=6)
    with Image.open(Path(settings.MEDIA_ROOT) / frame.path) as picture:
        assert (picture.format, picture.size) == ("JPEG", (frame.width, frame.height))
    assert frame.size_bytes == (Path(settings.MEDIA_ROOT) / frame.path).stat().st_size
    used = {one.kind: one.size_bytes for one in storage_report().kinds}
    assert used["frames"] == sum(Frame.objects.values_list("size_bytes", flat=True))


def test_frames_asked_for_again_double_nothing_and_numbers_go_on(talk, batch, alice, work_off):
    extract_frames(talk, batch, Asked(SCENES), by=alice)
    work_off()
    assert seconds_in(batch) == [0.0, 6.0]

    again = extract_frames(talk, batch, Asked(EVERY, interval=2), by=alice)
    work_off()
    extract_frames(talk, batch, Asked(MOMENT, at=7.9), by=alice)
    work_off()

    again.refresh_from_db()
    assert seconds_in(batch) == [0.0, 2.0, 6.0, 7.9]
    assert (again.made, again.skipped) == (1, 3)
    assert lying(batch) == [f"{talk.pk}/frame_00{number}.jpg" for number in (1, 2, 3, 4)]
    Frame.objects.filter(second=7.9).delete()
    extract_frames(talk, batch, Asked(MOMENT, at=7.95), by=alice)
    work_off()
    assert Frame.objects.get(second=7.95).path.endswith("/frame_005.jpg")


def brightness(frame):
    with Image.open(Path(settings.MEDIA_ROOT) / frame.path) as picture:
        return ImageStat.Stat(picture.convert("L")).mean[0]


def test_moment_between_two_frames_shows_the_one_before(batch, alice, tmp_path, ffmpeg_binary, work_off):
    """The first segment's last frame is of 5.97 s and shown until 6.006 s; the film's last one is of 7.97 s."""
    film = bring(counted_film(tmp_path, ffmpeg_binary), by=alice)
    work_off()
    moments = [0.0, 3.0, 5.99, 6.0, 6.007, 8.0]

    for at in moments:
        extract_frames(Media.objects.get(pk=film.pk), batch, Asked(MOMENT, at=at), by=alice)
    work_off()

    taken = list(Frame.objects.order_by("second"))
    shown = [round(brightness(frame) / FRAME_STEP) for frame in taken]
    assert [frame.second for frame in taken] == moments
    assert shown == [number % 8 for number in (0, 89, 179, 179, 180, 239)]


def test_slides_differ_by_a_line_and_not_by_the_mouse(tmp_path):
    cells = []
    for number, slide in enumerate(SLIDES):
        draw_slide(*slide).save(tmp_path / f"{number}.jpg", quality=85)
        cells.append(frames.cells_of(tmp_path / f"{number}.jpg"))

    differ = [frames.difference(*pair) >= frames.SAME_PICTURE for pair in zip(cells, cells[1:], strict=False)]

    assert differ == [True, False, True]


def test_moment_that_the_batch_has_is_told_as_there(talk, batch, alice, work_off):
    """Whether it is stored already or is just being taken by somebody else."""
    first = extract_frames(talk, batch, Asked(MOMENT, at=1), by=alice)
    at_once = extract_frames(talk, batch, Asked(MOMENT, at=1), by=alice)
    work_off()
    later = extract_frames(talk, batch, Asked(MOMENT, at=1.0001), by=alice)
    work_off()

    told = []
    for extraction in (first, at_once, later):
        extraction.refresh_from_db()
        told.append((extraction.made, extraction.skipped))
    assert (told, seconds_in(batch)) == ([(1, 0), (0, 1), (0, 1)], [1.0])
    assert estimate(talk, batch, Asked(MOMENT, at=1)).words == "The batch has this frame already."


def test_what_has_no_film_here_has_no_frames(batch, alice):
    hosted = Media.objects.create(title="Elsewhere", source="youtube", youtube_video_id="abcdefghijk", duration=60)
    arriving = make_media("Arriving", ready=False)
    sound = make_media("Sound")

    refused("no_frames", extract_frames, hosted, batch, Asked(SCENES), by=alice)
    refused("no_frames", extract_frames, sound, batch, Asked(SCENES), by=alice)
    refused("not_ready", extract_frames, arriving, batch, Asked(SCENES), by=alice)
    assert FrameExtraction.objects.count() == 0


def test_renamed_batch_keeps_its_paths(talk, batch, alice, work_off):
    extract_frames(talk, batch, Asked(MOMENT, at=1), by=alice)
    work_off()
    before, folder = lying(batch), batch.folder

    batch.name = "Autumn"
    save_batch(batch, by=alice)
    extract_frames(talk, batch, Asked(MOMENT, at=3), by=alice)
    work_off()

    assert (batch.folder, before) == (folder, [f"{talk.pk}/frame_001.jpg"])
    assert lying(batch) == [f"{talk.pk}/frame_001.jpg", f"{talk.pk}/frame_002.jpg"]


def test_frames_go_with_their_batch_or_their_media(talk, batch, alice, work_off, django_capture_on_commit_callbacks):
    put_in_batch([talk.pk], batch, by=alice)
    other = make_batch("Summer", project=batch.project, by=alice)
    for home in (batch, other):
        extract_frames(talk, home, Asked(EVERY, interval=2), by=alice)
    work_off()

    refusal = refused("in_use", delete_batch, batch, by=alice)
    assert refusal.message == "“Spring” has 1 media item and 3 frames. Say that it goes with its frames."
    with django_capture_on_commit_callbacks(execute=True):
        delete_batch(batch, with_frames=True, by=alice)
    assert (lying(batch), seconds_in(other)) == ([], [0.0, 2.0, 6.0])

    archive_media(talk, by=alice)
    purge_media(talk, by=alice)
    work_off()
    assert (lying(other), Frame.objects.count()) == ([], 0)


def test_stopped_extraction_makes_nothing_and_frees_its_room(talk, batch, alice, work_off):
    extraction = extract_frames(talk, batch, Asked(SCENES), by=alice)
    assert frames_left(batch) == 0
    refused("too_many_frames", extract_frames, talk, batch, Asked(MOMENT, at=1), by=alice)

    stop_extraction(extraction, by=alice)
    work_off()

    assert (frames_left(batch), seconds_in(batch), lying(batch)) == (100, [], [])
    assert progress_of([extraction])[extraction.pk].state == "cancelled"


def test_full_batch_takes_the_scenes_that_it_has_not(talk, batch, alice, work_off):
    others = framed.frames(99, of=batch, media=make_media("Other"))
    extract_frames(talk, batch, Asked(SCENES), by=alice)
    work_off()
    others[0].delete()

    again = extract_frames(talk, batch, Asked(SCENES), by=alice)
    work_off()

    again.refresh_from_db()
    taken = Frame.objects.filter(batch=batch, media=talk).order_by("second")
    assert [frame.second for frame in taken] == [0.0, 6.0]
    assert (again.most, again.made, again.skipped) == (1, 1, 1)


def test_two_that_read_the_same_at_once_store_it_once(batch, alice, tmp_path):
    film = make_media()
    (tmp_path / "0.jpg").write_bytes(framed.jpeg())
    shots = [frames.Shot(tmp_path / "0.jpg", 0.0)]
    asked = [FrameExtraction.objects.create(media=film, batch=batch, mode="scenes", most=5) for _ in range(2)]

    for extraction in asked:
        store_frames(extraction, shots, repeats=1)

    told = FrameExtraction.objects.order_by("id").values_list("made", "skipped")
    assert (seconds_in(batch), list(told)) == ([0.0], [(1, 1), (0, 2)])


def test_room_is_held_for_what_is_under_way_and_looked_for_before_the_film_is_read(
    talk, batch, alice, work_off, organization
):
    used = storage_report().total
    organization.storage_ceiling = used + 10 * FRAME_BYTES
    organization.save()
    extraction = extract_frames(talk, batch, Asked(EVERY, interval=1), by=alice)

    refused("storage_full", extract_frames, talk, batch, Asked(EVERY, interval=3), by=alice)
    organization.storage_ceiling = used + FRAME_BYTES
    organization.save()
    work_off()

    job = Job.objects.get(subject_id=extraction.pk)
    assert (job.state, job.error_code, job.command) == ("queued", "storage_full", "")


@pytest.mark.parametrize(("asked", "pictures"), [(Asked(SCENES), 500), (Asked(EVERY, interval=2), 4)])
def test_work_waits_for_room_for_the_film_and_every_picture_it_writes(
    talk, batch, alice, work_off, settings, asked, pictures
):
    """Also for scenes that are left out once they are read."""
    settings.DISK_RESERVE_BYTES = 10**18
    extraction = extract_frames(talk, batch, asked, by=alice)

    work_off()

    job = Job.objects.get(subject_id=extraction.pk)
    needed = talk.rendition.size_bytes + pictures * FRAME_BYTES
    assert (job.state, job.error_code, job.error_detail.split(", ")[1]) == ("queued", "no_space", f"{needed} needed")


def test_stray_frames_are_cleaned_and_named_ones_stay(talk, batch, alice, work_off):
    extract_frames(talk, batch, Asked(MOMENT, at=1), by=alice)
    work_off()
    home = f"frames/{batch.organization_id}/{batch.folder}/{talk.pk}"
    stray = default_storage.save(f"{home}/frame_009.jpg", ContentFile(b"stray"))
    age(f"{home}/frame_001.jpg", stray)

    assert [one.name for one in clean_organization()] == [stray]
    assert [name for name in files() if name.startswith("frames/")] == [f"{home}/frame_001.jpg"]


@pytest.mark.django_db(transaction=True)
def test_who_stops_what_is_being_stored_is_told_that_it_is_too_late(organization, alice):
    with organization_scope(organization):
        batch, film = make_batch(by=alice), make_media(seconds=590)
        film.rendition.rungs = [{"name": "360p", "width": 640, "height": 360}]
        film.rendition.save()
        extraction = extract_frames(film, batch, Asked(SCENES), by=None)
    stored = threading.Event()

    def store():
        """As a worker does, which commits only when somebody waits for it to."""
        with transaction.atomic():
            Job.objects.filter(subject_id=extraction.pk).update(state="succeeded")
            stored.set()
            wait_until(somebody_waits, seconds=30, what="somebody waits")
        connection.close()

    worker = threading.Thread(target=store)
    worker.start()
    stored.wait()
    with organization_scope(organization):
        refused("nothing_to_cancel", stop_extraction, extraction, by=alice)
    worker.join()


def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid)"
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_limit_holds_under_two_extractions_at_once(organization, alice):
    """Each asks for sixty; together they would be twenty too many."""
    with organization_scope(organization):
        batch, film = make_batch(by=alice), make_media(seconds=600)
        film.rendition.rungs = [{"name": "360p", "width": 640, "height": 360}]
        film.rendition.save()
    outcomes, ready = [], threading.Barrier(2)

    def ask():
        try:
            with organization_scope(organization):
                mine, home = Media.objects.select_related("rendition").get(), UploadBatch.objects.get()
                ready.wait()
                outcomes.append(extract_frames(mine, home, Asked(EVERY, interval=10), by=None).most)
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, outcomes)) == ["60", "too_many_frames"]
    with organization_scope(organization):
        assert frames_left(batch) == 40
    assert Job.objects.filter(kind="extract_frames").count() == 1
