"""What is drawn of a film: sheets to find a place by, candidates for its thumbnail."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image

from core.jobs import enqueue
from core.models import Job
from core.models.job import JobState
from media_library.ffmpeg.sheets import Tiling
from media_library.models import Media, Storyboard
from media_library.services.picturing import previews
from media_library.services.thumbnails import choose_thumbnail
from media_library.services.uploads import upload_media

pytestmark = pytest.mark.usefixtures("scope")


@pytest.fixture
def drawn(samples, alice, work_off) -> Callable[[str], Media]:
    """An upload with all the work on it done."""

    def upload(name: str) -> Media:
        media = upload_media(ContentFile(samples[name].read_bytes(), name=name), by=alice)
        work_off()
        media.refresh_from_db()
        return media

    return upload


def draw_again(media: Media, work_off: Callable[[], int]) -> Job:
    job = enqueue("draw_pictures", media.pk, key=f"again:{media.pk}")
    work_off()
    job.refresh_from_db()
    media.refresh_from_db()
    return job


def files_of(storyboard: Storyboard) -> list[str]:
    return sorted(path.name for path in (settings.MEDIA_ROOT / storyboard.folder).iterdir())


def test_film_gets_sheets_and_candidates(drawn):
    media = drawn("wide.mp4")

    storyboard = media.storyboard
    candidates = [f"candidate_{number}.jpg" for number in range(6)]
    assert files_of(storyboard) == [*candidates, "previews.vtt", "sheet_0.jpg"]
    assert (storyboard.columns, storyboard.rows, storyboard.tiles, storyboard.interval) == (8, 1, 8, 1.0)
    assert (storyboard.tile_width, storyboard.tile_height, storyboard.sheets) == (160, 90, ["sheet_0.jpg"])
    assert [one["file"] for one in storyboard.candidates] == candidates
    assert sorted(one["at"] for one in storyboard.candidates) == sorted({one["at"] for one in storyboard.candidates})
    assert media.thumbnail_path == f"{storyboard.folder}/candidate_0.jpg"
    sizes = [path.stat().st_size for path in (settings.MEDIA_ROOT / storyboard.folder).iterdir()]
    assert storyboard.size_bytes == sum(sizes)


def test_previews_of_a_film_name_its_sheet(drawn):
    storyboard = drawn("portrait.mp4").storyboard

    text = (settings.MEDIA_ROOT / storyboard.folder / "previews.vtt").read_text()
    assert text.split("\n\n")[:3] == [
        "WEBVTT",
        "00:00:00.000 --> 00:00:01.000\nsheet_0.jpg#xywh=0,0,90,160",
        "00:00:01.000 --> 00:00:02.000\nsheet_0.jpg#xywh=90,0,90,160",
    ]


def test_candidates_are_pictures_for_cards(drawn):
    storyboard = drawn("portrait.mp4").storyboard

    for candidate in storyboard.candidates:
        with Image.open(settings.MEDIA_ROOT / storyboard.folder / candidate["file"]) as picture:
            assert (picture.format, picture.size) == ("JPEG", (1280, 720))


def test_candidate_shows_its_second(drawn):
    storyboard = drawn("steps.mp4").storyboard

    shown = {}
    for candidate in storyboard.candidates:
        with Image.open(settings.MEDIA_ROOT / storyboard.folder / candidate["file"]) as picture:
            shown[candidate["at"]] = round(picture.convert("L").getpixel((640, 360)) / 42)
    assert shown == {at: int(at) for at in shown}


def test_while_only_large_pictures_play_the_source_is_read(drawn, work_off):
    media = drawn("steps.mp4")
    [*_, smallest] = media.rendition.rungs
    media.rendition.rungs = [{**smallest, "width": 1280, "height": 720}]
    media.rendition.save()

    job = draw_again(media, work_off)

    assert (media.source_path in job.command, media.storyboard.tiles) == (True, 6)


def test_drawing_sound_alone_ends_well(drawn, work_off):
    media = drawn("tone.mp3")

    job = draw_again(media, work_off)

    assert (job.state, media.storyboard, Storyboard.objects.count()) == (JobState.SUCCEEDED, None, 0)


def test_drawing_again_shows_the_new_pictures(drawn, work_off):
    media = drawn("silent.mp4")
    before = media.storyboard

    draw_again(media, work_off)

    assert media.storyboard != before
    assert media.thumbnail_path == f"{media.storyboard.folder}/candidate_0.jpg"
    assert files_of(before) == files_of(media.storyboard)  # whoever watches still has theirs


def test_chosen_picture_stays_when_others_are_drawn(drawn, work_off, alice):
    media = drawn("silent.mp4")
    choose_thumbnail(media, candidate="candidate_1.jpg", by=alice)
    chosen = media.thumbnail_path

    draw_again(media, work_off)

    assert (media.is_thumbnail_chosen, media.thumbnail_path) == (True, chosen)


def test_lost_rendition_is_told_and_leaves_nothing(drawn, work_off):
    media = drawn("silent.mp4")
    for path in (settings.MEDIA_ROOT / media.rendition.folder).iterdir():
        path.unlink()

    job = draw_again(media, work_off)

    assert (job.state, job.attempt, job.error_code) == (JobState.FAILED, 1, "rendition_missing")
    assert (Storyboard.objects.count(), list(settings.SCRATCH_DIR.iterdir())) == (1, [])


def test_previews_end_with_the_film():
    cues = previews(Tiling(160, 90, 2.0), 2, 5.5).split("\n\n")

    assert cues[1:] == [
        "00:00:00.000 --> 00:00:02.000\nsheet_0.jpg#xywh=0,0,160,90",
        "00:00:02.000 --> 00:00:05.500\nsheet_0.jpg#xywh=160,0,160,90\n",
    ]
