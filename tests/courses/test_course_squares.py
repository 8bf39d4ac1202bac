"""The square picture of a course that apps show: drawn once, for those who may follow it."""

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from courses.feeds.square import Face, draw_square
from courses.models import Course, CourseSquare, Enrollment
from courses.services.authoring import create_course
from courses.services.covers import set_cover
from courses.services.enrolling import end_enrollment, enroll
from courses.services.publishing import publish_course
from courses.services.removing import delete_course
from media_library.models import ListenerKey
from media_library.podcasts.following import CONTEXT, Followed, Listener
from media_library.podcasts.keys import give_key, revoke_key
from media_library.services.leftovers import leftovers
from tests.courses.test_course_feeds import SPACES, add_chapter, add_item, follow, read, sounding
from tests.media_library.listening import ask

GREEN, RED = (0x0F, 0x76, 0x6E), (200, 30, 40)


@pytest.fixture
def course(scope, alice, bob):
    made = create_course(title="Tides", by=alice)
    add_item(add_chapter(made, title="Water"), by=alice, type="video", title="One", media=sounding("One"))
    publish_course(made, by=alice)
    enroll(made, user=bob)
    return Course.objects.get(pk=made.pk)


def picture_file(color):
    file = io.BytesIO()
    Image.new("RGB", (1280, 720), color).save(file, "PNG")
    return io.BytesIO(file.getvalue())


def square_of(token):
    """The address that the feed names now."""
    channel = read(ask(f"/harbor/feeds/{token}/feed.xml")).find("channel")
    return channel.find("itunes:image", SPACES).get("href").removeprefix("http://localhost:8000")


def colors(body, *places):
    return [Image.open(io.BytesIO(body)).getpixel(place) for place in places]


def near(one, other):
    return all(abs(a - b) < 6 for a, b in zip(one, other, strict=True))


def test_feed_names_a_picture_as_apps_want_it(course, bob):
    address = square_of(follow(course, bob))

    answer, head = ask(address), ask(address, method="head")

    picture = Image.open(io.BytesIO(answer.body))
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (1400, 1400))
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert (head.status_code, head["Content-Length"], address.endswith(".jpg")) == (200, str(len(answer.body)), True)
    assert near(colors(answer.body, (20, 20))[0], GREEN)


def test_picture_of_the_course_stands_above_its_title(course, bob):
    token = follow(course, bob)
    plain = square_of(token)
    set_cover(course, picture_file(RED))

    address = square_of(token)
    above, below = colors(ask(address).body, (700, 20), (20, 1380))

    assert (near(above, RED), near(below, GREEN), address == plain) == (True, True, False)
    assert ask(plain).status_code == 404


@pytest.mark.parametrize("change", ["title", "color", "organization", "cover"])
def test_what_it_shows_changes_its_address(change, course, bob):
    token = follow(course, bob)
    before = square_of(token)

    match change:
        case "title":
            Course.objects.update(title="High tides")
        case "color":
            type(course.organization).objects.update(accent_color="#224488")
        case "organization":
            type(course.organization).objects.update(name="Lighthouse")
        case "cover":
            set_cover(course, picture_file(RED))

    assert square_of(token) != before


def test_it_is_drawn_once(course, alice, bob, organization):
    tokens = [follow(course, bob), give_key(Followed(CONTEXT, course.pk), Listener(alice, organization))[1]]

    names = {square_of(token).rpartition("/")[2] for token in tokens}
    bodies = {ask(square_of(token)).body for token in (*tokens, *tokens)}

    assert (len(names), len(bodies), CourseSquare.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("lessons", [1, 3])
def test_statements_of_a_picture_are_the_same_whatever_the_course_has(
    lessons, course, bob, alice, django_assert_num_queries
):
    for number in range(1, lessons):
        media = sounding(f"More {number}")
        add_item(course.chapters.get(), by=alice, type="video", title=f"More {number}", media=media)
    token = follow(course, bob)
    address = square_of(token)
    ask(address)

    with django_assert_num_queries(4):
        assert ask(address).status_code == 200
    with django_assert_num_queries(8):
        assert ask(f"/harbor/feeds/{token}/feed.xml").body.count(b"<item>") == lessons


@pytest.mark.parametrize("end", ["revoked", "left", "closed"])
def test_it_is_refused_with_the_feed(end, course, bob, alice):
    token = follow(course, bob)
    address = square_of(token)
    before = ask(address).status_code

    match end:
        case "revoked":
            revoke_key(ListenerKey.objects.get(), by=bob)
        case "left":
            end_enrollment(Enrollment.objects.get(), by=alice)
        case "closed":
            Course.objects.update(closes_at=timezone.now() - timedelta(minutes=1))

    assert (before, ask(address).status_code) == (200, 404)


def test_nothing_else_is_given_under_its_name(course, bob, alice):
    token = follow(course, bob)
    other = create_course(title="Winds", by=alice)
    foreign = square_of(follow(other, alice)).rpartition("/")[2]

    names = (foreign, "cover.jpg", f"{course.pk}.jpg")

    assert [ask(f"/harbor/feeds/{token}/art/{name}").status_code for name in names] == [404] * 3


def test_cover_that_was_lost_leaves_the_title(course, bob):
    set_cover(course, picture_file(RED))
    default_storage.delete(Course.objects.get().thumbnail_path)

    assert near(colors(ask(square_of(follow(course, bob))).body, (700, 20))[0], GREEN)


def test_replaced_one_is_cleaned_and_the_one_shown_is_counted(course, bob, monkeypatch):
    monkeypatch.setattr("media_library.services.leftovers._is_old", lambda name: True)
    token = follow(course, bob)
    ask(square_of(token))
    former = CourseSquare.objects.get().path
    set_cover(course, picture_file(RED))
    ask(square_of(token))
    kept = CourseSquare.objects.get()

    found = [one.name for one in leftovers() if "course_squares" in one.name]

    assert (found, kept.size_bytes) == ([former], default_storage.size(kept.path))


def test_it_goes_with_its_course(course, bob, django_capture_on_commit_callbacks):
    ask(square_of(follow(course, bob)))
    path = CourseSquare.objects.get().path
    Enrollment.objects.all().delete()

    with django_capture_on_commit_callbacks(execute=True):
        delete_course(course)

    assert (CourseSquare.objects.count(), default_storage.exists(path)) == (0, False)


@pytest.mark.parametrize(("ground", "ink"), [("#f5d742", (17, 19, 22)), ("#123456", (255, 255, 255))])
def test_letters_are_read_on_any_ground(ground, ink):
    drawn = Image.open(io.BytesIO(draw_square(Face("Tides", "Harbor School", ground))))

    assert any(near(color, ink) for _, color in drawn.getcolors(1_000_000))


def test_longest_title_is_drawn_within_the_picture():
    """Its right edge stays ground."""
    drawn = Image.open(io.BytesIO(draw_square(Face("Donaudampfschifffahrt " * 9, "Harbor " * 20, "#123456"))))

    edge = drawn.crop((1300, 0, 1400, 1400)).getcolors(1_000_000)
    assert all(near(color, (0x12, 0x34, 0x56)) for _, color in edge)
