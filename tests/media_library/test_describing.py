"""What a host tells about a media item becomes what is known here; what it refuses is told in the creator's words."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from analytics.models import Event
from core.jobs import enqueue
from core.models import Job
from media_library.models import Kind, Media, Publication, Source, Status
from media_library.models.media import LengthSource
from media_library.services.describing import REFUSED
from media_library.services.import_media import add_media
from media_library.services.publishing import archive_media
from media_library.services.source_accounts import give_credentials
from media_library.services.source_media import ask_again, ask_again_everywhere
from media_library.services.status import status_of
from media_library.sources import SOURCES, Description, SourceError
from tests.media_library.small_host import hosted, small_host
from tests.sources.recording import options_at
from tests.sources.stand_in import StandIn

__all__ = ["small_host"]
PRIVATE = "This video is private on Small Host. Make it public or unlisted there, or upload the file here."
STAYS = "What is here stays as it is: it is asked about once more in a day."


@pytest.fixture
def media(scope, alice, small_host):
    return hosted(creator=alice, title="small.test/100001")


@pytest.fixture
def playing(media, work_off):
    return described(media, work_off)


def asked_again(media, work_off):
    ask_again()
    work_off()
    media.refresh_from_db()
    return media


def a_day_passes():
    """Since its host refused what it let play before."""
    for media in Media.objects.filter(source_metadata__has_key=REFUSED):
        media.source_metadata[REFUSED] = (timezone.now() - timedelta(days=1)).isoformat()
        media.save()


def standing(media):
    told = status_of(media)
    return media.is_playable, media.status, told.code, told.message


def ask(media):
    enqueue("describe_media", media.pk, key=f"describe_media:{media.pk}:{Job.objects.count()}")


def described(media, work_off):
    ask(media)
    work_off()
    media.refresh_from_db()
    return media


def test_described_media_plays_and_knows_what_its_host_told(media, small_host, work_off):
    small_host.told = Description("A talk", "About tides", 61.5, author="Ada", author_key="u1", facts={"views": 3})

    found = described(media, work_off)

    assert (found.title, found.description, found.duration, found.duration_source, found.status) == (
        "A talk", "About tides", 61.5, LengthSource.HOST, Status.COMPLETED
    )  # fmt: skip
    assert (found.is_playable, found.kind, found.source_metadata) == (
        True, Kind.VIDEO, {"author": "Ada", "author_key": "u1", "facts": {"views": 3}}
    )  # fmt: skip


def test_described_media_keeps_what_people_wrote(scope, small_host, work_off):
    named = hosted(title="My own title", description="My own words")
    small_host.told = Description("Another", "Other words", None)

    found = described(named, work_off)

    assert (found.title, found.description, found.duration) == ("My own title", "My own words", None)


def test_described_media_is_told_to_analytics_once(media, small_host, work_off):
    described(media, work_off)
    described(media, work_off)

    events = Event.objects.filter(type="video_imported", media_id=media.pk)
    assert [event.metadata for event in events] == [
        {"source_type": "vimeo", "duration_seconds": 60.0, "file_size_bytes": None}
    ]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("private", "This video is private on Small Host. Make it public or unlisted there, or upload the file here."),
        ("embed_disabled", "Small Host does not let this video play on other sites."
         " Allow embedding in its settings there, or upload the file here."),
    ],
)  # fmt: skip
def test_refused_media_fails_at_once_and_says_what_to_do(media, small_host, work_off, code, words):
    small_host.told = SourceError(code)

    found = described(media, work_off)

    told = status_of(found)
    assert (found.status, told.code, told.message, small_host.asked) == (Status.FAILED, code, words, 1)


def test_busy_host_is_asked_later_and_no_attempt_is_charged(media, small_host, work_off):
    small_host.told = SourceError("rate_limited", delay=7)

    described(media, work_off)

    job = Job.objects.get(kind="describe_media")
    assert (job.state, job.attempt, job.error_code, job.postponements) == ("queued", 0, "rate_limited", 1)


def test_unreachable_host_is_tried_again(media, small_host, work_off):
    small_host.told = SourceError("network")

    described(media, work_off)

    job = Job.objects.get(kind="describe_media")
    assert (job.state, job.attempt, job.error_code) == ("queued", 1, "network")


def test_media_that_is_refused_once_stays_and_says_why(playing, small_host, work_off):
    small_host.told = SourceError("private")

    found = asked_again(playing, work_off)

    assert standing(found) == (True, Status.COMPLETED, "private", f"{PRIVATE} {STAYS}")


def test_media_that_is_refused_again_at_once_stays(playing, small_host, work_off):
    small_host.told = SourceError("private")
    asked_again(playing, work_off)

    found = asked_again(playing, work_off)

    assert standing(found) == (True, Status.COMPLETED, "private", f"{PRIVATE} {STAYS}")


def test_media_that_is_still_refused_a_day_later_plays_no_longer(playing, small_host, work_off):
    small_host.told = SourceError("private")
    asked_again(playing, work_off)
    a_day_passes()

    found = asked_again(playing, work_off)

    assert standing(found) == (False, Status.FAILED, "private", PRIVATE)


def test_media_that_was_refused_by_mistake_says_nothing_of_it_any_more(playing, small_host, work_off):
    right, small_host.told = small_host.told, SourceError("private")
    asked_again(playing, work_off)
    a_day_passes()
    small_host.told = right

    found = asked_again(playing, work_off)

    assert (*standing(found), REFUSED in found.source_metadata) == (True, Status.COMPLETED, "", "", False)


def test_media_that_was_refused_is_asked_about_the_next_day(playing, small_host, work_off):
    small_host.told = SourceError("private")
    before = small_host.asked
    ask_again_everywhere()
    work_off()
    fresh = small_host.asked
    asked_again(playing, work_off)
    refused = small_host.asked

    ask_again_everywhere()
    work_off()

    assert (fresh - before, refused - fresh, small_host.asked - refused) == (0, 2, 2)


def test_media_that_comes_back_and_is_refused_much_later_has_its_day_again(playing, small_host, work_off):
    small_host.told = SourceError("private")
    asked_again(playing, work_off)
    a_day_passes()
    asked_again(playing, work_off)
    small_host.told = Description("A talk")
    described(playing, work_off)
    small_host.told = SourceError("private")

    found = asked_again(playing, work_off)

    assert standing(found) == (True, Status.COMPLETED, "private", f"{PRIVATE} {STAYS}")


# While the host thinks


@pytest.mark.parametrize("kind", ["describe_media", "look_again"])
def test_what_people_change_meanwhile_stays(playing, small_host, work_off, kind):
    theirs = {
        "title": "Mine", "description": "My words", "publication": Publication.PUBLISHED, "is_thumbnail_chosen": True,
        "thumbnail_path": "chosen/thumbnail.jpg",
    }  # fmt: skip
    small_host.meanwhile = lambda: Media.objects.update(**theirs)
    small_host.told = Description("Theirs", "Their words", 90.0, thumbnail_url="https://small.test/a.jpg")

    enqueue(kind, playing.pk, key=f"{kind}:meanwhile")
    work_off()

    playing.refresh_from_db()
    assert {name: getattr(playing, name) for name in theirs} == theirs
    assert (playing.duration, Job.objects.filter(kind="fetch_picture").count()) == (90.0, 0)


def test_name_given_before_the_host_answered_stays(media, small_host, work_off):
    small_host.meanwhile = lambda: Media.objects.update(title="Mine")

    found = described(media, work_off)

    assert (found.title, found.is_playable) == ("Mine", True)


@pytest.mark.parametrize("kind", ["describe_media", "look_again"])
def test_media_archived_meanwhile_stays_archived_and_unchanged(playing, small_host, work_off, kind):
    before = playing.described_at
    small_host.meanwhile = lambda: archive_media(Media.objects.get(), by=None)
    small_host.told = Description("Another", duration=90.0)

    enqueue(kind, playing.pk, key=f"{kind}:meanwhile")
    work_off()

    playing.refresh_from_db()
    assert (playing.publication, playing.described_at, playing.duration) == (Publication.ARCHIVED, before, 60.0)
    assert Job.objects.get(key=f"{kind}:meanwhile").state == "cancelled"


def test_media_that_stopped_playing_meanwhile_plays_again_and_is_announced(playing, small_host, work_off):
    def stop_once():
        small_host.meanwhile = object
        Media.objects.update(described_at=None)

    small_host.meanwhile = stop_once
    before = Event.objects.filter(type="video_imported").count()

    found = asked_again(playing, work_off)

    assert (found.is_playable, Job.objects.get(kind="look_again").state) == (True, "succeeded")
    assert Event.objects.filter(type="video_imported").count() == before + 1


@pytest.mark.parametrize("kind", ["describe_media", "look_again"])
def test_answer_about_what_became_a_file_meanwhile_changes_nothing(playing, small_host, work_off, kind):
    theirs = {"source": Source.UPLOAD, "source_path": "a.mp4", "described_at": None}
    small_host.meanwhile = lambda: Media.objects.update(**theirs)
    small_host.told = Description("Another", "Words", 90.0)
    before = set(Job.objects.values_list("pk", flat=True))

    job = enqueue(kind, playing.pk, key=f"{kind}:meanwhile")
    work_off()

    playing.refresh_from_db()
    assert (playing.is_playable, playing.duration, playing.description) == (False, 60.0, "")
    assert set(Job.objects.values_list("pk", flat=True)) - before == {job.pk}


# What people can do about a refusal


LASTING = [
    "not_found", "private", "login_required", "region_blocked", "age_restricted", "embed_disabled", "deleted",
    "auth_invalid", "blocked_by_provider", "provider_changed", "unplayable",
]  # fmt: skip


@pytest.mark.parametrize("code", LASTING)
def test_what_people_can_lift_can_be_tried_again(media, small_host, work_off, code):
    small_host.told = SourceError(code)

    found = described(media, work_off)

    assert (found.status, status_of(found).code, status_of(found).can_retry) == (Status.FAILED, code, True)


@pytest.mark.parametrize(
    "address",
    ["/admin/media_library/media/{}/do/retry/", "/admin/media_library/media/{}/steps/describe_media/retry/",
     "/api/v1/harbor/media/{}/retry/", "/api/v1/harbor/media/{}/steps/describe_media/retry/"],
)  # fmt: skip
def test_video_that_was_made_public_there_plays_after_another_try(
    media, small_host, alice, client_of, work_off, address
):  # fmt: skip
    right, small_host.told = small_host.told, SourceError("private")
    described(media, work_off)
    browser = client_of(alice)
    page = browser.get(reverse("admin:media_library_media_change", args=[media.pk])).content.decode()
    small_host.told = right

    answer = browser.post(address.format(media.pk))
    work_off()

    media.refresh_from_db()
    assert ('id="retry-describe_media"' in page, answer.status_code < 400) == (True, True)
    assert (media.is_playable, media.status, media.title) == (True, Status.COMPLETED, "A talk")


def test_what_failed_for_want_of_credentials_is_asked_again_when_they_work(media, small_host, alice, work_off):
    right, small_host.told = small_host.told, SourceError("auth_invalid")
    described(media, work_off)
    small_host.told = right

    give_credentials(small_host, {"token": "right"}, by=alice)
    work_off()

    media.refresh_from_db()
    assert (media.is_playable, media.status) == (True, Status.COMPLETED)


# An unlisted video and what opens it


OPENED = "https://vimeo.com/123456789/abcdef1234"


@pytest.fixture
def vimeo(settings):
    """It knows the video by the address with its secret only."""
    stand_in = StandIn()
    settings.SOURCES = {**settings.SOURCES, "vimeo": options_at(SOURCES["vimeo"], stand_in.origin)}
    stand_in.play([
        {"path": "/api/oembed.json", "query": {"url": "https://vimeo.com/123456789"}, "status": 404},
        {"path": "/api/oembed.json", "query": {"url": OPENED}, "json": {"title": "L1", "duration": 93}},
    ])  # fmt: skip
    yield stand_in
    stand_in.close()


def test_unlisted_video_pasted_again_with_what_opens_it_plays(scope, alice, vimeo, work_off):
    closed, _is_new = add_media({"url": "https://vimeo.com/123456789"}, by=alice)
    work_off()

    media, is_new = add_media({"url": OPENED}, by=alice)
    work_off()

    media.refresh_from_db()
    assert (media.pk, is_new, media.source_url, media.is_playable, media.title) == (
        closed.pk, False, OPENED, True, "L1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "address"),
    [
        ({"described_at": timezone.now()}, OPENED),
        ({"publication": Publication.ARCHIVED}, OPENED),
        ({}, "https://vimeo.com/123456789"),
        ({"source": Source.UPLOAD, "source_path": "a.mp4"}, OPENED),
    ],
)
def test_what_is_here_keeps_its_address_where_nothing_is_gained(scope, alice, changes, address):
    media, _is_new = add_media({"url": "https://vimeo.com/123456789/00000000aa"}, by=alice)
    Media.objects.update(**changes)

    add_media({"url": address}, by=alice)

    media.refresh_from_db()
    assert (media.source_url, Job.objects.count()) == ("https://vimeo.com/123456789/00000000aa", 1)


def test_media_that_is_still_there_shows_no_work(media, small_host, work_off):
    described(media, work_off)
    before = media.described_at

    count = ask_again()

    media.refresh_from_db()
    status = media.status
    work_off()
    media.refresh_from_db()
    assert (count, status, media.status, media.described_at > before) == (1, Status.COMPLETED, Status.COMPLETED, True)


def test_asking_again_leaves_archived_media_and_uploads_alone(scope, small_host, stored_talk):
    hosted(publication=Publication.ARCHIVED)

    assert (ask_again(), Media.objects.count()) == (0, 2)
