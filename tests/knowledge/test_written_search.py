"""What is written in courses is found as what is said is, by whoever may open it now; filters narrow both."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import Membership
from courses.models import Chapter, ContentItem, Course, Enrollment, ItemType
from courses.models.item import ItemState
from knowledge.models import Passage
from knowledge.services.search import search
from knowledge.visible import Filters
from media_library.captions import TimedText
from media_library.demo.talks import TIDES, WAVES
from media_library.models import Media
from tests.knowledge.conftest import add_media

PAGE = "/harbor/search/"
TEXT = "Mind the keel. A bowline holds in a storm, and the bowline opens again. Then rest. Sleep well."


@pytest.fixture
def lesson(scope, bob) -> ContentItem:
    """A text about knots in a course that bob takes."""
    course = Course.objects.create(title="Knots for All", slug="knots", is_published=True)
    chapter = Chapter.objects.create(course=course, title="One", position=1)
    Enrollment.objects.create(course=course, user=bob)
    return write(chapter, TEXT, title="The Bowline", heading="Tying it")


def write(chapter, text, *, title="Text", position=1, config="english", **place) -> ContentItem:
    item = ContentItem.objects.create(chapter=chapter, type=ItemType.TEXT, title=title, position=position, text=text)
    Passage.objects.create(
        item=item, position=0, text=text, words=len(text.split()), search_config=config,
        content_hash=sha256(text.encode()).hexdigest(), **place,
    )  # fmt: skip
    return item


def titles(query, user, organization, **filters):
    answer = search(query, user=user, organization=organization, filters=Filters(**filters))
    return [group.title for group in answer.groups]


def test_what_is_written_is_found_with_its_best_sentences(lesson, bob, organization):
    (reading,) = search("bowlines", user=bob, organization=organization).readings

    assert (reading.item, reading.heading, reading.page) == (lesson, "Tying it", None)
    assert reading.sentence == (
        "A <mark>bowline</mark> holds in a storm, and the <mark>bowline</mark> opens again. Then rest. Sleep well."
    )
    assert reading.text == "A bowline holds in a storm, and the bowline opens again. Then rest. Sleep well."


def test_what_is_said_and_what_is_written_stand_in_one_order(lesson, talks, alice, organization):
    write(lesson.chapter, "Tide tables.", title="Tables", position=2)

    assert titles("tide tables", alice, organization)[:2] == ["Tables", TIDES.title]


SHUT = {
    "the item is a draft": lambda item: ContentItem.objects.update(state=ItemState.DRAFT),
    "the course is a draft": lambda item: Course.objects.update(is_published=False),
    "the enrollment was ended": lambda item: Enrollment.objects.update(is_active=False),
    "the enrollment ran out": lambda item: Enrollment.objects.update(ends_at=timezone.now() - timedelta(seconds=1)),
    "the item is locked": lambda item: ContentItem.objects.update(
        availability={"opens_at": (timezone.now() + timedelta(days=1)).isoformat()}
    ),
    "the person left": lambda item: Membership.objects.filter(user=Enrollment.objects.get().user_id).delete(),
}


@pytest.mark.parametrize("shut", SHUT.values(), ids=SHUT)
def test_what_is_shut_to_a_learner_is_found_no_longer(shut, lesson, alice, bob, organization):
    before = titles("bowline", bob, organization)

    shut(lesson)

    bob = type(bob).objects.get(pk=bob.pk)
    assert (before, titles("bowline", bob, organization)) == (["The Bowline"], [])
    assert titles("bowline", alice, organization) == ["The Bowline"]


def test_what_is_written_elsewhere_is_not_found(lesson, charlie, other_organization, organization):
    assert titles("bowline", charlie, organization) == []


def test_the_page_opens_what_is_written_in_its_lesson(lesson, bob, client_of):
    page = client_of(bob).get(PAGE, {"q": "bowline"})

    assertContains(page, f'<a href="/harbor/courses/knots/learn/{lesson.pk}/#section-tying-it">')
    assertContains(page, "<span>Text</span><span>Tying it</span>")
    assertContains(page, "Knots for All")


def test_the_api_answers_readings(lesson, bob, client_of):
    Passage.objects.update(page=7, heading="")

    answer = client_of(bob).get("/api/v1/harbor/search/", {"q": '"bowline opens"'}).json()

    assert (answer["moments"], answer["readings"]) == (
        [],
        [
            {
                "item": str(lesson.pk),
                "title": "The Bowline",
                "heading": "",
                "page": 7,
                "text": "A bowline holds in a storm, and the bowline opens again. Then rest. Sleep well.",
                "html": "A <mark>bowline</mark> holds in a storm, and the <mark>bowline</mark> <mark>opens</mark> "
                "again. Then rest. Sleep well.",
                "score": pytest.approx(1 / 4),
                "course": "Knots for All",
                "url": f"/harbor/courses/knots/learn/{lesson.pk}/",
            }
        ],
    )


ACCENTS = {
    "typed without": ("cafe", "en", "A café by the sea.", "A <mark>café</mark> by the sea."),
    "typed with, said without": ("café", "en", "A cafe by the sea.", "A <mark>cafe</mark> by the sea."),
    "in a phrase": ('"cafe creme"', "fr", "Un café crème.", "Un <mark>café</mark> <mark>crème</mark>."),
    "the stem of the language": ("aimées", "fr", "Il aimait la mer.", "Il <mark>aimait</mark> la mer."),
    "one letter for two": ("strasse", "de", "Die Straße am Hafen.", "Die <mark>Straße</mark> am Hafen."),
    "taken apart": ("cafe\u0301", "en", "A café by the sea.", "A <mark>café</mark> by the sea."),
    "letters of their own": ("oresund", "da", "Over Øresund.", "Over <mark>Øresund</mark>."),
}


@pytest.mark.parametrize(("query", "language", "said", "shown"), ACCENTS.values(), ids=ACCENTS)
def test_accents_are_no_matter_and_stay_as_they_are(query, language, said, shown, scope, alice, work_off):
    add_media("Talk", [TimedText(1, 4, said, "")], language=language)
    work_off()

    (moment,) = search(query, user=alice, organization=scope).moments

    assert (moment.text, moment.sentence) == (said, shown)


def test_a_word_of_no_content_stays_one_without_its_accent(scope, alice, work_off):
    add_media("Talk", [TimedText(1, 4, "La même mer.", "")], language="fr")
    work_off()

    assert titles("meme", alice, scope) == []


def test_an_exclusion_binds_without_its_accent(scope, alice, work_off):
    add_media("Talk", [TimedText(1, 4, "The café by the sea.", "")])
    work_off()

    assert titles("sea -cafe", alice, scope) == []
    assert titles("sea -café", alice, scope) == []


def test_a_course_narrows_to_what_it_holds(lesson, talks, alice, bob, organization):
    ContentItem.objects.create(chapter=lesson.chapter, type="video", title="T", position=3, media=talks[TIDES])
    hidden = Course.objects.create(title="Draft", slug="draft")
    chapter = Chapter.objects.create(course=hidden, title="One", position=1)
    ContentItem.objects.create(chapter=chapter, type="video", title="T", position=1, media=talks[TIDES])

    assert titles("tide wave bowline", bob, organization, course="knots") == [TIDES.title, "The Bowline"]
    assert titles("tide wave bowline", bob, organization, course="draft") == []
    assert titles("tide wave bowline", alice, organization, course="draft") == [TIDES.title]


def test_media_language_and_days_narrow(lesson, talks, alice, organization):
    Media.objects.filter(pk=talks[WAVES].pk).update(published_at=datetime(2020, 5, 1, 12, tzinfo=UTC))
    query = "moon beach bowline wave"

    assert titles(query, alice, organization, media=talks[WAVES].pk) == [WAVES.title]
    assert titles(query, alice, organization, language="fr") == []
    assert titles("bowline", alice, organization, language="en-GB") == ["The Bowline"]
    assert titles(query, alice, organization, until=date(2020, 5, 1)) == [WAVES.title]
    assert titles(query, alice, organization, until=date(2020, 4, 30)) == []
    assert WAVES.title not in titles(query, alice, organization, since=date(2020, 5, 2))


def test_a_speaker_narrows_to_what_they_say(lesson, scope, alice, work_off):
    cues = [TimedText(1, 4, "The bowline is old.", "Ann"), TimedText(9, 12, "A bowline is easy.", "Ben")]
    add_media("Two", cues)
    add_media("One", [TimedText(1, 4, "No bowline here.", "Ann")])
    work_off()

    answer = search("bowline", user=alice, organization=scope, filters=Filters(speaker="Ben"))

    assert ([moment.text for moment in answer.moments], answer.readings) == (["A bowline is easy."], [])


def test_the_page_offers_only_filters_that_this_person_may_see(lesson, talks, alice, bob, client_of):
    Course.objects.create(title="Secret Plans", slug="secret", is_published=True)
    add_media("Draft", [TimedText(1, 4, "Geheim.", "")], language="de", publication="draft")

    page = client_of(bob).get(PAGE, {"q": "moon", "course": "knots"})

    assertContains(page, '<option value="knots" selected>Knots for All</option>')
    assertNotContains(page, "Secret Plans")
    assertNotContains(page, "Deutsch")


def test_the_page_says_which_filter_it_does_not_understand(talks, bob, client_of):
    page = client_of(bob).get(PAGE, {"q": "bulges", "since": "soon", "media": "x", "course": "nowhere"})

    assertContains(page, "Enter a valid date.")
    assertContains(page, "<mark>bulges</mark>")


def test_moments_stand_together_by_their_media(talks, bob, client_of):
    page = client_of(bob).get(PAGE, {"q": "moon beach", "speaker": "Mara"})

    assertContains(page, f'<h2 class="shelf__title">{TIDES.title}</h2>', 1)
    assertContains(page, f"?q=moon+beach&amp;speaker=Mara&amp;media={talks[TIDES].pk}")
    assertContains(page, '<a class="chip" href="?q=moon+beach" aria-label="Remove Mara">')
