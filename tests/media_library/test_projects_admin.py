"""Projects, batches and taking frames in the back office."""

import re

import pytest
from django.urls import reverse

from core.models import AuditEntry
from media_library.models import Frame, FrameExtraction, Media, Project, UploadBatch
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
    sent = {"batch": str(batch.pk), "mode": "every", "interval": "0.5", "at": "0"}

    refused = client.post(take, sent, follow=True)
    assert "That would be 201 frames; the batch takes 100 more. Every 2 seconds would fit." in words(refused)
    taken = client.post(take, {**sent, "interval": "10"}, follow=True)

    extraction = FrameExtraction.objects.get()
    assert (extraction.most, extraction.created_by) == (11, alice)
    assert "Every so many seconds (10 s) Spring Waiting" in words(taken)
    stop = reverse("admin:media_library_media_stop_taking", args=[film.pk, extraction.pk])
    assert "Spring Cancelled" in words(client.post(stop, follow=True))


def test_batch_with_media_is_given_up_only_by_saying_so(batch, film, alice, client_of):
    Media.objects.filter(pk=film.pk).update(batch=batch)
    client, end = client_of(alice), reverse("admin:media_library_project_batch_end", args=[batch.pk])
    delete = reverse("admin:media_library_project_delete", args=[batch.project_id])

    assert "“Spring” has 1 media and 0 frames." in words(client.post(delete, {"post": "yes"}, follow=True))
    assert "its 1 media item stays in the library" in words(client.get(end))
    client.post(end)
    client.post(delete, {"post": "yes"})

    assert (Project.objects.count(), Media.objects.get(pk=film.pk).batch) == (0, None)


def test_of_chosen_projects_those_go_and_are_noted_that_are_empty(batch, film, alice, client_of):
    Media.objects.filter(pk=film.pk).update(batch=batch)
    empty = Project.objects.create(title="Sketches")
    page = reverse("admin:media_library_project_changelist")
    chosen = {"action": "delete_selected", "_selected_action": [str(batch.project_id), str(empty.pk)]}

    asked = words(client_of(alice).post(page, chosen))
    told = words(client_of(alice).post(page, {**chosen, "post": "yes"}, follow=True))

    assert ("Are you sure" in asked, "Sketches" in asked) == (True, True)
    assert "“Spring” has 1 media and 0 frames." in told
    assert "1 project is gone: Sketches." in told
    assert list(Project.objects.all()) == [batch.project]
    assert list(AuditEntry.objects.filter(action="deleted").values_list("object_name", flat=True)) == ["Sketches"]


def test_nobody_else_sees_projects(batch, film, bob, charlie, client_of):
    take = reverse("admin:media_library_media_take", args=[film.pk])
    end = reverse("admin:media_library_project_batch_end", args=[batch.pk])

    assert client_of(charlie).get(page_of(batch.project)).status_code == 404
    assert client_of(charlie).post(end).status_code == 404
    assert client_of(charlie).post(take, {"batch": str(batch.pk), "mode": "scenes"}).status_code == 404
    assert client_of(bob).get(page_of(batch.project)).status_code in (302, 403)
    assert "Spring" not in client_of(charlie).get(UPLOAD).content.decode()
    assert (UploadBatch.objects.count(), FrameExtraction.objects.count()) == (1, 0)
