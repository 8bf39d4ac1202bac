"""Frames of a film that is archived, or gone, while they are asked for or taken."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core.errors import Refused
from core.identifiers import uuid7
from core.models import Job
from core.tenancy import organization_scope
from media_library.batches.extracting import Asked, extract_frames, frames_left, progress_of
from media_library.models import ExtractionMode, Frame, FrameExtraction, Media
from media_library.services.publishing import archive_media, restore_media
from media_library.services.purging import purge_media
from tests.courses.school import make_media
from tests.media_library.framing import make_batch

SCENES = Asked(ExtractionMode.SCENES)
TOLD = "This was stopped, as the film was archived. Ask for its frames again when it is back."


def make_film():
    film = make_media(seconds=100)
    film.rendition.rungs = [{"name": "360p", "width": 640, "height": 360}]
    film.rendition.save()
    return film


def told(extraction):
    progress = progress_of([extraction])[extraction.pk]
    return progress.state, progress.code, progress.message


def test_archiving_a_film_ends_the_work_that_takes_frames_of_it(scope, alice, client_of, work_off):
    film, batch = make_film(), make_batch(by=alice)
    extraction = extract_frames(film, batch, SCENES, by=alice)

    archive_media(film, by=alice)

    assert (told(extraction), frames_left(batch)) == (("cancelled", "archived", TOLD), 100)
    work_off()
    assert Frame.objects.count() == 0
    client = client_of(alice)
    assert TOLD in client.get(f"/admin/media_library/media/{film.pk}/frames/").content.decode()
    answer = client.get(f"/api/v1/harbor/extractions/{extraction.pk}/").json()
    assert (answer["progress"]["state"], answer["progress"]["code"]) == ("cancelled", "archived")
    restore_media(film, by=alice)
    assert told(extraction) == ("cancelled", "", "")


def test_archiving_a_film_stops_the_worker_that_takes_frames_of_it(scope, alice):
    film = make_film()
    extract_frames(film, make_batch(by=alice), SCENES, by=alice)
    lease = {"lease_token": uuid7(), "lease_expires_at": timezone.now() + timedelta(minutes=5)}
    Job.objects.update(state="running", **lease)

    archive_media(film, by=alice)

    assert Job.objects.get().cancel_requested_at is not None


def test_worker_takes_no_frames_of_a_film_archived_in_this_moment(scope, alice, work_off):
    film = make_film()
    extraction = extract_frames(film, make_batch(by=alice), SCENES, by=alice)
    Media.objects.filter(pk=film.pk).update(publication="archived")

    work_off()

    assert told(extraction)[:2] == ("failed", "archived")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("gone", "code"), [(False, "archived"), (True, "media_gone")])
def test_frames_asked_for_while_the_film_is_being_archived_are_refused(organization, alice, gone, code):
    with organization_scope(organization):
        film, batch = make_film(), make_batch(by=alice)
    outcome = []

    def ask():
        try:
            with organization_scope(organization):
                extract_frames(Media.objects.select_related("rendition").get(pk=film.pk), batch, SCENES, by=None)
        except Refused as refusal:
            outcome.append(refusal.code)
        finally:
            connection.close()

    thread = threading.Thread(target=ask)
    with organization_scope(organization):
        with transaction.atomic():
            archive_media(film, by=alice)
            if gone:
                purge_media(film, by=alice)
            thread.start()
            thread.join(1)
            assert thread.is_alive()
        thread.join(20)

        assert (outcome, FrameExtraction.objects.count()) == ([code], 0)
