"""Frames in the back office: a grid by batch, quick however many there are, and one frame with what is noted on it."""

import io
import json
import re
import zipfile

import pytest
from django.test import Client

from core.identifiers import uuid7
from media_library.frames.annotating import Region, annotate_frame, region_of
from media_library.models import Frame, UploadBatch
from tests.media_library.framed import batch, film, frames

GRID = "/admin/frames/"


@pytest.fixture
def tides(scope):
    return batch()


@pytest.fixture
def back_office(client_of, alice):
    client = client_of(alice)
    client.get("/admin/")
    return client


def chosen(answer):
    return re.findall(r'name="frame" value="([^"]+)"', answer.content.decode())


def batches(answer):
    return re.findall(r'data-batch="([^"]+)"', answer.content.decode())


def texts():
    return Frame.objects.order_by("second").values_list("annotation", flat=True)


def told(answer):
    return [str(message) for message in answer.context["messages"]]


def change(client, **sent):
    return client.post(f"{GRID}change/", sent, follow=True)


def test_batches_stand_in_the_grid_and_their_pictures_are_fetched(back_office, tides):
    first, second = frames(2, of=tides, media=film())
    empty = batch("Empty", position=2)

    page = back_office.get(GRID)
    section = back_office.get(f"{GRID}batches/{tides.pk}/")
    alone = back_office.get(f"{GRID}?batch={tides.pk}")

    assert (batches(page), chosen(page)) == ([str(tides.pk)], [])
    assert chosen(section) == chosen(alone) == [str(first.pk), str(second.pk)]
    assert f'src="/harbor/frames/{first.pk}/small.jpg"' in section.content.decode()
    assert chosen(back_office.get(f"{GRID}batches/{empty.pk}/")) == []
    assert back_office.get(f"{GRID}batches/{uuid7()}/").status_code == 404


def test_grid_is_quick_with_five_thousand_frames(back_office, tides, django_assert_num_queries):
    talk = film()
    one = frames(1, of=tides, media=talk)[0]
    back_office.get(GRID)
    with django_assert_num_queries(11):
        back_office.get(GRID)
    others = UploadBatch.objects.bulk_create(
        UploadBatch(project=tides.project, name=f"Day {n}", date=tides.date, position=n, folder=f"day-{n}")
        for n in range(2, 51)
    )
    Frame.objects.bulk_create(
        Frame(
            batch=other, media=talk, second=n, path=f"{other.folder}/{n}.jpg", width=64, height=36, size_bytes=9,
            annotation="A pier " * 50,
        )
        for other in others for n in range(100)
    )  # fmt: skip

    with django_assert_num_queries(11):
        page = back_office.get(GRID)
    with django_assert_num_queries(7):
        section = back_office.get(f"{GRID}batches/{others[0].pk}/?annotated=1&q=pier")
    with django_assert_num_queries(8):
        back_office.get(f"{GRID}{one.pk}/")

    assert (len(batches(page)), len(page.content) < 200_000) == (50, True)
    assert (len(chosen(section)), len(section.content) < 60_000) == (50, True)
    assert len(chosen(back_office.get(f"{GRID}batches/{others[0].pk}/?part=2"))) == 50


def test_grid_is_narrowed(back_office, alice, tides):
    first, second = frames(2, of=tides, media=film())
    other = batch("Waves", position=2)
    third = frames(1, of=other, media=film("Waves"))[0]
    annotate_frame(second, annotation="The pier", region=None, by=alice)
    annotate_frame(third, annotation="", region=Region(0, 0, 1, 1), by=alice)

    shown = {
        query: (
            len(batches(back_office.get(f"{GRID}?{query}"))),
            chosen(back_office.get(f"{GRID}?batch={tides.pk}&{query}")),
        )
        for query in ("annotated=1", "annotated=0", "q=pier", f"media={third.media_id}", "media=nonsense&q=pier")
    }

    assert list(shown.values()) == [
        (2, [str(second.pk)]), (1, [str(first.pk)]), (1, [str(second.pk)]), (1, []), (1, [str(second.pk)]),
    ]  # fmt: skip


