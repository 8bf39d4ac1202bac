"""What nobody needs goes, and never what a row names."""

import os
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from core.jobs import enqueue
from core.models import Job
from core.tenancy import organization_scope
from media_library.models import Media, Rendition, Storyboard, Upload
from media_library.services.cleaning import clean_organization
from media_library.services.site import change_site_configuration
from media_library.storage import adopt_folder, link_files, remove_folder
from tests.media_library.shelf import age, files, files_of, film, home_of, rendition, stored, storyboard, upload

pytestmark = pytest.mark.usefixtures("scope")


@pytest.fixture(autouse=True)
def uploads_of_their_own(settings, tmp_path):
    settings.UPLOADS_DIR = tmp_path / "uploads"


def clean(*arguments):
    """What it says, line by line."""
    out = StringIO()
    with organization_scope(None):
        call_command("clean_storage", *arguments, stdout=out)
    return out.getvalue().splitlines()


def make_older(rows, **ago):
    rows.update(created_at=timezone.now() - timedelta(**ago))


def test_nothing_that_a_row_names_is_touched(alice):
    media = film(creator=alice)
    for kind in ("mp4", "mp3", "m4a"):
        rendition(media, kind, kind)
    age(*files(), days=400)
    before = files()

    assert clean() == ["0 files removed, 0 B."]
    assert files() == before


def test_files_that_no_row_names_go_after_a_day(alice):
    media = film(creator=alice)
    stray = [
        f"{home_of(media)}/{name}" for name in ("renditions/dead/master.m3u8", "source/other.mp4", "audio/a/a.mp3")
    ]
    gone = stored(f"{str(home_of(media)).replace(str(media.pk), str(uuid4()))}/source/film.mp4")
    for name in stray:
        stored(name)
    before = files_of(media)
    assert clean() == ["0 files removed, 0 B."]

    age(*stray, gone)

    assert clean() == ["4 files removed, 40 B."]
    assert files_of(media) == sorted(set(before) - {name.removeprefix(f"{home_of(media)}/") for name in stray})
    assert len(files()) == 5


def test_folders_that_were_emptied_go_along(organization, settings):
    orphan = uuid4()
    home = f"{organization.pk}/{orphan}"
    age(stored(f"{home}/renditions/dead/master.m3u8"))

    clean()

    assert [path.name for path in (Path(settings.MEDIA_ROOT) / home).parent.iterdir()] == []


def test_superseded_renditions_go_when_the_new_one_is_a_day_old(alice):
    media = film(creator=alice)
    old = [media.rendition, rendition(media, "mp3", "mp3-old"), rendition(media, "m4a", "m4a-only")]
    new = [rendition(media, "hls", "second"), rendition(media, "mp3", "mp3-new")]
    Media.objects.update(rendition=new[0])
    age(*files(), days=3)
    make_older(Rendition.objects.all(), hours=23)
    assert clean() == ["0 files removed, 0 B."]

    make_older(Rendition.objects.all(), hours=25)

    assert clean() == ["4 files removed, 100 B."]
    assert {*Rendition.objects.all()} == {*new, old[2]}
    assert [name for name in files_of(media) if "first" in name] == ["pictures/first/0001.jpg"]


def test_what_plays_now_stays_though_it_is_not_the_newest(alice):
    media = film(creator=alice)
    rendition(media, "hls", "second")
    make_older(Rendition.objects.all(), days=9)
    age(*files(), days=9)

    assert clean() == ["0 files removed, 0 B."]


def test_thumbnail_out_of_an_older_storyboard_stays(alice):
    media = film(creator=alice)
    stored(f"{media.storyboard.folder}/0002.jpg")
    second = storyboard(media, "second")
    Media.objects.update(storyboard=second)
    make_older(Storyboard.objects.all(), days=2)
    age(*files())

    assert clean() == ["1 files removed, 10 B."]
    assert [*Storyboard.objects.all()] == [second]
    assert [name for name in files_of(media) if "pictures" in name] == [
        "pictures/first/0001.jpg",
        "pictures/second/0001.jpg",
    ]


def test_dry_run_lists_what_would_go_and_touches_nothing(alice):
    media = film(creator=alice)
    stray = stored(f"{home_of(media)}/source/other.mp4", 12)
    new = rendition(media, "hls", "second")
    Media.objects.update(rendition=new)
    make_older(Rendition.objects.all(), days=2)
    age(*files())
    before = files()

    said = clean("--dry-run")

    old = f"{home_of(media)}/renditions/first"
    assert sorted(said) == sorted(
        [f"12 {stray}", f"20 {old}/master.m3u8", f"30 {old}/v0_000.m4s", "3 files would go, 62 B."]
    )
    assert (files(), Rendition.objects.count()) == (before, 2)


