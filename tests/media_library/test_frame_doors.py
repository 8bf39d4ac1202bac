"""Frames over the API, and their pictures: for makers of the organization, and for whoever may watch the film."""

import io
import json
import zipfile

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from accounts.models import Membership
from accounts.services.tokens import create_token
from core.identifiers import uuid7
from core.tenancy import organization_scope
from media_library.frames.annotating import Region, annotate_frame
from media_library.models import Frame
from tests.media_library.framed import batch, film, frames, jpeg

LIST = "/api/v1/harbor/frames/"


@pytest.fixture
def tides(scope):
    return batch()


@pytest.fixture
def pier(tides):
    return frames(1, of=tides, media=film(), content=jpeg((1280, 720)))[0]


def ids(answer):
    return [one["id"] for one in answer.json()["results"]]


def post(client, name, **body):
    return client.post(f"{LIST}{name}/", body, content_type="application/json")


def outcomes(answer):
    return {one["id"]: one["outcome"] for one in answer.json()["results"]}


def test_frames_are_listed_and_filtered(client_of, alice, tides, django_assert_num_queries):
    talk, other = film(), film("Waves")
    first, second = frames(2, of=tides, media=talk)
    third = frames(1, of=batch("Waves", position=2), media=other)[0]
    annotate_frame(second, annotation="The pier at noon", region=None, by=alice)
    client = client_of(alice)

    everything = ids(client.get(LIST))

    assert everything == [str(one.pk) for one in (first, second, third)]
    found = {
        query: ids(client.get(f"{LIST}?{query}"))
        for query in (f"media={other.pk}", "annotated=true", "annotated=false", "q=noon+pier", f"batch={uuid7()}")
    }
    assert list(found.values()) == [
        [everything[2]],
        [everything[1]],
        [everything[0], everything[2]],
        [everything[1]],
        [],
    ]
    assert ids(client.get(f"/api/v1/harbor/batches/{tides.pk}/frames/")) == everything[:2]
    assert client.get(f"{LIST}?media=x").status_code == 400
    with django_assert_num_queries(5):
        client.get(LIST)
    frames(100, of=batch("Winds", position=3), media=other)
    with django_assert_num_queries(5):
        client.get(LIST)


def test_frame_is_annotated_in_parts(client_of, alice, pier):
    client, address = client_of(alice), f"{LIST}{pier.pk}/"
    region = {"left": 0.25, "top": 0.0, "width": 0.5, "height": 1.0}

    written = client.patch(address, {"annotation": "Pier", "region": region}, content_type="application/json").json()
    kept = client.patch(address, {"annotation": "Quay"}, content_type="application/json").json()
    stale = client.patch(address, {"region": None, "version": written["version"]}, content_type="application/json")
    outside = client.patch(address, {"region": region | {"top": 0.5}}, content_type="application/json")
    broken = client.patch(address, {"region": {"left": "x"}}, content_type="application/json")

    assert (written["annotation"], written["region"], kept["annotation"], kept["region"]) == (
        "Pier", region, "Quay", region,
    )  # fmt: skip
    assert [(one.status_code, one.json()["error"]["code"]) for one in (stale, outside, broken)] == [
        (409, "annotated_meanwhile"), (400, "region_outside"), (400, "invalid"),
    ]  # fmt: skip
    assert client.patch(address, {"region": None}, content_type="application/json").json()["region"] is None
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404


def test_many_are_told_one_by_one(client_of, alice, tides):
    first, second = frames(2, of=tides, media=film())
    other, gone, client = batch("Waves", position=2), str(uuid7()), client_of(alice)
    named = [str(first.pk), str(second.pk), gone]

    noted = outcomes(post(client, "annotate", frames=named, annotation="Low water"))
    moved = outcomes(post(client, "move", frames=named[1:], batch=str(other.pk)))
    again = outcomes(post(client, "move", frames=named, batch=str(other.pk)))
    deleted = outcomes(post(client, "delete", frames=named))

    assert noted == deleted == {named[0]: "done", named[1]: "done", gone: "gone"}
    assert (moved, again) == (
        {named[1]: "done", gone: "gone"}, {named[0]: "done", named[1]: "kept", gone: "gone"},
    )  # fmt: skip
    refused = [post(client, "move", frames=named, batch=str(uuid7())), post(client, "delete", frames=[])]
    assert [(one.status_code, one.json()["error"]["code"]) for one in refused] == [
        (404, "not_found"), (400, "nothing_chosen"),
    ]  # fmt: skip


def test_export_names_frames_or_a_batch(client_of, alice, tides):
    first, second = frames(2, of=tides, media=film())
    client = client_of(alice)

    answers = [client.get(f"{LIST}export/?batch={tides.pk}"), post(client, "export", frames=[str(second.pk)])]

    assert [exported(answer) for answer in answers] == [[str(first.pk), str(second.pk)], [str(second.pk)]]
    assert client.get(f"{LIST}export/?batch={uuid7()}").json()["error"]["code"] == "nothing_chosen"


def exported(answer):
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        return [one["id"] for one in json.loads(archive.read("manifest.json"))["frames"]]