def test_chosen_frames_are_moved_annotated_and_deleted(back_office, tides):
    media, other = film(), batch("Waves", position=2)
    first, second = frames(2, of=tides, media=media)
    named, gone = [first.pk, second.pk], uuid7()

    moved = change(back_office, frame=[*named, gone], do="move", batch=other.pk, back=f"{GRID}?annotated=0")
    noted = change(back_office, frame=named, do="annotate", annotation="Low water", sure="1")
    asked = change(back_office, frame=[first.pk], do="delete")
    kept = Frame.objects.count()
    deleted = change(back_office, frame=[first.pk], do="delete", sure="1", back="https://evil.test/")

    assert (told(moved), moved.redirect_chain[0][0]) == (["Moved: 2. Gone meanwhile: 1."], f"{GRID}?annotated=0")
    assert (told(noted), [one.annotation for one in Frame.objects.all()]) == (["Annotated: 2."], ["Low water"])
    assert (chosen(asked), kept, "1 of them is annotated." in asked.content.decode()) == ([str(first.pk)], 2, True)
    assert (told(deleted), deleted.redirect_chain[0][0]) == (["Deleted: 1."], GRID)
    assert list(Frame.objects.values_list("pk", "batch")) == [(second.pk, other.pk)]


def test_annotation_of_many_is_asked_first_and_kept_where_it_is_refused(back_office, tides, alice):
    first, second = frames(2, of=tides, media=film())
    annotate_frame(first, annotation="A quay", region=Region(0, 0, 1, 1), by=alice)
    named = [first.pk, second.pk]

    asked = change(back_office, frame=named, do="annotate")
    refused = change(back_office, frame=named, do="annotate", annotation="x" * 2001, sure="1")
    same = change(back_office, frame=[first.pk], do="annotate")
    before = list(texts())
    emptied = change(back_office, frame=named, do="annotate", annotation="", sure="1")

    assert "1 of them has a text already" in asked.content.decode()
    assert (chosen(asked), before) == ([str(key) for key in named], ["A quay", ""])
    assert (refused.status_code, "At most 2000 characters" in refused.content.decode()) == (400, True)
    assert f">{'x' * 2001}</textarea>" in refused.content.decode()
    assert ">A quay</textarea>" in same.content.decode()
    assert (told(emptied), list(texts())) == (["Texts taken away: 1. So already: 1."], ["", ""])
    first.refresh_from_db()
    assert region_of(first) == Region(0, 0, 1, 1)


@pytest.mark.parametrize("sent", [{}, {"frame": "x"}, {"do": "burn"}, {"do": "delete"}])
def test_what_cannot_be_done_is_told(back_office, tides, sent):
    named = {"frame": str(frames(1, of=tides, media=film())[0].pk)} if "do" in sent else {}
    gone = {"frame": str(uuid7())} if sent == {"do": "delete"} else {}

    answer = change(back_office, **named | sent | gone)

    assert (answer.status_code, len(told(answer)), Frame.objects.count()) == (200, 1, 1 if named else 0)


@pytest.mark.parametrize(
    ("target", "status", "words"),
    [
        ("", 400, "Please choose the batch to move them to."),
        ("full", 409, "“Full” takes 1 more frame; a batch has at most 100."),
    ],
)
def test_choice_stays_where_a_move_is_refused(back_office, tides, target, status, words):
    media, full = film(), batch("Full", position=2)
    named = [str(one.pk) for one in frames(2, of=tides, media=media)]
    frames(99, of=full, media=film("Other"))

    refused = change(back_office, frame=named, do="move", batch=full.pk if target else "", back=f"{GRID}?annotated=0")
    page = refused.content.decode()
    moved = change(back_office, frame=named[:1], do="move", batch=full.pk, back=f"{GRID}?annotated=0")

    assert (refused.status_code, words in page, chosen(refused)) == (status, True, named)
    assert page.count(" checked>") == 2
    assert (f'value="{full.pk}" selected' in page, f'value="{GRID}?annotated=0"' in page) == (bool(target), True)
    assert (told(moved), moved.redirect_chain[0][0]) == (["Moved: 1."], f"{GRID}?annotated=0")


def test_text_written_after_the_question_is_not_written_over(back_office, tides, alice):
    """It is told with what is there now; whoever saves again means it."""
    first, second = frames(2, of=tides, media=film())
    named = [first.pk, second.pk]

    def version(answer):
        return re.search(r'name="version" value="([^"]+)"', answer.content.decode()).group(1)

    asked = change(back_office, frame=named, do="annotate")
    annotate_frame(second, annotation="A quay", region=None, by=alice)
    sent = {"frame": named, "do": "annotate", "annotation": "A pier", "sure": "1"}
    late = change(back_office, **sent, version=version(asked))
    before = list(texts())
    again = change(back_office, **sent, version=version(late))

    page = late.content.decode()
    assert (late.status_code, "A quay" in page, "A pier</textarea>" in page) == (409, True, True)
    assert "Somebody wrote on one of them meanwhile." in page
    assert (before, told(again), list(texts())) == (["", "A quay"], ["Annotated: 2."], ["A pier", "A pier"])


