"""The creator's back office: uploading, watching it become ready, and the buttons."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import now

from core.errors import Refused
from core.jobs import enqueue
from core.models import Job
from core.tenancy import organization_scope
from media_library.models import Media, Publication, Rendition, Source, Transcript
from media_library.services.site import change_site_configuration
from media_library.services.status import refresh_status
from media_library.services.uploads import Announced, start_upload

LIST = reverse("admin:media_library_media_changelist")
UPLOAD = reverse("admin:media_library_media_add")


@pytest.fixture
def talk(organization, alice) -> Media:
    with organization_scope(organization):
        media = Media.objects.create(
            source=Source.UPLOAD, source_path="s", title="Tides", creator=alice, duration=3900.4, size_bytes=12_300_000,
            original_filename="tides.mov", status="completed",
            source_metadata={"video": {"codec": "h264", "width": 640, "height": 360, "fps": 25.0}, "audio": []},
        )  # fmt: skip
        rungs = [{"name": "360p", "width": 640, "height": 360, "bitrate": 1}]
        media.rendition = Rendition.objects.create(media=media, folder="f", rungs=rungs, size_bytes=2_000_000)
        media.thumbnail_path = "f/thumbnail.jpg"
        media.transcript = Transcript.objects.create(media=media, method="sidecar", words=2)
        media.save()
    return media


def change_page(media: Media) -> str:
    return reverse("admin:media_library_media_change", args=[media.pk])


def do(client, media: Media, verb: str):
    return client.post(reverse("admin:media_library_media_do", args=[media.pk, verb]), follow=True)


def words(response) -> str:
    """The text of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_list_leads_to_the_upload_page(organization, alice, client_of):
    page = client_of(alice).get(LIST).content.decode()

    assert f'href="{UPLOAD}"' in page


def test_upload_page_tells_what_may_come(organization, alice, client_of):
    change_site_configuration(by=alice, largest_file=5_000_000, formats=["mp4", "flac"], reset_hour=6)
    with organization_scope(organization):
        start_upload(Announced("tides.mov", 3_000_000), by=alice)

    page = client_of(alice).get(UPLOAD)

    text, markup = words(page), page.content.decode()
    assert "3.0 MB of 4.3 GB used this week." in text
    assert re.search(r"Counts anew on Sunday, \w+ \d+, 0[78]:00 \(Europe/Berlin\)\.", text)
    assert "Up to 5.0 MB a file: MP4, FLAC." in text
    assert f'data-largest="5000000" data-left="{4 * 1024**3 - 3_000_000}"' in markup
    assert 'data-uploads-url="/api/v1/harbor/uploads/" data-media-url=' in markup
    assert '<script type="module" src="/static/js/upload.js"></script>' in markup


@pytest.mark.parametrize(
    ("size", "sentence"), [(0, "empty-file"), (5_000_001, "file-too-large"), (4_000_000, "over-allowance")]
)
def test_upload_page_refuses_in_the_words_of_the_server(organization, alice, client_of, size, sentence):
    change_site_configuration(by=alice, largest_file=5_000_000, weekly_allowance=6_000_000)
    with organization_scope(organization):
        start_upload(Announced("a.mp4", 3_000_000), by=alice)
        with pytest.raises(Refused) as refusal:
            start_upload(Announced("b.mp4", size), by=alice)

    page = unescape(client_of(alice).get(UPLOAD).content.decode())

    told = re.search(rf'data-{sentence}="([^"]+)"', page)[1].replace("{size}", "4.0 MB").replace("{left}", "3.0 MB")
    assert told == refusal.value.message


def test_upload_page_takes_no_form(organization, alice, client_of):
    response = client_of(alice).post(UPLOAD, {"file": SimpleUploadedFile("a.mp4", b"x")})

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("address", [LIST, UPLOAD])
def test_learners_have_no_back_office(organization, bob, client_of, address):
    assert client_of(bob).get(address).status_code == 302


def test_change_page_shows_what_there_is(talk, alice, client_of):
    page = client_of(alice).get(change_page(talk))

    text, markup = words(page), page.content.decode()
    for fact in (
        "Ready",
        "1:05:00",
        "12.3 MB",
        "tides.mov",
        "640 × 360, 25 pictures a second, h264",
        "360p (2.0 MB)",
    ):
        assert fact in text
    assert f'data-src="/harbor/media/{talk.pk}/cues.json?v={talk.transcript_id}"' in markup
    assert re.search(rf'src="/harbor/media/{talk.pk}/hls/{talk.rendition_id}/[^/"]+/master.m3u8"', markup)
    assert f'data-status-url="/harbor/media/{talk.pk}/status/"' in markup
    assert "data-sessions-url" not in markup  # looking at one's own media is no view


