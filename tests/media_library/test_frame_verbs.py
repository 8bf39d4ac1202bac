"""Frames are annotated, moved and deleted: each stands in one place, and no file is left without its row."""

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from core.errors import Refused
from core.identifiers import uuid7
from core.tenancy import organization_scope
from media_library.frames.annotating import Region, annotate_frame, annotate_frames, region_of, version_of
from media_library.frames.deleting import delete_frames
from media_library.frames.exporting import export_frames, pictures_of, zip_of
from media_library.frames.finding import FrameFilter, frames_of
from media_library.frames.moving import move_frames
from media_library.frames.outcome import Outcome
from media_library.frames.using import begin_chapter, show_as_thumbnail
from media_library.models import Frame, UploadBatch
from tests.media_library.framed import batch, film, frames, jpeg
from tests.media_library.shelf import files


def keys(rows):
    return [row.pk for row in rows]


def opened(response):
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


@pytest.fixture
def tides(scope):
    return batch()


@pytest.fixture
def pier(tides):
    return frames(1, of=tides, media=film())[0]


def test_frames_of_a_batch_come_in_the_order_of_an_index(tides):
    """Nothing is sorted and nothing joined, however many there are."""
    for media in (film("One"), film("Two")):
        frames(3, of=tides, media=media)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")

    plan = frames_of(FrameFilter(batch=tides.pk)).explain()

    assert ("frame_by_batch" in plan, "Sort" in plan, "Join" in plan, "Nested" in plan) == (True, False, False, False)


def test_annotation_and_region_are_kept_and_taken_away(pier, alice):
    held = annotate_frame(pier, annotation=" The pier\r\nat noon ", region=Region(0.25, 0.5, 0.75, 0.50004), by=alice)

    pier.refresh_from_db()
    assert (pier.annotation, region_of(pier), pier.annotated_by) == (
        "The pier\nat noon", Region(0.25, 0.5, 0.75, 0.5), alice,
    )  # fmt: skip
    assert version_of(pier) == version_of(held) != ""
    annotate_frame(pier, annotation="", region=None, by=alice)
    pier.refresh_from_db()
    assert (pier.annotation, region_of(pier)) == ("", None)


@pytest.mark.parametrize(
    ("region", "code"),
    [
        (Region(-0.1, 0, 0.5, 0.5), "region_outside"),
        (Region(0.6, 0, 0.5, 0.5), "region_outside"),
        (Region(0, 0.9, 0.5, 0.2), "region_outside"),
        (Region(float("nan"), 0, 0.5, 0.5), "region_outside"),
        (Region(0, 0, float("inf"), 0.5), "region_outside"),
        (Region(0.5, 0.5, 0, 0.5), "region_too_small"),
    ],
)
def test_region_that_is_none_is_refused(pier, alice, region, code):
    with pytest.raises(Refused) as refusal:
        annotate_frame(pier, annotation="Pier", region=region, by=alice)

    pier.refresh_from_db()
    assert (refusal.value.code, list(refusal.value.fields), pier.annotation) == (code, ["region"], "")


def test_what_somebody_else_wrote_meanwhile_is_not_written_over_unseen(pier, alice):
    seen = version_of(pier)
    annotate_frame(pier, annotation="A pier", region=None, by=alice, version=seen)

    with pytest.raises(Refused) as refusal:
        annotate_frame(pier, annotation="A quay", region=None, by=alice, version=seen)

    pier.refresh_from_db()
    assert (refusal.value.code, refusal.value.status, pier.annotation) == ("annotated_meanwhile", 409, "A pier")
    assert "A pier" in refusal.value.message


def test_where_nothing_changes_nobody_wrote(tides, alice, bob):
    pier, quay = frames(2, of=tides, media=film())
    untouched = annotate_frame(pier, by=bob)
    written = annotate_frame(pier, annotation="A pier", region=Region(0, 0, 0.5, 1 / 3), by=alice)

    again = annotate_frame(pier, annotation=" A pier", region=Region(0, 0, 0.5, 1 / 3), by=bob)
    many = annotate_frames([pier.pk, quay.pk], annotation="A pier", by=bob)

    pier.refresh_from_db()
    assert (untouched.annotated_by, version_of(untouched)) == (None, "")
    assert version_of(again) == version_of(pier) == version_of(written)
    assert (pier.annotated_by, many) == (alice, Outcome(done=[quay.pk], kept=[pier.pk]))


