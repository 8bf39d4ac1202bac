"""Categories, tags, credits and storage through the API."""

import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core.jobs import JobPostponed, enqueue
from core.models import Job
from core.tenancy import organization_scope
from media_library.models import Category, Media, Tag, Transcript
from media_library.services.editing import edit_media
from media_library.services.room import ensure_room
from media_library.services.shelving import save_category
from media_library.services.site import change_site_configuration
from media_library.storage import sidecar_name
from tests.media_library.shelf import film, storyboard

UNKNOWN = "01a1f8ba-0000-7000-8000-000000000000"


@pytest.fixture
def sea(organization):
    with organization_scope(organization):
        return save_category(Category(name="Sea"), by=None)


@pytest.fixture
def tides(organization, alice):
    with organization_scope(organization):
        return film(creator=alice, publication="published")


@pytest.fixture
def call(client_of):
    def send(who, method, path, body=None, slug="harbor"):
        answer = client_of(who).generic(
            method, f"/api/v1/{slug}/{path}", json.dumps(body), content_type="application/json"
        )
        return answer.status_code, answer.json() if answer.content else None

    return send


def fields_of(answer):
    status, body = answer
    return status, body["error"]["code"], sorted(body["error"]["fields"])


def test_categories_are_made_moved_and_deleted(alice, call):
    _, sea = call(alice, "POST", "categories/", {"name": "Sea"})
    _, tides = call(alice, "POST", "categories/", {"name": "Tides", "parent": sea["id"]})
    assert tides == {"id": tides["id"], "name": "Tides", "slug": "tides", "parent": sea["id"], "media_count": 0}

    assert call(alice, "DELETE", f"categories/{sea['id']}/") == (204, None)
    assert call(alice, "GET", f"categories/{tides['id']}/")[1]["parent"] is None
    assert call(alice, "PATCH", f"categories/{tides['id']}/", {"name": "Ebb"})[1]["slug"] == "tides"


@pytest.mark.parametrize(
    ("body", "code", "fields"),
    [
        ({"name": "sea"}, "name_taken", ["name"]),
        ({"name": "x" * 81}, "invalid", ["name"]),
        ({"name": "Tides", "parent": UNKNOWN}, "invalid", ["parent"]),
        ({}, "invalid", ["name"]),
    ],
)
def test_categories_that_cannot_be_are_refused(alice, sea, call, body, code, fields):
    assert fields_of(call(alice, "POST", "categories/", body)) == (400, code, fields)


def test_category_is_not_put_inside_itself(alice, sea, call):
    assert fields_of(call(alice, "PATCH", f"categories/{sea.pk}/", {"parent": str(sea.pk)})) == (
        400, "inside_itself", ["parent"],
    )  # fmt: skip


def test_tags_are_made_renamed_and_deleted(alice, call):
    _, tag = call(alice, "POST", "tags/", {"name": "Deep sea"})

    assert call(alice, "PATCH", f"tags/{tag['id']}/", {"name": "Abyss"})[1]["slug"] == "deep-sea"
    assert fields_of(call(alice, "POST", "tags/", {"name": "ABYSS"})) == (400, "name_taken", ["name"])
    assert call(alice, "DELETE", f"tags/{tag['id']}/") == (204, None)


@pytest.mark.parametrize("path", ["categories/", "tags/", "storage/"])
@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("charlie", 404)])
def test_shelves_are_for_those_who_make_content(organization, request, call, path, who, status):
    assert call(request.getfixturevalue(who), "GET", path)[0] == status


def test_media_is_shelved_tagged_and_credited(alice, bob, sea, tides, call):
    body = {
        "categories": [str(sea.pk)],
        "tags": ["Moon", "moon", "Sea"],
        "credits": [{"contribution": "editor", "name": "Ada"}, {"contribution": "creator", "user": str(bob.pk)}],
    }

    status, answer = call(alice, "PATCH", f"media/{tides.pk}/", body)

    assert status == 200
    assert answer["categories"] == [{"id": str(sea.pk), "name": "Sea", "slug": "sea"}]
    assert [tag["name"] for tag in answer["tags"]] == ["Moon", "Sea"]
    assert answer["credits"] == [
        {"contribution": "editor", "user": None, "name": "Ada"},
        {"contribution": "creator", "user": str(bob.pk), "name": "Bob"},
    ]
    assert call(alice, "GET", "categories/")[1]["results"][0]["media_count"] == 1


