"""What did I miss: the arithmetic, and the pages that tell it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Organization, User
from courses.models import ContentItem, Enrollment
from courses.progress.missed import MOST_SENTENCES, MOST_STRETCHES, Sentence, what_was_missed
from courses.services.authoring import add_item
from media_library.captions import TimedText
from media_library.chapter_marks import Mark, chapter_marks
from media_library.models import Media, WatchRecord
from media_library.services.transcripts import publish_transcript
from media_library.wording import words_for_seconds
from tests.courses.conftest import Tides, make_media

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
ONES = [Sentence(n * 10, n * 10 + 9, f"Sentence {n}.") for n in range(12)]


@pytest.mark.parametrize(
    ("seen", "length", "expected"),
    [
        ([], 60, [(0, 60)]),
        ([(0, 60)], 60, []),
        ([(0, 60)], 60.4, []),
        ([(0, 60)], 64.6, [(60, 65)]),
        ([(0, 60)], 63.0, []),  # nobody goes back for three seconds
        ([(10, 20)], 60, [(0, 10), (20, 60)]),
        ([(10, 12)], 60, [(0, 60)]),  # a look of two seconds joins what lies around it
        ([(10, 13)], 60, [(0, 10), (13, 60)]),
        ([(0, 10), (14, 60)], 60, []),
        ([(0, 10), (15, 60)], 60, [(10, 15)]),
        ([(0, 10), (14, 16), (20, 60)], 60, [(10, 20)]),
        ([(0, 500)], 60, []),
        ([(0, 30), (70, 90)], 60, [(30, 60)]),
        ([], 3, []),
        ([], 0, []),
    ],
)
def test_stretches_are_what_lies_between_what_was_seen(
    seen: list[tuple[int, int]], length: float, expected: list[tuple[int, int]]
) -> None:
    missed = what_was_missed(seen, length=length)

    assert [(one.start, one.end) for one in missed.stretches] == expected
    assert (missed.seconds, missed.count) == (sum(end - start for start, end in expected), len(expected))


def test_nothing_is_known_of_what_has_no_length() -> None:
    missed = what_was_missed([(0, 10)], length=None)

    assert (missed.length, missed.seconds, missed.stretches) == (None, 0, ())


@pytest.mark.parametrize(
    ("seen", "opens_at", "first", "last"),
    [
        ([(0, 30)], 30, "Sentence 3.", "Sentence 11."),
        ([(0, 35)], 30, "Sentence 3.", "Sentence 11."),  # opens where that sentence begins
        ([(0, 39)], 39, "Sentence 4.", "Sentence 11."),  # between two sentences
        ([(40, 120)], 0, "Sentence 0.", "Sentence 3."),
        ([(45, 120)], 0, "Sentence 0.", "Sentence 4."),
        ([(0, 5), (50, 120)], 0, "Sentence 0.", "Sentence 4."),
    ],
)
def test_stretch_brings_its_sentences_and_opens_where_the_first_begins(
    seen: list[tuple[int, int]], opens_at: float, first: str, last: str
) -> None:
    (stretch,) = what_was_missed(seen, length=120, cues=ONES).stretches

    assert (stretch.opens_at, stretch.sentences[0].text, stretch.sentences[-1].text) == (opens_at, first, last)


def test_sentence_of_which_next_to_nothing_was_missed_is_not_told() -> None:
    cues = [Sentence(0, 10.4, "Seen."), Sentence(10.4, 15, "Missed."), Sentence(15.1, 15.3, "Oh.")]

    (stretch,) = what_was_missed([(0, 10)], length=20, cues=cues).stretches

    assert [one.text for one in stretch.sentences] == ["Missed.", "Oh."]


def test_longest_hundred_stretches_are_shown_in_the_order_of_time() -> None:
    seen = [(start + 6 + (start == 2_000), start + 20) for start in range(0, 4_000, 20)]

    missed = what_was_missed(seen, length=4_000)

    assert (len(missed.stretches), missed.left_out, missed.count) == (MOST_STRETCHES, 100, 200)
    assert missed.seconds == 200 * 6 + 1
    assert [one.start for one in missed.stretches] == sorted(one.start for one in missed.stretches)
    assert max(missed.stretches, key=lambda one: one.seconds).start == 2_000


def test_long_stretch_tells_how_much_more_is_said_in_it() -> None:
    cues = [Sentence(n, n + 1, str(n)) for n in range(100)]

    (stretch,) = what_was_missed([], length=100, cues=cues).stretches

    assert (len(stretch.sentences), stretch.more) == (MOST_SENTENCES, 100 - MOST_SENTENCES)


@pytest.mark.parametrize(
    ("seconds", "words"), [(9, "9 s"), (60, "1 min"), (250, "4 min 10 s"), (3600, "1 h 00 min"), (3910, "1 h 05 min")]
)
def test_time_missed_is_told_to_the_second(seconds: int, words: str) -> None:
    assert words_for_seconds(seconds) == words


@pytest.mark.parametrize(
    ("metadata", "marks"),
    [
        ({}, []),
        ("{}", []),
        ({"chapters": "no"}, []),
        ({"chapters": [{"at": 60, "title": " Two "}, {"at": 0, "title": "One"}]}, [Mark(0, "One"), Mark(60, "Two")]),
        ('{"chapters": [{"at": 1.5, "title": "One"}]}', [Mark(1.5, "One")]),
        ({"chapters": [1, {"at": -1, "title": "x"}, {"at": True, "title": "x"}, {"at": 1, "title": ""}, {}]}, []),
    ],
)
def test_chapters_of_a_video_are_read_from_its_item(metadata: Any, marks: list[Mark]) -> None:
    assert chapter_marks(metadata) == marks


# --- Pages ---


def seen_by(user: User, media: Media, *seconds: tuple[int, int]) -> None:
    WatchRecord.objects.create(media=media, user=user, seconds=list(seconds), percent=10)


def say(media: Media, *sentences: tuple[float, float, str]) -> None:
    cues = [TimedText(start, end, text, "") for start, end, text in sentences]
    publish_transcript(media, cues, language="en", method="sidecar")


def address(tides: Tides, rest: str = "") -> str:
    return f"/harbor/courses/{tides.course.slug}/{rest}"


def test_lesson_and_page_say_how_much_was_missed_and_where_it_opens(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    say(tides.media, (0, 28, "Seen."), (28, 40, "The tide <turns>."), (40, 50, "Twice."), (110, 120, "The end."))
    seen_by(bob, tides.media, (0, 30), (45, 100))
    client = client_of(bob)

    lesson = client.get(address(tides, f"learn/{tides.video.pk}/")).content.decode()
    with django_assert_num_queries(7):
        page = client.get(address(tides, f"learn/{tides.video.pk}/missed/"))

    assert lesson.count("You missed 35 s in 2 stretches") == 1
    text = page.content.decode()
    told = ("You missed 35 s in 2 stretches", '../?t=28"', '../?t=100"', "The tide &lt;turns&gt;. Twice.", "Seen.")
    assert [text.count(part) for part in told] == [1, 1, 1, 1, 0]


@pytest.mark.parametrize(
    ("seconds", "length", "words"),
    [
        ([(0, 120)], 120, "You have seen all of it."),
        ([(0, 20)], None, "Nobody knows yet how long this is"),
        ([(0, 20)], 120, "here are the times alone"),
    ],
)
def test_page_says_why_there_is_nothing_to_show(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization,
    seconds: list[tuple[int, int]], length: float | None, words: str,
) -> None:  # fmt: skip
    seen_by(bob, tides.media, *seconds)
    source = {"duration": length} if length else {"duration": None, "duration_source": ""}
    Media.objects.filter(pk=tides.media.pk).update(**source)

    page = client_of(bob).get(address(tides, f"learn/{tides.video.pk}/missed/"), headers={"X-Requested-With": "fetch"})

    assert (page.status_code, page.content.decode().count(words), b"<html" in page.content) == (200, 1, False)


def test_course_lists_what_was_begun_and_not_seen_whole(
    tides: Tides, bobs_place: Enrollment, bob: User, alice: User, client_of: ClientOf, scope: Organization,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    def more(count: int) -> None:
        for number in range(count):
            media = make_media(f"Film {number}")
            add_item(tides.test.chapter, by=alice, type="video", title=f"Film {number}", media=media)
            seen_by(bob, media, *([(0, 120)] if number % 2 else [(0, 60)]))

    seen_by(bob, tides.media, (0, 115))
    client = client_of(bob)
    with django_assert_num_queries(5):
        first = client.get(address(tides, "missed/"))
    more(4)
    with django_assert_num_queries(5):
        second = client.get(address(tides, "missed/"))

    assert [item.title for item in first.context["items"]] == ["The film"]
    assert [item.title for item in second.context["items"]] == ["The film", "Film 0", "Film 2"]


def test_nobody_is_told_what_they_may_not_open(
    tides: Tides, foreign_tides: Tides, bobs_place: Enrollment, bob: User, charlie: User, client_of: ClientOf,
    scope: Organization,
) -> None:  # fmt: skip
    pages = [f"learn/{tides.text.pk}/missed/", f"learn/{foreign_tides.video.pk}/missed/"]
    bobs, charlies = client_of(bob), client_of(charlie)
    answers = [bobs.get(address(tides, page)).status_code for page in pages]
    foreign = [f"learn/{tides.video.pk}/missed/", "missed/"]
    answers += [charlies.get(address(tides, page)).status_code for page in foreign]

    assert answers == [404, 404, 404, 404]


def test_integrators_read_the_same(
    tides: Tides, foreign_tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    say(tides.media, (95, 105, "Nearly the end."))
    seen_by(bob, tides.media, (0, 100))
    client = client_of(bob)

    with django_assert_num_queries(8):
        answer = client.get(f"/api/v1/harbor/items/{tides.video.pk}/missed/")

    sentence = {"start": 95.0, "end": 105.0, "text": "Nearly the end."}
    stretch = {"start": 100, "end": 120, "opens_at": 95.0, "sentences": [sentence], "more": 0}
    assert answer.json() == {"length": 120.0, "seconds": 20, "count": 1, "stretches": [stretch], "by_hand": ""}
    others = [tides.text, foreign_tides.video]
    assert [client.get(f"/api/v1/harbor/items/{item.pk}/missed/").status_code for item in others] == [404, 404]


def test_chapters_stand_below_the_player(
    tides: Tides, bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    marks = {"chapters": [{"at": 0, "title": "Ebb & flow"}, {"at": 62.5, "title": "Spring tide"}]}
    ContentItem.objects.filter(pk=tides.video.pk).update(metadata=marks)

    page = client_of(bob).get(address(tides, f"learn/{tides.video.pk}/")).content.decode()

    assert [page.count(part) for part in ('data-seek="62.5"', "Ebb &amp; flow", "1:02")] == [1, 1, 1]
