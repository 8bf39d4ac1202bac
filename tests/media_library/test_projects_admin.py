"""Projects, batches and taking frames in the back office."""

import re

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from core.models import AuditEntry
from media_library.batches.batches import change_batch, delete_batch
from media_library.batches.extracting import Asked, extract_frames, stop_extraction
from media_library.frames.deleting import delete_frames
from media_library.frames.moving import move_frames
from media_library.models import ExtractionMode, Frame, FrameExtraction, Media, Project, UploadBatch
from media_library.services.uploads import upload_media
from tests.courses.school import make_media
from tests.media_library.framing import make_batch

UPLOAD = reverse("admin:media_library_media_add")
LIST = reverse("admin:media_library_media_changelist")


@pytest.fixture
def batch(scope, alice):
    return make_batch(by=alice)


@pytest.fixture
def film(batch):
    media = make_media("Film", seconds=100)
    media.rendition.rungs = [{"name": "360p", "width": 640, "height": 360, "bitrate": 1}]
    media.rendition.save()
    return media


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def page_of(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def test_batches_are_named_and_put_in_order_in_their_project(batch, alice, client_of):
    second = make_batch("Summer", project=batch.project, by=alice)
    body = {"title": "Talks", "description": "", "batches-TOTAL_FORMS": 3, "batches-INITIAL_FORMS": 2}
    rows = [(batch.pk, "Early spring", 2), (second.pk, "Summer", 1), ("", "Autumn", "")]
    for number, (key, name, position) in enumerate(rows):
        row = {"id": key, "project": batch.project_id, "name": name, "position": position, "date": "2026-03-01"}
        body |= {f"batches-{number}-{field}": value for field, value in row.items()}

    answer = client_of(alice).post(page_of(batch.project), body)

    assert answer.status_code == 302, words(answer)
    names = UploadBatch.objects.order_by("position").values_list("name", "position")
    assert list(names) == [("Summer", 1), ("Early spring", 2), ("Autumn", 3)]
    assert UploadBatch.objects.get(pk=batch.pk).folder == batch.folder


def rows_of(project, *rows, initial):
    body = {"title": project.title, "description": "", "batches-TOTAL_FORMS": len(rows)}
    body["batches-INITIAL_FORMS"] = initial
    for number, (key, name) in enumerate(rows):
        row = {"id": key, "project": project.pk, "name": name, "position": number + 1, "date": "2026-03-01"}
        body |= {f"batches-{number}-{field}": value for field, value in row.items()}
    return body


def test_two_batches_change_names_in_one_save(batch, alice, client_of):
    second = make_batch("Summer", project=batch.project, by=alice)
    body = rows_of(batch.project, (batch.pk, "Summer"), (second.pk, "Spring"), initial=2)

    client_of(alice).post(page_of(batch.project), body)

    page = client_of(alice).get(page_of(batch.project))
    assert list(UploadBatch.objects.order_by("position").values_list("name", flat=True)) == ["Summer", "Spring"]
    told = ["“Spring” is called “Summer” now.", "“Summer” is called “Spring” now."]
    assert [one for one in told if one in words(page)] == told


def test_name_that_stands_twice_is_told_at_its_row(batch, alice, client_of):
    """Also one that somebody gave to a batch that the form does not show."""
    make_batch("Autumn", project=batch.project, by=alice)
    rows = [(batch.pk, "Spring"), ("", " Spring"), ("", "Autumn"), ("", "Winter")]

    page = client_of(alice).post(page_of(batch.project), rows_of(batch.project, *rows, initial=1))

    formset = page.context["inline_admin_formsets"][0].formset
    told = {"name": ["The project has a batch of this name already."]}
    assert formset.errors == [{}, told, told, {}]
    assert "Please correct the duplicate" not in words(page)
    assert UploadBatch.objects.count() == 2


def test_history_of_a_project_speaks_in_words(batch, film, alice, client_of):
    other, gone = (make_batch(name, project=batch.project, by=alice) for name in ("Summer", "Gone"))
    made = [
        Frame.objects.create(batch=home, media=film, second=n, path=f"{n}", width=1, height=1, size_bytes=5)
        for n, home in enumerate([batch, batch, gone])
    ]
    stop_extraction(extract_frames(film, batch, Asked(ExtractionMode.MOMENT, at=12.35), by=alice), by=alice)
    extract_frames(film, batch, Asked(ExtractionMode.EVERY, interval=2.5), by=alice)
    upload_media(ContentFile(b"x" * 20, name="new.mp4"), batch=batch, by=alice)
    change_batch(batch, name="Early spring", by=alice)
    move_frames([made[0].pk], to=other, by=alice)
    delete_frames([made[1].pk], by=alice)
    delete_batch(gone, with_frames=True, by=alice)

    text = words(client_of(alice).get(page_of(batch.project)))

    told = [
        "The batch “Gone” was deleted with 1 frame.",
        "1 frame of “Early spring” deleted.",
        "1 frame of “Early spring” moved to “Summer”.",
        "“Spring” is called “Early spring” now.",
        "Uploaded new.mp4 (Checking)",
        "Frames asked for Film (every 2.5 s, Waiting)",
        "Frames asked for Film (at 12.35 s, Cancelled)",
    ]
    assert [one for one in told if one in text] == told


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_a_project_tells_how_each_batch_goes(batch, film, alice, client_of, count, django_assert_num_queries):
    for number in range(count):
        media, home = make_media(f"Talk {number}"), make_batch(f"Week {number}", project=batch.project, by=alice)
        Media.objects.filter(pk=media.pk).update(batch=home)
        Frame.objects.create(batch=home, media=film, second=1, path=f"{number}", width=1, height=1, size_bytes=5)
    client = client_of(alice)
    client.get(page_of(batch.project))

    with django_assert_num_queries(16):
        text = words(client.get(page_of(batch.project)))

    told = [f"1 of 1 media ready : Week {number} 1 frame : Week {number}" for number in range(count)]
    assert [one for one in told if one in text] == told
    assert "Added Talk 0" in text


def test_batch_is_made_on_the_upload_page_and_chosen_there(batch, alice, client_of):
    client = client_of(alice)
    new = {"name": "Winter", "project": "", "project_title": "More talks"}

    answer = client.post(reverse("admin:media_library_project_batch"), new, follow=True)

    made = UploadBatch.objects.get(name="Winter")
    assert (made.project.title, made.created_by) == ("More talks", alice)
    assert f'<option value="{made.pk}" selected>Winter</option>' in answer.content.decode()
    again = client.post(reverse("admin:media_library_project_batch"), {**new, "project": made.project_id}, follow=True)
    assert "The project has a batch of this name already." in words(again)


def test_media_are_put_into_a_batch_and_found_by_it(batch, film, alice, client_of):
    client, other = client_of(alice), make_media("Other")
    chosen = {"action": "batch_selected", "_selected_action": [str(film.pk)]}

    question = client.post(LIST, chosen)
    assert "Put 1 media item into the batch" in words(question)
    client.post(LIST, {**chosen, "batch": str(batch.pk)})

    assert list(Media.objects.filter(batch=batch)) == [film]
    for query in (f"batch={batch.pk}", f"project={batch.project_id}"):
        listed = words(client.get(f"{LIST}?{query}"))
        assert ("Film" in listed, other.title in listed) == (True, False)


def test_frames_are_taken_from_the_page_of_media(batch, film, alice, client_of):
    client = client_of(alice)
    take = reverse("admin:media_library_media_take", args=[film.pk])
    other = make_batch("Summer", project=batch.project, by=alice)
    sent = {"batch": str(other.pk), "mode": "every", "interval": "0.5", "at": "1.2"}

    refused = client.post(take, sent, follow=True)
    assert "That would be 200 frames; the batch takes 100 more. Every 1 s would fit." in words(refused)
    form = refused.content.decode()
    typed = [f'value="{other.pk}" selected', 'value="every" checked', 'name="interval" value="0.5"']
    assert [one for one in [*typed, 'name="at" value="1.2"'] if one in form] == [*typed, 'name="at" value="1.2"']
    assert 'max="99.9"' in form
    sent["batch"] = str(batch.pk)
    taken = client.post(take, {**sent, "interval": "10"}, follow=True)

    extraction = FrameExtraction.objects.get()
    assert (extraction.most, extraction.created_by) == (10, alice)
    assert "Every so many seconds (10 s) Spring Waiting" in words(taken)
    stop = reverse("admin:media_library_media_stop_taking", args=[film.pk, extraction.pk])
    assert "Spring Cancelled" in words(client.post(stop, follow=True))


def test_moment_that_was_taken_leads_to_its_frame(batch, film, alice, client_of):
    frame = Frame.objects.create(batch=batch, media=film, second=12.35, path="1", width=1, height=1, size_bytes=5)
    take = reverse("admin:media_library_media_take", args=[film.pk])

    told = client_of(alice).post(take, {"batch": str(batch.pk), "mode": "moment", "at": "12.35"}, follow=True)

    assert "At one moment (12.35 s) Spring Done It is there already" in words(told)
    assert f'href="{reverse("back_office_frame", args=[frame.pk])}">It is there already' in told.content.decode()
    assert "there is nothing to take" in words(told)


def test_batch_with_media_is_given_up_only_by_saying_so(batch, film, alice, client_of):
    Media.objects.filter(pk=film.pk).update(batch=batch)
    client, end = client_of(alice), reverse("admin:media_library_project_batch_end", args=[batch.pk])

    asked = words(client.get(end))
    client.post(end)

    assert ("its 1 media item stays in the library" in asked, "frames go" in asked) == (True, False)
    assert (UploadBatch.objects.count(), Media.objects.get(pk=film.pk).batch) == (0, None)


def test_project_goes_with_its_frames_after_a_question_that_counts_them(batch, film, alice, client_of):
    """What came in after the question is not given up by it."""
    client, delete = client_of(alice), reverse("admin:media_library_project_delete", args=[batch.project_id])
    asked_empty = words(client.get(delete))
    Media.objects.filter(pk=film.pk).update(batch=batch)
    Frame.objects.create(batch=batch, media=film, second=1, path="1", width=1, height=1, size_bytes=5)

    refused = words(client.post(delete, follow=True))
    asked = client.get(delete)
    gone = words(client.post(delete, {"with_frames": str(batch.project_id)}, follow=True))

    assert ("its 1 batch goes with it" in asked_empty, "frame goes" in asked_empty) == (True, False)
    assert "“Talks” stays: “Spring” has 1 media item and 1 frame." in refused
    told = ["its 1 batch goes", "its 1 frame goes with it, and cannot", "its 1 media item stays in the library"]
    assert [one for one in told if one in words(asked)] == told
    assert f'name="with_frames" value="{batch.project_id}"' in asked.content.decode()
    assert "1 project is gone: Talks." in gone
    assert (Project.objects.count(), Media.objects.get(pk=film.pk).batch) == (0, None)
    assert list(AuditEntry.objects.filter(action="deleted").values_list("object_name", flat=True)) == ["Talks"]


def test_of_chosen_projects_those_go_and_are_noted_that_the_question_told_of(batch, film, alice, client_of):
    empty = Project.objects.create(title="Sketches")
    Media.objects.filter(pk=film.pk).update(batch=batch)
    page = reverse("admin:media_library_project_changelist")
    chosen = {"action": "delete_selected", "_selected_action": [str(batch.project_id), str(empty.pk)]}

    asked = client_of(alice).post(page, chosen)
    told = words(client_of(alice).post(page, {**chosen, "post": "yes"}, follow=True))

    assert "Delete the project “Sketches”?" in words(asked)
    assert asked.content.decode().count('name="with_frames"') == 1
    assert "will be deleted" not in words(asked)
    assert "“Talks” stays: “Spring” has 1 media item." in told
    assert "1 project is gone: Sketches." in told
    assert list(Project.objects.all()) == [batch.project]
    assert list(AuditEntry.objects.filter(action="deleted").values_list("object_name", flat=True)) == ["Sketches"]
    sure = {**chosen, "post": "yes", "with_frames": str(batch.project_id)}
    assert "1 project is gone: Talks." in words(client_of(alice).post(page, sure, follow=True))


def test_nobody_else_sees_projects(batch, film, bob, charlie, client_of):
    take = reverse("admin:media_library_media_take", args=[film.pk])
    end = reverse("admin:media_library_project_batch_end", args=[batch.pk])

    assert client_of(charlie).get(page_of(batch.project)).status_code == 404
    assert client_of(charlie).post(end).status_code == 404
    assert client_of(charlie).post(take, {"batch": str(batch.pk), "mode": "scenes"}).status_code == 404
    assert client_of(bob).get(page_of(batch.project)).status_code in (302, 403)
    assert "Spring" not in client_of(charlie).get(UPLOAD).content.decode()
    assert (UploadBatch.objects.count(), FrameExtraction.objects.count()) == (1, 0)