@pytest.mark.parametrize("version", ["x", "2026-01-01", "2999-01-01T00:00:00+00:00"])
def test_version_that_never_was_is_told_as_that(pier, alice, version):
    told = []
    for words in ("A pier", "A quay"):
        with pytest.raises(Refused) as refusal:
            annotate_frame(pier, annotation=words, by=alice, version=version)
        told.append((refusal.value.code, refusal.value.status, list(refusal.value.fields)))
        annotate_frame(pier, annotation="A boat", by=alice)

    assert told == [("unknown_version", 400, ["version"])] * 2


def test_what_is_not_given_stays_as_a_colleague_left_it(pier, alice):
    seen_before = Frame.objects.get(pk=pier.pk)
    annotate_frame(pier, annotation="A pier", region=Region(0, 0, 0.5, 0.5), by=alice)

    annotate_frame(seen_before, region=None, by=alice)
    placed = annotate_frame(seen_before, region=Region(0, 0, 1, 1), by=alice)
    worded = annotate_frame(seen_before, annotation="A quay", by=alice)

    assert (placed.annotation, region_of(placed)) == ("A pier", Region(0, 0, 1, 1))
    assert (worded.annotation, region_of(worded)) == ("A quay", Region(0, 0, 1, 1))


def test_many_are_annotated_at_once_and_keep_their_regions(tides, alice):
    first, second = frames(2, of=tides, media=film())
    annotate_frame(first, annotation="", region=Region(0, 0, 0.5, 0.5), by=alice)
    gone = uuid7()

    outcome = annotate_frames([first.pk, second.pk, gone], annotation="Low water", by=alice)

    assert outcome == Outcome(done=[first.pk, second.pk], gone=[gone])
    told = [(one.annotation, region_of(one)) for one in Frame.objects.order_by("second")]
    assert told == [("Low water", Region(0, 0, 0.5, 0.5)), ("Low water", None)]


def test_frames_move_and_their_files_stay(tides, alice):
    moved, stays = frames(2, of=tides, media=film())
    other, gone = batch("Waves", position=2), uuid7()
    before = files()

    outcome = move_frames([moved.pk, gone], to=other, by=alice)

    assert outcome == Outcome(done=[moved.pk], gone=[gone])
    assert move_frames([moved.pk], to=other, by=alice) == Outcome(kept=[moved.pk])
    moved.refresh_from_db()
    stays.refresh_from_db()
    assert (moved.batch_id, stays.batch_id, files()) == (other.pk, tides.pk, before)


def test_batch_never_grows_above_its_limit(tides, alice):
    media, other = film(), batch("Waves", position=2)
    frames(99, of=other, media=media)
    two = frames(2, of=tides, media=media)

    with pytest.raises(Refused) as refusal:
        move_frames(keys(two), to=other, by=alice)

    assert (refusal.value.code, refusal.value.status) == ("too_many_frames", 409)
    assert Frame.objects.filter(batch=tides).count() == 2
    move_frames([two[0].pk], to=other, by=alice)
    assert Frame.objects.filter(batch=other).count() == 100


def test_batch_that_is_gone_takes_none(tides, alice):
    pier, other = frames(1, of=tides, media=film())[0], batch("Waves", position=2)
    UploadBatch.objects.filter(pk=other.pk).delete()

    with pytest.raises(Refused) as refusal:
        move_frames([pier.pk], to=other, by=alice)

    assert (refusal.value.code, refusal.value.status) == ("batch_gone", 404)


@pytest.mark.parametrize("number", [0, 501])
def test_none_and_too_many_at_once_are_refused(tides, alice, number):
    with pytest.raises(Refused) as refusal:
        delete_frames([uuid7() for _ in range(number)], by=alice)

    assert refusal.value.code == ("too_many_at_once" if number else "nothing_chosen")