def test_token_that_reads_exports_what_it_names(client, alice, tides):
    first, second, third = (str(frame.pk) for frame in frames(3, of=tides, media=film()))
    _, secret = create_token(Membership.objects.get(user=alice), name="program", scopes=["media:read"])
    token, export = {"Authorization": f"Token {secret}"}, f"{LIST}export/"

    told = [
        exported(client.get(f"{export}?{query}", headers=token))
        for query in (f"frames={first},{third}", f"frames={first}&frames={second}", f"batch={tides.pk}&frames={third}")
    ]
    body = {"frames": [second]}
    posted = client.post(export, body, content_type="application/json", headers=token)
    refused = [client.get(f"{export}?frames={named}", headers=token) for named in ("", "x", f"{uuid7()}")]
    too_many = client.get(f"{export}?frames={','.join(str(uuid7()) for _ in range(501))}", headers=token)

    assert (told, exported(posted)) == ([[first, third], [first, second], [third]], [second])
    assert [one.json()["error"]["code"] for one in (*refused, too_many)] == [
        "nothing_chosen", "invalid", "nothing_chosen", "too_many_at_once",
    ]  # fmt: skip
    deleted = client.post(f"{LIST}delete/", body, content_type="application/json", headers=token)
    assert deleted.json()["error"]["code"] == "scope_missing"


def test_frame_becomes_the_picture_and_a_chapter_of_its_film(client_of, alice, bob, pier):
    client, page = client_of(alice), f"{pier.pk}"
    Frame.objects.filter(pk=pier.pk).update(second=61.5)

    shown = post(client, f"{page}/thumbnail")
    begun = post(client, f"{page}/chapter", title=" Low water ")
    again = post(client, f"{page}/chapter", title="High water")
    unnamed = post(client, f"{page}/chapter", title=" ")
    pier.media.refresh_from_db()
    default_storage.delete(pier.path)
    lost = post(client, f"{page}/thumbnail")
    learner = [post(client_of(bob), f"{page}/{name}", title="A").status_code for name in ("thumbnail", "chapter")]

    assert (shown.status_code, pier.media.is_thumbnail_chosen) == (204, True)
    assert [one.json() for one in (begun, again)] == [
        {"chapters": [{"at": 61.0, "title": title}]} for title in ("Low water", "High water")
    ]
    assert [(one.status_code, one.json()["error"]["code"]) for one in (unnamed, lost)] == [
        (400, "no_title"), (409, "no_picture"),
    ]  # fmt: skip
    assert learner == [403, 403]


def test_frames_are_for_makers_of_their_own(client_of, alice, bob, charlie, pier, other_organization):
    with organization_scope(other_organization):
        theirs = batch()
    client = client_of(alice)

    learner = [client_of(bob).get(LIST), post(client_of(bob), "delete", frames=[str(pier.pk)])]
    stranger = [client_of(charlie).get(LIST), client_of(charlie).get(f"/api/v1/summit/frames/{pier.pk}/")]
    foreign = post(client, "move", frames=[str(pier.pk)], batch=str(theirs.pk))
    named = post(client_of(charlie), "delete", frames=[str(pier.pk)])

    assert [one.status_code for one in (*learner, *stranger, foreign, named)] == [403, 403, 404, 404, 404, 404]
    away = client_of(charlie).post(
        "/api/v1/summit/frames/delete/", {"frames": [str(pier.pk)]}, content_type="application/json"
    )  # fmt: skip
    assert outcomes(away) == {str(pier.pk): "gone"}
    assert Frame.objects.count() == 1


def test_picture_is_for_whoever_may_watch_its_film(client_of, client, alice, bob, charlie, pier):
    address, small = f"/harbor/frames/{pier.pk}/picture.jpg", f"/harbor/frames/{pier.pk}/small.jpg"
    maker = client_of(alice)

    whole, little = maker.get(address), maker.get(small)

    assert b"".join(whole.streaming_content) == jpeg((1280, 720))
    shown = Image.open(io.BytesIO(little.content))
    assert (shown.format, shown.size, len(little.content) < 15_000) == ("JPEG", (320, 180), True)
    assert whole["Cache-Control"] == little["Cache-Control"] == "private, max-age=31536000, immutable"
    others = [client_of(bob).get(address), client_of(bob).get(small), client_of(charlie).get(address)]
    assert [one.status_code for one in others] == [404, 404, 404]
    assert client.get(small).status_code == 302


def test_program_opens_the_picture_by_its_link(client_of, client, alice, pier):
    _, secret = create_token(Membership.objects.get(user=alice), name="program", scopes=["media:read"])
    answer = client.get(f"{LIST}{pier.pk}/", headers={"Authorization": f"Token {secret}"}).json()

    picture = client.get(answer["url"])

    assert (picture.status_code, b"".join(picture.streaming_content)) == (200, jpeg((1280, 720)))
    assert client.get(answer["url"].replace(str(pier.pk), str(uuid7()))).status_code == 404


def test_picture_that_cannot_be_made_smaller_goes_out_as_it_is(client_of, alice, tides):
    odd, lost = frames(2, of=tides, media=film(), content=b"no picture")
    default_storage.delete(lost.path)
    client = client_of(alice)

    answers = [client.get(f"/harbor/frames/{frame.pk}/small.jpg") for frame in (odd, lost)]

    assert [one.status_code for one in answers] == [200, 404]
    assert (b"".join(answers[0].streaming_content), answers[0]["Content-Type"]) == (b"no picture", "image/jpeg")


def test_region_stands_as_parts(pier, alice):
    held = annotate_frame(pier, annotation="", region=Region(0.123456, 0, 0.5, 0.5), by=alice)

    assert (held.left, held.annotation) == (0.1235, "")
