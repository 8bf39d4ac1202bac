"""Images for texts: kept as they should be, shown to whom they should be, gone when nobody shows them."""

import io
from hashlib import sha256

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, features

from accounts.models import Organization
from core.errors import Refused
from core.models import AuditEntry
from core.tenancy import organization_scope
from courses.models import Assignment, ContentItem, Course
from courses.pictured import TEXTS
from courses.services.authoring import create_course
from media_library.images import image_markdown
from media_library.models import LibraryImage
from media_library.services.cleaning import clean_organization
from media_library.services.images import LARGEST_FILE, add_image, delete_image
from media_library.services.storage_report import storage_report
from tests.media_library.shelf import age, files

LIST = "/api/v1/harbor/images/"
ORIENTATION = 0x0112
TURNED = 6  # lies on its side: to be turned by a quarter


def picture(form="PNG", *, size=(60, 40), mode="RGB", color=(30, 60, 200), **options):
    data = io.BytesIO()
    Image.new(mode, size, color).save(data, form, **options)
    return data.getvalue()


def sent(content=None, name="bay.png"):
    return SimpleUploadedFile(name, picture() if content is None else content)


def kept(image):
    with default_storage.open(image.path) as file:
        shown = Image.open(io.BytesIO(file.read()))
        shown.load()
    return shown


@pytest.fixture
def bay(scope, alice):
    return add_image(ContentFile(picture()), alt="A bay", by=alice)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_picture_is_encoded_anew(scope, alice, form):
    image = add_image(ContentFile(picture(form)), alt="  A\nbay ", by=alice)

    shown = kept(image)
    assert (shown.format, shown.size, image.alt, image.created_by) == ("WEBP", (60, 40), "A bay", alice)
    assert image.path == f"{scope.pk}/images/{image.pk}.webp"
    with default_storage.open(image.path) as file:
        content = file.read()
    assert (len(content), sha256(content).hexdigest()) == (image.size_bytes, image.digest)


def test_nothing_of_the_file_survives_and_the_picture_stands_upright(scope, alice):
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED
    exif[0x010E] = "taken at home"

    image = add_image(ContentFile(picture("JPEG", exif=exif, comment=b"secret")), alt="", by=alice)

    shown = kept(image)
    assert (image.width, image.height, shown.size) == (40, 60, (40, 60))
    assert (dict(shown.getexif()), set(shown.info) - {"background", "loop", "duration", "timestamp"}) == ({}, set())


def test_wide_picture_is_made_smaller_and_clear_parts_stay_clear(scope, alice):
    data = io.BytesIO()
    Image.new("RGBA", (3000, 300), (0, 0, 0, 0)).save(data, "PNG")

    image = add_image(ContentFile(data.getvalue()), alt="", by=alice)

    assert ((image.width, image.height), features.check("webp")) == ((2000, 200), True)
    assert kept(image).convert("RGBA").getpixel((5, 5))[3] == 0


def test_same_picture_is_the_same_row(bay, alice):
    again = add_image(ContentFile(picture()), alt="Another bay", by=alice)
    nameless = add_image(ContentFile(picture(color=(1, 2, 3))), alt="", by=alice)
    named = add_image(ContentFile(picture(color=(1, 2, 3))), alt="Night", by=alice)

    assert (again.pk, again.alt, named.pk, named.alt) == (bay.pk, "A bay", nameless.pk, "Night")
    assert (LibraryImage.objects.count(), len(files())) == (2, 2)