def test_crash_in_the_middle_leaves_nothing_that_the_next_run_does_not_find(alice):
    media = film(creator=alice)
    new = rendition(media, "hls", "second")
    Media.objects.update(rendition=new)
    make_older(Rendition.objects.all(), days=2)
    age(*files())

    next(clean_organization())  # one file is gone, the rest is not
    assert (Rendition.objects.count(), len(files())) == (1, 6)

    assert clean() == ["1 files removed, 30 B."]
    assert [name for name in files_of(media) if name.startswith("renditions")] == [
        "renditions/second/master.m3u8", "renditions/second/v0_000.m4s",
    ]  # fmt: skip


def test_copied_parts_of_a_rendition_that_is_being_published_are_young(settings, tmp_path):
    """They are links to files that may be old; the cleaning may have asked what is published just before."""
    media = film()
    age(*files(), days=9)
    made = tmp_path / "made"
    made.mkdir()

    link_files(media.rendition.folder, made, wanted=lambda name: name.endswith(".m4s"))
    adopt_folder(made, f"{home_of(media)}/renditions/second")

    assert clean() == ["0 files removed, 0 B."]
    assert f"{home_of(media)}/renditions/second/v0_000.m4s" in files()


@pytest.mark.parametrize("state", ["cancelled", "expired"])
def test_file_of_an_upload_that_was_given_up_goes(alice, state):
    """Whoever gave it up was killed before its file was removed."""
    film(creator=alice)
    Upload.objects.update(state=state, media=None)
    Media.objects.all().delete()
    age(*files())

    clean()

    assert files() == []


def test_no_folder_is_not_the_whole_storage(alice):
    film(creator=alice)
    before = files()

    for name in ("", "."):
        remove_folder(name)

    assert files() == before


def test_uploads_that_have_no_media_yet_keep_their_file(alice):
    media = film(creator=alice)
    Upload.objects.all().delete()
    upload(media, alice, state="receiving")
    Media.objects.all().delete()
    age(*files())

    clean()

    assert files_of(media) == ["source/captions.vtt", "source/film.mp4"]


def test_former_storage_prefixes_are_cleaned_too(alice):
    change_site_configuration(by=alice, storage_prefix="attic")
    change_site_configuration(by=alice, storage_prefix="cellar")
    media = film(creator=alice)
    strays = [stored(f"{prefix}/{home_of(media)}/source/old.mp4") for prefix in ("attic", "cellar")]
    age(*strays)

    assert clean() == ["2 files removed, 20 B."]
    assert len(files()) == 5


def test_other_files_of_the_storage_are_not_looked_at(alice, organization):
    others = [
        stored(name) for name in ("notes.txt", f"{organization.pk}/covers/c.jpg", f"{uuid4()}/{uuid4()}/film.mp4")
    ]
    age(*others, days=100)

    assert clean() == ["0 files removed, 0 B."]
    assert files() == sorted(others)


# This machine


def local(folder, name, *, days, size=7):
    path = Path(folder) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    then = timezone.now().timestamp() - days * 86400
    for one in (path, *[parent for parent in path.parents if Path(folder) in parent.parents]):
        os.utime(one, (then, then))
    return path


def test_scratch_folders_of_dead_attempts_go(alice, settings):
    dead, alive = (enqueue("process_media", uuid4(), key=key) for key in ("dead", "alive"))
    Job.objects.filter(pk=alive.pk).update(
        state="running", lease_token=uuid4(), lease_expires_at=timezone.now() + timedelta(hours=1)
    )
    gone = local(settings.SCRATCH_DIR, f"{dead.pk}-{uuid4()}/rendition/v0.m4s", days=2)
    kept = [
        local(settings.SCRATCH_DIR, f"{alive.pk}-{uuid4()}/rendition/v0.m4s", days=2),
        local(settings.SCRATCH_DIR, f"{dead.pk}-{uuid4()}/rendition/v0.m4s", days=0),
    ]

    assert clean() == ["1 files removed, 7 B."]
    assert (gone.exists(), [path.exists() for path in kept]) == (False, [True, True])


def test_part_files_of_dead_uploads_go(alice, settings):
    media = film(creator=alice)
    done = local(settings.UPLOADS_DIR, f"{media.pk}.part", days=2)
    nobodys = local(settings.UPLOADS_DIR, "tmp1234.upload.mp4", days=2)
    Upload.objects.create(
        id=(key := uuid4()), owner=alice, filename="a", size_bytes=9, method="tus", storage_path="a",
        expires_at=timezone.now(),
    )  # fmt: skip
    paused, young = local(settings.UPLOADS_DIR, f"{key}.part", days=6), local(settings.UPLOADS_DIR, "new", days=0)

    assert clean() == ["2 files removed, 14 B."]
    assert [path.exists() for path in (done, nobodys, paused, young)] == [False, False, True, True]


def test_schedule_cleans_every_organization(alice, other_organization, work_off):
    with organization_scope(other_organization):
        age(stored(f"{other_organization.pk}/{uuid4()}/source/film.mp4"))
    with organization_scope(None):
        enqueue("clean_storage", key="today")

    work_off()

    with organization_scope(None):
        assert (files(), Job.objects.get(kind="clean_storage").state) == ([], "succeeded")
