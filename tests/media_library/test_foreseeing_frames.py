"""How many frames there will be is told before any is taken, exactly."""

import pytest

from core.models import Job
from media_library.batches.extracting import Asked, estimate, extract_frames, progress_of
from media_library.frames.moving import move_frames
from media_library.models import ExtractionMode
from tests.courses.school import make_media
from tests.media_library import framed
from tests.media_library.framing import make_batch, refused

EVERY, SCENES, MOMENT = ExtractionMode.EVERY, ExtractionMode.SCENES, ExtractionMode.MOMENT


@pytest.fixture
def batch(scope, alice):
    return make_batch(by=alice)


def test_how_many_there_will_be_is_told_before(batch, alice):
    film = make_media(seconds=600)
    film.rendition.rungs = [{"name": "360p", "width": 640, "height": 360}]

    told = estimate(film, batch, Asked(EVERY, interval=60))

    assert (told.most, told.left) == (10, 100)
    assert estimate(film, batch, Asked(SCENES)).most == 100
    refusal = refused("too_many_frames", estimate, film, batch, Asked(EVERY, interval=5.9))
    assert refusal.message == "That would be 102 frames; the batch takes 100 more. Every 6 s would fit."
    assert estimate(film, batch, Asked(EVERY, interval=6)).most == 100
    refused("invalid_interval", estimate, film, batch, Asked(EVERY, interval=float("nan")))
    refusal = refused("invalid_interval", estimate, film, batch, Asked(EVERY, interval=1e300))
    assert refusal.message.endswith("at least 0.1 and at most 86400.")
    assert estimate(film, batch, Asked(EVERY, interval=86400)).most == 1
    refused("outside", estimate, film, batch, Asked(MOMENT, at=601))
    refusal = refused("outside", estimate, film, batch, Asked(MOMENT, at=600))
    assert refusal.message == "Please give a second of the film: from 0 to less than 600 s."


@pytest.mark.parametrize(
    ("seconds", "interval", "most"), [(150, 1.5, 100), (12, 0.12, 100), (150.04, 2, 76), (0.5, 1, 1)]
)
def test_frames_are_foreseen_exactly_where_the_length_divides_evenly(batch, seconds, interval, most):
    """150 s every 1.5 s are 100: there is no picture at the very end."""
    film = playing(seconds)

    assert estimate(film, batch, Asked(EVERY, interval=interval)).most == most


def test_interval_that_is_proposed_fits_and_is_the_smallest_in_tenths(batch):
    film = playing(150)
    refusal = refused("too_many_frames", estimate, film, batch, Asked(EVERY, interval=1))

    assert refusal.message == "That would be 150 frames; the batch takes 100 more. Every 1.5 s would fit."
    assert estimate(film, batch, Asked(EVERY, interval=1.5)).most == 100
    refused("too_many_frames", estimate, film, batch, Asked(EVERY, interval=1.4))


def test_seconds_that_the_batch_has_are_not_counted_again(batch, alice):
    """Of every 2 s of 150 s all 75 are there; of every 3 s every other one is, the 25 of even seconds."""
    film = playing(150)
    made = framed.frames(75, of=batch, media=film)

    again = extract_frames(film, batch, Asked(EVERY, interval=2), by=alice)
    thirds = estimate(film, batch, Asked(EVERY, interval=3))
    made[0].delete()
    one = estimate(film, batch, Asked(EVERY, interval=2))

    assert (again.most, again.made, again.skipped, progress_of([again])[again.pk].state) == (0, 0, 75, "succeeded")
    assert Job.objects.filter(subject_id=again.pk).count() == 0
    assert (thirds.most, thirds.there, thirds.left) == (25, 25, 25)
    assert thirds.words == "At most 25 frames; the batch takes 25 more. 25 are there already."
    assert one.words == "At most 1 frame; the batch takes 26 more. 74 are there already."


def test_places_held_free_are_told_as_such(batch, alice):
    film = playing(600)
    framed.frames(4, of=batch, media=make_media("Other"))
    extract_frames(film, batch, Asked(EVERY, interval=10), by=alice)

    some = refused("too_many_frames", estimate, film, batch, Asked(EVERY, interval=12))
    moved = refused("too_many_frames", move_frames, [f.pk for f in elsewhere(batch, film, alice)], to=batch, by=alice)
    extract_frames(film, batch, Asked(SCENES), by=alice)
    all_of_it = refused("too_many_frames", estimate, film, batch, Asked(SCENES))

    held = "60 are held free for frames being taken now."
    fits = "Every 16.7 s would fit."
    assert some.message == f"That would be 50 frames; the batch takes 36 more. {held} {fits}"
    assert moved.message == f"“Spring” takes 36 more frames; a batch has at most 100. {held}"
    held = "96 are held free for frames being taken now."
    assert all_of_it.message == f"The batch has 4 of the 100 frames it may have. {held}"


def elsewhere(batch, film, alice):
    return framed.frames(37, of=make_batch("Summer", project=batch.project, by=alice), media=film)


def playing(seconds):
    film = make_media(seconds=seconds)
    film.rendition.rungs = [{"name": "360p", "width": 640, "height": 360}]
    film.rendition.save()
    return film