@pytest.mark.parametrize(
    ("content", "alt", "code", "field"),
    [
        (b"", "", "not_a_picture", "file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "", "not_a_picture", "file"),
        (picture()[:60], "", "not_a_picture", "file"),
        (b"GIF89a\x01\x00\x01\x00\x80\x00\x00", "", "not_a_picture", "file"),
        (b"x" * (LARGEST_FILE + 1), "", "too_large_picture", "file"),
        (picture(size=(9000, 9000), mode="1", color=1), "", "too_large_picture", "file"),
        (picture(), "x" * 301, "too_long", "alt"),
    ],
)
def test_what_is_no_picture_is_refused(scope, alice, content, alt, code, field):
    with pytest.raises(Refused) as refusal:
        add_image(ContentFile(content), alt=alt, by=alice)

    assert (refusal.value.code, list(refusal.value.fields), files()) == (code, [field], [])


def test_images_count_into_the_ceiling(bay, alice):
    Organization.objects.update(storage_ceiling=bay.size_bytes)

    with pytest.raises(Refused, match="no room"):
        add_image(ContentFile(picture(color=(9, 9, 9))), alt="", by=alice)

    shares = {one.kind: one.size_bytes for one in storage_report().kinds}
    assert (shares["images"], LibraryImage.objects.count()) == (bay.size_bytes, 1)


def test_cleaning_takes_the_files_of_no_image(bay, scope):
    stray = default_storage.save(f"{scope.pk}/images/stray.webp", ContentFile(b"x"))
    age(bay.path, stray)

    assert [one.name for one in clean_organization()] == [stray]
    assert files() == [bay.path]


def content_of(response):
    return b"".join(response.streaming_content)


def address(image, slug="harbor"):
    return f"/{slug}/images/{image.pk}.webp"


def test_image_is_shown_to_members_and_in_an_open_organization_to_all(bay, bob, charlie, client, client_of):
    shown = client_of(bob).get(address(bay))
    refused = [one.get(address(bay)).status_code for one in (client, client_of(charlie))]
    foreign = client_of(charlie).get(address(bay, "summit")).status_code
    Organization.objects.update(is_open=True)
    opened = client.get(address(bay))

    assert [len(content_of(shown)), len(content_of(opened))] == [bay.size_bytes] * 2
    assert (refused, foreign) == ([404, 404], 404)
    headers = {"Content-Type", "Cache-Control", "X-Content-Type-Options", "Content-Security-Policy"}
    assert {name: shown[name] for name in headers} == {
        "Content-Type": "image/webp",
        "Cache-Control": "private, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }


def test_api_adds_lists_describes_and_deletes(alice, bob, client_of, django_capture_on_commit_callbacks):
    client = client_of(alice)

    added = client.post(LIST, {"file": sent(), "alt": "A [bay]"})
    again = client.post(LIST, {"file": sent(), "alt": "Other"})
    one = added.json()
    changed = client.patch(f"{LIST}{one['id']}/", {"alt": "Harbor"}, content_type="application/json").json()
    listed = client.get(LIST).json()
    with django_capture_on_commit_callbacks(execute=True):
        gone = client.delete(f"{LIST}{one['id']}/")

    assert (added.status_code, again.status_code, again.json()["id"]) == (201, 201, one["id"])
    url = f"/harbor/images/{one['id']}.webp"
    assert (one["url"], one["markdown"]) == (url, rf"![A \[bay\]]({url}#60x40)")
    assert (changed["markdown"], listed["results"]) == (f"![Harbor]({url}#60x40)", [changed])
    assert (gone.status_code, client.get(LIST).json()["count"], files()) == (204, 0, [])
    assert client_of(bob).post(LIST, {"file": sent()}).status_code == 403


def test_api_refuses_in_one_shape(alice, client_of):
    answer = client_of(alice).post(LIST, {"file": sent(b"no"), "alt": ""})

    words = "This file is not a picture that can be read. Please use JPEG, PNG or WebP."
    body = {"error": {"code": "not_a_picture", "message": words, "fields": {"file": [words]}}}
    assert (answer.status_code, answer.json()) == (400, body)


def text_with(image):
    return f"See {image_markdown(image, slug='harbor')} and again {image_markdown(image, slug='harbor')}."


@pytest.fixture
def course(scope, alice):
    return create_course(title="Tides", by=alice)


def test_image_that_a_text_shows_stays(bay, course, alice, client_of):
    Course.objects.update(description=text_with(bay))
    Assignment.objects.create(title="Draw it", instructions=text_with(bay))

    with pytest.raises(Refused) as refusal:
        delete_image(bay, by=alice)
    listed = client_of(alice).get(LIST).json()["results"][0]["uses"]

    words = "“A bay” is used: Tides, Draw it. Take it out there first."
    assert (refusal.value.code, refusal.value.status, refusal.value.message) == ("in_use", 409, words)
    assert [(one["kind"], one["name"], one["part"]) for one in listed] == [
        ("course", "Tides", ""), ("course", "Draw it", ""),
    ]  # fmt: skip
    assert files() == [bay.path]


def test_every_column_of_markdown_is_looked_at():
    said = {
        (model, column.name)
        for model in (Course, ContentItem, Assignment)
        for column in model._meta.concrete_fields
        if column.help_text == "Markdown."
    }

    assert said - {(text.model, text.column) for text in TEXTS} == set()


ADMIN = "/admin/media_library/libraryimage/"


def test_admin_adds_an_image_and_tells_what_it_cannot_take(alice, client_of, organization):
    client = client_of(alice)

    refused = client.post(f"{ADMIN}add/", {"file": sent(b"no"), "alt": "A bay"})
    added = client.post(f"{ADMIN}add/", {"file": sent(), "alt": "A bay"})

    assert (refused.status_code, added.status_code, added["Location"]) == (200, 302, ADMIN)
    assert "This file is not a picture" in refused.content.decode()
    with organization_scope(organization):
        assert LibraryImage.objects.values_list("alt", "created_by").get() == ("A bay", alice.pk)


def test_admin_describes_and_deletes_what_nobody_shows(bay, course, alice, client_of):
    client = client_of(alice)
    page = f"{ADMIN}{bay.pk}/"
    Course.objects.update(description=text_with(bay))

    client.post(f"{page}change/", {"alt": "Harbor"})
    shown = client.get(f"{page}change/").content.decode()
    client.post(f"{page}delete/", {"post": "yes"})
    client.post(ADMIN, {"action": "delete_selected", "_selected_action": [bay.pk], "post": "yes"})
    assert LibraryImage.objects.get().alt == "Harbor"
    assert f"![Harbor](/harbor/images/{bay.pk}.webp#60x40)" in shown

    Course.objects.update(description="")
    client.post(f"{page}delete/", {"post": "yes"})

    assert (LibraryImage.objects.count(), AuditEntry.objects.latest("id").action) == (0, "deleted")


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_for_any_number(scope, alice, course, client_of, rows, django_assert_num_queries):
    images = [add_image(ContentFile(picture(color=(row, 0, 0))), alt=f"Bay {row}", by=alice) for row in range(rows)]
    Course.objects.update(description="".join(map(text_with, images)))
    client = client_of(alice)
    client.get(LIST)
    client.get(ADMIN)

    with django_assert_num_queries(11):
        assert client.get(LIST).json()["count"] == rows
    with django_assert_num_queries(13):
        assert client.get(ADMIN).content.decode().count('class="library-image"') == rows