def test_change_page_lives_while_work_is_under_way(organization, alice, client_of):
    with organization_scope(organization):
        media = Media.objects.create(source=Source.UPLOAD, source_path="s", title="New", creator=alice)
        enqueue("process_media", media.pk, key="k")

    page = client_of(alice).get(change_page(media)).content.decode()

    assert 'data-live="true" data-reload-when-final' in page


def test_change_page_offers_to_try_again(organization, alice, client_of):
    with organization_scope(organization):
        media = Media.objects.create(source=Source.UPLOAD, source_path="s", title="New", creator=alice)
        enqueue("process_media", media.pk, key="k")
        Job.objects.update(state="failed", attempt=3, error_message="A part is missing.")
        refresh_status(media.pk)
    client = client_of(alice)
    page = words(client.get(change_page(media)))

    answer = words(do(client, media, "retry"))

    assert ("Failed A part is missing. Try again" in page, "Work on “New” begins again." in answer) == (True, True)
    assert Job.objects.get(kind="process_media").state == "queued"


def test_change_page_edits_the_words(talk, alice, client_of, organization):
    credits_form = {"credits-TOTAL_FORMS": 0, "credits-INITIAL_FORMS": 0}
    words_form = {"title": " Ebb ", "description": "Why", "opened_in": str(organization.pk)}

    client_of(alice).post(change_page(talk), {**words_form, **credits_form})

    talk = reload(talk, organization)
    assert (talk.title, talk.description) == ("Ebb", "Why")


def reload(media: Media, organization) -> Media:
    with organization_scope(organization):
        return Media.objects.get(pk=media.pk)


@pytest.mark.parametrize(
    ("verb", "publication", "said"),
    [
        ("publish", "published", "“Tides” is published."),
        ("archive", "archived", "“Tides” is archived."),
        ("unpublish", "draft", "“Tides” is a draft again."),
        ("retry", "draft", "Nothing about “Tides” has failed."),
    ],
)
def test_buttons_do_what_they_say(talk, alice, client_of, organization, verb, publication, said):
    answer = words(do(client_of(alice), talk, verb))

    assert (reload(talk, organization).publication, said in answer) == (publication, True)


def test_buttons_need_a_post_and_a_verb(talk, alice, client_of):
    client = client_of(alice)

    answers = [
        client.get(reverse("admin:media_library_media_do", args=[talk.pk, "archive"])).status_code,
        do(client, talk, "explode").status_code,
    ]

    assert answers == [405, 404]


def test_outsiders_find_no_media_in_their_back_office(talk, charlie, client_of, organization):
    client = client_of(charlie)

    assert do(client, talk, "archive").status_code == 404
    assert client.get(change_page(talk)).status_code == 404
    assert reload(talk, organization).publication == Publication.DRAFT


def test_many_are_published_at_once(talk, alice, client_of, organization):
    with organization_scope(organization):
        new = Media.objects.create(source=Source.UPLOAD, source_path="s", title="New", creator=alice)
    data = {"action": "publish_selected", "_selected_action": [str(talk.pk), str(new.pk)]}

    answer = words(client_of(alice).post(LIST, data, follow=True))

    assert "1 published." in answer
    assert "“New” cannot be published before it is ready to play." in answer
    assert [reload(media, organization).publication for media in (talk, new)] == ["published", "draft"]


def test_list_shows_where_work_stands(talk, alice, client_of, organization):
    with organization_scope(organization):
        media = Media.objects.create(
            source=Source.UPLOAD, source_path="s", title="New", creator=alice, status="processing"
        )
        enqueue("process_media", media.pk, key="k")
        begin(Job.objects.get(), percent=42.6)
        refresh_status(media.pk)

    page = words(client_of(alice).get(LIST))

    for fact in ("Processing 42 %", "Ready", "1:05:00", "12.3 MB"):
        assert fact in page


def begin(job: Job, *, percent: float) -> None:
    """As if a worker had come that far with it."""
    job.state, job.progress = "running", percent
    job.lease_token, job.lease_expires_at = uuid4(), now() + timedelta(hours=1)
    job.save()


@pytest.mark.parametrize("count", [1, 3, 300])
def test_list_costs_the_same_for_any_number(organization, alice, client_of, django_assert_num_queries, count):
    with organization_scope(organization):
        Media.objects.bulk_create(
            [Media(source=Source.UPLOAD, source_path="s", title=f"Talk {n}", creator=alice) for n in range(count)]
        )
    client = client_of(alice)
    client.get(LIST)
    with django_assert_num_queries(13):
        client.get(LIST)
