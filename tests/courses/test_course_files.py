"""Courses as files: there and back again."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Refused
from core.tenancy import organization_scope
from courses.course_files.format import COLUMNS
from courses.models import Assignment, ContentItem, Course, Quiz, Resource
from courses.services.importing import import_course
from media_library.models import Category, LibraryImage, Media, Upload
from media_library.services.settling import settle_accepted
from tests.courses.filled_course import FILM, contents, exported, make_hosted, make_uploaded, zipped

#: Columns that are of the row, of its place, of people, or told in another way.
NOT_IN_THE_FILE = {
    "id", "organization", "created_at", "updated_at", "created_by", "position", "course", "chapter", "quiz",
    "assignment", "resource", "media", "text", "availability", "thumbnail_path", "category", "revision", "status",
    "is_published", "published_at",
}  # fmt: skip


@pytest.fixture
def elsewhere(other_organization, charlie):
    with organization_scope(other_organization):
        yield charlie


def test_columns_are_in_the_file_or_left_out_on_purpose():
    unknown = {
        f"{model.__name__}.{column.name}"
        for model, names in COLUMNS.items()
        for column in model._meta.concrete_fields
        if column.name not in (*names, *NOT_IN_THE_FILE)
    }

    assert unknown == set()


def test_course_comes_back_the_same_from_where_its_media_is(filled, organization, elsewhere):
    with organization_scope(organization):
        first, again = exported(filled), exported(filled)
    make_uploaded(), make_hosted()

    told = import_course(BytesIO(first), by=elsewhere)

    assert (first, exported(told.course)) == (again, first)
    assert (told.chapters, told.items, told.questions, told.images, told.files) == (2, 7, 5, 1, 1)
    assert (told.found, told.brought, told.uploaded, told.missing) == (["Our film", "Their film"], [], [], [])
    assert (told.course.is_published, told.course.created_by, told.course.instructors.count()) == (False, elsewhere, 0)
    image = LibraryImage.objects.get()
    assert [*contents(first)] == [
        "course.json", "cover.jpg", f"images/{image.digest}.webp", "resources/c2.i3/chart – 2026.pdf",
    ]  # fmt: skip
    assert told.course.description == f"About *water*.\n\n![A wave](/summit/images/{image.pk}.webp#64x36)"
    texts = (str(key) for key in (organization.pk, organization.slug, filled.pk, "alice"))
    assert [text for text in texts if text.encode() in contents(first)["course.json"].lower()] == ["harbor"]  # a link's


def test_course_comes_back_the_same_with_its_media_in_the_file(filled, organization, elsewhere):
    with organization_scope(organization):
        first = exported(filled, with_media=True)

    told = import_course(BytesIO(first), by=elsewhere)

    film = Media.objects.get(title="Our film")
    with default_storage.open(film.source_path) as file:
        assert file.read() == FILM
    settle_accepted(film, sha256=next(Path(name).stem for name in contents(first) if name.startswith("media/")))
    assert (told.found, told.brought, told.uploaded, told.missing) == ([], ["Their film"], ["Our film"], [])
    assert Upload.objects.get().filename == "our film.mp4"
    assert exported(told.course, with_media=True) == first


def test_media_that_is_nowhere_refuses_all(filled, organization, elsewhere):
    with organization_scope(organization):
        file = BytesIO(exported(filled))

    with pytest.raises(Refused) as refusal:
        import_course(file, by=elsewhere)
    trial = import_course(file, by=elsewhere, dry_run=True)

    assert (refusal.value.code, refusal.value.fields) == ("media_missing", {"media": ["Our film"]})
    assert refusal.value.message.startswith("This media is neither here nor in the file: “Our film”.")
    assert (trial.missing, trial.brought, trial.course) == (["Our film"], ["Their film"], None)
    rows = (Course, ContentItem, Quiz, Assignment, Resource, Media, LibraryImage, Category)
    assert [model.objects.count() for model in rows] == [0] * len(rows)


def test_taken_address_gets_a_number(filled, scope, alice):
    told = import_course(BytesIO(exported(filled)), by=alice)

    assert (told.course.slug, told.found) == ("tides-whole-2", ["Our film", "Their film"])
    assert (LibraryImage.objects.count(), Media.objects.count(), Category.objects.count()) == (1, 2, 1)


def test_rules_about_what_is_gone_stay_behind(filled, scope, alice):
    ContentItem.objects.get(quiz__isnull=False).delete()

    document = json.loads(contents(exported(filled))["course.json"])

    items = [one for chapter in document["chapters"] for one in chapter["items"]]
    assert [one["availability"] for one in items] == [{}] * 6
    assert document["chapters"][1]["availability"] == {
        "match": "all",
        "rules": [{"kind": "after_chapter", "chapter": "c1"}, {"kind": "date", "at": "2027-05-31T22:00:00+00:00"}],
    }


def test_media_without_an_address_of_its_own_has_that_of_where_it_plays(filled, scope):
    lesson = Media.objects.filter(title="Their film")
    lesson.update(source="mux", youtube_video_id="", mux_playback_id="abcDEF123456789", source_url="https://whop.com/x")

    told = json.loads(contents(exported(filled))["course.json"])["chapters"][0]["items"][2]["media"]

    assert told == {"address": "https://player.mux.com/abcDEF123456789", "title": "Their film"}
    lesson.update(mux_playback_id="?")
    with pytest.raises(Refused, match="has no address by which another site finds it"):
        exported(filled)


def test_upload_that_was_not_checked_yet_is_not_exported(filled, scope):
    Media.objects.filter(source="upload").update(content_hash="")

    with pytest.raises(Refused, match="The file of “Our film” has not been checked yet."):
        exported(filled)


def test_export_takes_as_many_statements_for_many_items(filled, scope, alice):
    with CaptureQueriesContext(connection) as few:
        exported(filled)
    text = ContentItem.objects.get(type="text")
    for number in range(20):
        ContentItem.objects.create(chapter=text.chapter, type="text", title=f"T{number}", position=50 + number)

    with CaptureQueriesContext(connection) as many:
        exported(filled)

    assert len(many) == len(few)


def test_files_of_a_refused_import_are_gone(filled, organization, elsewhere):
    with organization_scope(organization):
        entries = contents(exported(filled, with_media=True))
    before = sorted(default_storage.listdir("")[0])
    cover = zipped(entries | {"cover.jpg": b"no picture"})

    with pytest.raises(Refused, match="cover.jpg"):
        import_course(BytesIO(cover), by=elsewhere)

    images = default_storage.listdir(f"{elsewhere.memberships.get().organization_id}/images")
    assert (before, images) == ([str(organization.pk)], ([], []))
    assert (Course.objects.count(), LibraryImage.objects.count()) == (0, 0)


def test_storage_ceiling_holds_for_imports(filled, organization, other_organization, elsewhere):
    with organization_scope(organization):
        file = BytesIO(exported(filled, with_media=True))
    other_organization.storage_ceiling = 20
    other_organization.save()

    with pytest.raises(Refused) as refusal:
        import_course(file, by=elsewhere)

    assert (refusal.value.code, refusal.value.status, Course.objects.count()) == ("storage_full", 413, 0)