@pytest.mark.django_db(transaction=True)
def test_two_moves_and_a_delete_at_once_leave_each_frame_in_one_place(organization, alice):
    with organization_scope(organization):
        media, tides, waves, winds = film(), batch(), batch("Waves", position=2), batch("Winds", position=3)
        named = keys(frames(100, of=tides, media=media))
        together = Barrier(3)

        def at_once(verb):
            try:
                with organization_scope(organization):
                    together.wait(10)
                    return verb()
            finally:
                connection.close()

        verbs = [
            lambda: move_frames(named, to=waves, by=alice),
            lambda: move_frames(list(reversed(named)), to=winds, by=alice),
            lambda: delete_frames(named[:50] + named[70:], by=alice),
        ]
        with ThreadPoolExecutor(3) as threads:
            moved, moved_too, deleted = threads.map(at_once, verbs)

        left = {frame.pk: frame for frame in Frame.objects.all()}
        assert (len(deleted.done), deleted.gone, set(left)) == (80, [], set(named[50:70]))
        assert len({frame.batch_id for frame in left.values()} - {waves.pk, winds.pk}) == 0
        assert {*moved.done, *moved.gone} == {*moved_too.done, *moved_too.gone} == set(named)
        assert files() == sorted(frame.path for frame in left.values())


@pytest.mark.django_db(transaction=True)
def test_file_goes_when_its_row_is_gone(organization, alice):
    with organization_scope(organization):
        pier = frames(1, of=batch(), media=film())[0]

        outcome = delete_frames([pier.pk, pier.pk], by=alice)

        assert (outcome, files(), Frame.objects.count()) == (Outcome(done=[pier.pk]), [], 0)


def test_zip_holds_each_picture_once_and_says_all_of_it(tides, alice):
    talk = film("Über den Hafen / ../../etc")
    first, second = frames(2, of=tides, media=talk, every=0.5)
    annotate_frame(second, annotation="Pier", region=Region(0, 0, 0.5, 0.25), by=alice)

    response = export_frames(Frame.objects.order_by("second"), name='Tides "1"\r\nX: y')

    assert response["Content-Disposition"] == 'attachment; filename="tides-1-x-y.zip"'
    with opened(response) as archive:
        names = [f"tides/uber-den-hafen-etc/00-00-00{end}.jpg" for end in ("", "-2")]
        assert (archive.testzip(), archive.namelist()) == (None, [*names, "manifest.json"])
        assert archive.read(names[0]) == jpeg()
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["missing"] == []
    assert manifest["frames"][1] == {
        "file": names[1], "id": str(second.pk), "media": {"id": str(talk.pk), "title": talk.title}, "second": 0.5,
        "time": "0:00", "batch": {"id": str(tides.pk), "name": "Tides"},
        "project": {"id": str(tides.project_id), "title": "Harbor films"}, "width": 64, "height": 36,
        "annotation": "Pier", "region": {"left": 0.0, "top": 0.0, "width": 0.5, "height": 0.25},
    }  # fmt: skip
    assert manifest["frames"][0]["region"] is None


def test_zip_is_written_piece_by_piece_and_tells_what_is_missing(tides):
    first, second = frames(2, of=tides, media=film(), content=jpeg((640, 360)) + b"\0" * 200_000)
    default_storage.delete(first.path)

    chunks = list(zip_of(pictures_of(Frame.objects.order_by("second"))))

    assert max(map(len, chunks)) < 70_000
    with zipfile.ZipFile(io.BytesIO(b"".join(chunks))) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert [[one["id"] for one in manifest[kind]] for kind in ("missing", "frames")] == [
        [str(first.pk)],
        [str(second.pk)],
    ]


def test_nothing_to_export_is_refused(tides):
    with pytest.raises(Refused) as refusal:
        export_frames(Frame.objects.all(), name="Tides")

    assert refusal.value.code == "nothing_chosen"


def test_frame_becomes_the_thumbnail_and_begins_a_chapter(tides, alice):
    media = film(chapters=[{"at": 0, "title": "Start"}, {"at": 4, "title": "Old name"}])
    frame = frames(3, of=tides, media=media)[2]

    show_as_thumbnail(frame, by=alice)
    begin_chapter(frame, title=" High\ntide ", by=alice)

    media.refresh_from_db()
    assert (media.is_thumbnail_chosen, default_storage.exists(media.thumbnail_path)) == (True, True)
    assert media.chapters == [{"at": 0.0, "title": "Start"}, {"at": 4.0, "title": "High tide"}]
    with pytest.raises(Refused) as refusal:
        begin_chapter(frame, title=" ", by=alice)
    assert refusal.value.code == "no_title"
