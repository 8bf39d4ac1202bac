"""What a feed names while it lies in a bucket: apps are sent there for a minute, and nobody whose address ended."""

import io
from urllib.parse import parse_qs, urlsplit

import pytest
import urllib3
from django.core.files.storage import default_storage
from PIL import Image

from courses.services.authoring import create_course
from media_library.models import ListenerKey
from media_library.podcasts.following import CONTEXT, Followed, Listener
from media_library.podcasts.keys import give_key, revoke_key
from tests.courses.test_course_squares import square_of
from tests.media_library.listening import addresses, ask, followed_by, private_show
from tests.media_library.shows import SOUND, episode_of, show_of
from tests.media_library.test_bucket import BUCKET, s3, server  # noqa: F401  (fixtures)

SENT_ON, FROM_HERE = ("mp3", "m4a", "artwork"), ("feed", "words", "chapters")


@pytest.fixture
def tides(s3, scope, settings):  # noqa: F811
    settings.MEDIA_DELIVERY = "bucket"
    return private_show()


@pytest.fixture
def named(tides, bob):
    return addresses(followed_by(tides.show, bob)[1], tides.episode.pk)


def from_bucket(url, **headers):
    return urllib3.request("GET", url, headers=headers)


def part(path, asked):
    """As an app that follows redirects and asks there for the same."""
    return from_bucket(ask(path, Range=asked)["Location"], Range=asked)


def test_ten_ranges_of_an_enclosure_come_from_the_bucket_and_are_the_file(named):
    size = len(SOUND) // 10
    asked = [f"bytes={start}-{start + size - 1}" for start in range(0, len(SOUND), size)]

    answers = [part(named["mp3"], one) for one in asked]

    assert b"".join(one.data for one in answers) == SOUND
    assert {one.status for one in answers} == {206}
    told = answers[3].headers
    assert (told["Content-Range"], told["Content-Type"]) == (f"bytes {3 * size}-{4 * size - 1}/51200", "audio/mpeg")


@pytest.mark.parametrize(("asked", "status"), [("bytes=-10", 206), ("bytes=51200-", 416)])
def test_other_ranges_are_answered_by_the_bucket_too(asked, status, named):
    answer = part(named["mp3"], asked)

    assert (answer.status, answer.data == SOUND[-10:]) == (status, status == 206)


@pytest.mark.parametrize("kind", SENT_ON)
def test_address_that_is_given_is_new_and_lives_a_minute(kind, named):
    answer = ask(named[kind])

    query = parse_qs(urlsplit(answer["Location"]).query)
    assert (answer.status_code, answer["Cache-Control"], query["X-Amz-Expires"]) == (302, "private, no-store", ["60"])
    assert (answer["Referrer-Policy"], "X-Amz-Signature" in query) == ("no-referrer", True)
    assert from_bucket(answer["Location"]).status == 200


def test_it_lives_as_long_as_the_setting_says(named, settings):
    settings.MEDIA_RECHECK_SECONDS = 15

    location = ask(named["mp3"])["Location"]

    assert parse_qs(urlsplit(location).query)["X-Amz-Expires"] == ["15"]


def test_head_is_answered_here_with_true_length_and_type(named):
    answers = {kind: ask(named[kind], method="head") for kind in SENT_ON}

    told = {kind: (one.status_code, one["Content-Length"], one["Content-Type"]) for kind, one in answers.items()}
    assert told == {
        "mp3": (200, "51200", "audio/mpeg"), "m4a": (200, "5000", "audio/x-m4a"), "artwork": (200, "5", "image/jpeg"),
    }  # fmt: skip
    assert {(one["Accept-Ranges"], one.body) for one in answers.values()} == {("bytes", b"")}


def test_words_chapters_and_feed_come_from_here(named):
    assert {kind: ask(named[kind]).status_code for kind in FROM_HERE} == dict.fromkeys(FROM_HERE, 200)


def test_file_that_was_lost_is_not_found(named, tides):
    """The bucket says that itself to GET."""
    default_storage.delete(tides.episode.media.renditions.get(kind="mp3").path)

    assert ask(named["mp3"], method="head").status_code == 404


@pytest.mark.parametrize("method", ["get", "head"])
def test_address_that_ended_is_sent_nowhere(method, named, bob):
    before = {kind: ask(path, method=method).status_code for kind, path in named.items()}
    revoke_key(ListenerKey.objects.get(), by=bob)

    answers = {kind: ask(path, method=method) for kind, path in named.items()}

    went = 302 if method == "get" else 200
    assert before == {**dict.fromkeys(SENT_ON, went), **dict.fromkeys(FROM_HERE, 200)}
    assert {kind: one.status_code for kind, one in answers.items()} == dict.fromkeys(named, 404)
    assert {one.has_header("Location") for one in answers.values()} == {False}


def test_public_enclosure_keeps_its_address_and_is_sent_on_anew(tides):
    show = show_of(slug="winds")
    path = f"/harbor/podcasts/winds/episodes/{episode_of(show).pk}.mp3"

    answer = ask(path)

    assert (answer.status_code, answer["Cache-Control"]) == (302, "private, no-store")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert from_bucket(answer["Location"]).data == SOUND


def test_square_of_a_course_is_drawn_into_the_bucket_once(tides, alice, organization, s3):  # noqa: F811
    course = create_course(title="Tides", by=alice)
    address = square_of(give_key(Followed(CONTEXT, course.pk), Listener(alice, organization))[1])

    bodies = [from_bucket(ask(address)["Location"]).data for _ in range(2)]

    listed = s3.list_objects_v2(Bucket=BUCKET, Prefix=f"{organization.pk}/course_squares/")["Contents"]
    assert (bodies[0] == bodies[1], len(listed)) == (True, 1)
    assert Image.open(io.BytesIO(bodies[0])).size == (1400, 1400)