def test_batch_and_chosen_frames_are_exported(back_office, tides):
    first, second = frames(2, of=tides, media=film())

    whole = back_office.get(f"{GRID}export/?batch={tides.pk}")
    some = back_office.post(f"{GRID}change/", {"frame": [second.pk], "do": "export"})
    nothing = back_office.get(f"{GRID}export/?batch={uuid7()}", follow=True)

    names = []
    for answer in (whole, some):
        with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
            names.append([one["id"] for one in json.loads(archive.read("manifest.json"))["frames"]])
    assert names == [[str(first.pk), str(second.pk)], [str(second.pk)]]
    assert whole["Content-Disposition"] == 'attachment; filename="harbor-tides.zip"'
    assert told(nothing) == ["There are no frames to export."]


def test_annotation_is_saved_and_nothing_is_lost_on_error(back_office, tides, alice):
    pier = frames(1, of=tides, media=film())[0]
    page = f"{GRID}{pier.pk}/"
    region = {"left": "25", "top": "0", "width": "50.5", "height": "100"}

    saved = back_office.post(page, {"annotation": "A pier", "version": "", **region}, follow=True)
    half = back_office.post(page, {"annotation": "A long quay", "left": "25"})
    outside = back_office.post(page, {"annotation": "A long quay", **region, "left": "60"})

    pier.refresh_from_db()
    assert (told(saved), pier.annotation, region_of(pier)) == (["Saved."], "A pier", Region(0.25, 0, 0.505, 1))
    assert [one.status_code for one in (half, outside)] == [400, 400]
    for answer in (half, outside):
        assert "A long quay</textarea>" in answer.content.decode()
    assert 'value="60"' in outside.content.decode()


def test_second_writer_is_told_and_may_write_over_it(back_office, tides, alice):
    pier = frames(1, of=tides, media=film())[0]
    page = f"{GRID}{pier.pk}/"
    annotate_frame(pier, annotation="A quay", region=None, by=alice)

    late = back_office.post(page, {"annotation": "A pier", "version": ""})
    version = re.search(r'name="version" value="([^"]+)"', late.content.decode()).group(1)
    again = back_office.post(page, {"annotation": "A pier", "version": version}, follow=True)

    assert (late.status_code, "“A quay”" in late.content.decode()) == (409, True)
    assert "A pier</textarea>" in late.content.decode()
    assert (told(again), Frame.objects.get().annotation) == (["Saved."], "A pier")


def test_frame_leads_on(back_office, tides):
    media = film()
    first, second, third = frames(3, of=tides, media=media)

    page = back_office.get(f"{GRID}{second.pk}/").content.decode()
    thumbnail = back_office.post(f"{GRID}{second.pk}/use/", follow=True)
    chapter = back_office.post(f"{GRID}{second.pk}/use/", {"title": "High tide"}, follow=True)
    nameless = back_office.post(f"{GRID}{second.pk}/use/", {"title": " "}, follow=True)

    assert f'rel="prev" href="{GRID}{first.pk}/"' in page
    assert f'rel="next" href="{GRID}{third.pk}/"' in page
    assert f'href="/harbor/media/{media.pk}/?t=2"' in page
    assert [told(one)[0] for one in (thumbnail, chapter, nameless)] == [
        "The picture stands for its media now.", "A chapter begins here now.", "What is the chapter called?",
    ]  # fmt: skip
    media.refresh_from_db()
    assert (media.chapters, media.is_thumbnail_chosen) == ([{"at": 2.0, "title": "High tide"}], True)


def test_frames_are_for_makers_here(client_of, bob, charlie, tides):
    pier = frames(1, of=tides, media=film())[0]
    stranger: Client = client_of(charlie)

    assert client_of(bob).get(GRID).status_code in (302, 403)
    assert stranger.get(f"{GRID}{pier.pk}/").status_code == 404
    assert stranger.get(f"{GRID}batches/{tides.pk}/").status_code == 404
    assert told(change(stranger, frame=pier.pk, do="delete", sure="1")) == ["Deleted: 0. Gone meanwhile: 1."]
    assert Frame.objects.count() == 1