@pytest.mark.parametrize(
    ("body", "code", "fields"),
    [
        ({"categories": [UNKNOWN]}, "unknown_category", ["categories"]),
        ({"categories": ["sea"]}, "invalid", ["categories.0"]),
        ({"tags": ["x" * 61]}, "name_too_long", ["tags"]),
        ({"credits": [{"contribution": "editor", "user": UNKNOWN}]}, "no_member", ["credits"]),
        ({"credits": [{"contribution": "gaffer", "name": "Ada"}]}, "invalid", ["credits.0.contribution"]),
        ({"credits": [{"contribution": "editor"}]}, "name_missing", ["credits"]),
    ],
)
def test_shelves_that_cannot_be_are_refused_whole(alice, tides, call, organization, body, code, fields):
    answer = call(alice, "PATCH", f"media/{tides.pk}/", {"title": "New", **body})

    status, told, named = fields_of(answer)
    assert (status, told, named) == (400, code, fields) or (status, told, named) == (
        400,
        code,
        [fields[0].split(".")[0]],
    )
    with organization_scope(organization):
        assert (Media.objects.get().title, Tag.objects.count()) == ("Tides", 0)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("category={sea}", ["Tides", "Waves"]),
        ("category={inner}", ["Waves"]),
        (f"category={UNKNOWN}", []),
        ("tag=moon", ["Tides"]),
        ("tag=MOON", ["Tides"]),
        ("tag=mo", []),
        ("q=moon", ["Tides"]),
        ("q=film waves", []),
        ("kind=audio", []),
        ("creator={alice}", ["Dunes", "Tides", "Waves"]),
        ("publication=draft", ["Dunes", "Waves"]),
    ],
)
def test_list_is_narrowed_by_shelves_and_words(alice, sea, tides, call, organization, query, titles):
    with organization_scope(organization):
        inner = save_category(Category(name="Waves", parent=sea), by=None)
        edit_media(tides, categories=[sea.pk, inner.pk][:1], tags=["Moon"], by=alice)
        edit_media(film("Waves", creator=alice), categories=[sea.pk, inner.pk], by=alice)
        film("Dunes", creator=alice)

    _, answer = call(alice, "GET", f"media/?{query.format(sea=sea.pk, inner=inner.pk, alice=alice.pk)}")

    assert sorted(media["title"] for media in answer["results"]) == titles


def test_learners_see_tags_and_credits_and_not_where_it_is_used(alice, bob, tides, call, organization):
    with organization_scope(organization):
        edit_media(tides, tags=["Moon"], by=alice)

    _, answer = call(bob, "GET", f"media/{tides.pk}/")

    assert ([tag["slug"] for tag in answer["tags"]], answer["used_in"]) == (["moon"], [])


def test_storage_tells_what_is_used_by_kind(alice, organization, tides, call):
    with organization_scope(organization):
        storyboard(tides, "second")
        film("Waves")
    type(organization).objects.filter(pk=organization.pk).update(storage_ceiling=1000)

    _, answer = call(alice, "GET", "storage/")

    used = {kind["kind"]: kind["size_bytes"] for kind in answer["kinds"]}
    nothing = (
        "mp4",
        "sound",
        "frames",
        "arriving",
        "images",
        "resources",
        "handed_in",
        "podcasts",
        "episodes",
        "playlist_covers",
        "course_squares",
    )
    unused = dict.fromkeys(nothing, 0)
    assert used == {"sources": 200, "streams": 100, "pictures": 30, **unused}
    assert (answer["total"], answer["ceiling"]) == (330, 1000)
    assert [(media["title"], media["total_bytes"]) for media in answer["largest"]] == [("Tides", 170), ("Waves", 160)]
    assert answer["allowances"] == [{"user": str(alice.pk), "used": 100, "allowed": answer["allowances"][0]["allowed"]}]


def test_storage_counts_nobody_elses_files(charlie, tides, other_organization, call):
    _, answer = call(charlie, "GET", "storage/", slug="summit")

    assert (answer["total"], answer["largest"]) == (0, [])


@pytest.mark.parametrize("count", [1, 3])
def test_storage_costs_the_same_for_any_number(alice, organization, call, client_of, django_assert_num_queries, count):
    with organization_scope(organization):
        for number in range(count):
            film(f"Talk {number}", creator=alice)
    client = client_of(alice)
    client.get("/api/v1/harbor/storage/")  # the site's configuration is made when it is first asked for
    with django_assert_num_queries(12):
        client.get("/api/v1/harbor/storage/")


def test_pipeline_waits_where_the_ceiling_is_reached(tides, organization):
    type(organization).objects.filter(pk=organization.pk).update(storage_ceiling=1000)

    with organization_scope(organization):
        ensure_room(500)
        with pytest.raises(JobPostponed) as waiting:
            ensure_room(1000)

    assert (waiting.value.code, waiting.value.message) == (
        "storage_full", "Waiting for room: the organization's storage is full.",
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["remux_media", "process_media", "make_audio"])
def test_what_would_pass_the_ceiling_waits_uncharged(tides, organization, work_off, kind):
    type(organization).objects.filter(pk=organization.pk).update(storage_ceiling=1)
    with organization_scope(organization):
        enqueue(kind, tides.pk, key=kind)

    work_off()

    with organization_scope(organization):
        waiting = Job.objects.get(kind=kind)
        assert (waiting.state, waiting.attempt, waiting.error_code) == ("queued", 0, "storage_full")


@pytest.mark.parametrize("reads", [True, False])
def test_captions_that_were_given_are_read_whatever_the_site_wants(alice, organization, tides, work_off, reads):
    change_site_configuration(by=alice, transcribes=reads)
    with organization_scope(organization):
        captions = sidecar_name(organization.pk, tides.pk)
        default_storage.delete(captions)
        stored_text = b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"
        default_storage.save(captions, ContentFile(stored_text))
        Transcript.objects.all().delete()
        enqueue("transcribe_media", tides.pk, key="words")

    work_off()

    with organization_scope(organization):
        assert (Transcript.objects.count(), Job.objects.get(kind="transcribe_media").state) == (1, "succeeded")
