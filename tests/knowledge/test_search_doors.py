"""The page, the API and the command: three doors to one search."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from courses.models import Chapter, ContentItem, Course, Enrollment, ItemType
from knowledge.models import Passage
from media_library.captions import TimedText
from media_library.demo.talks import TIDES
from media_library.models import Episode, Podcast
from tests.knowledge.conftest import add_media
from tests.knowledge.test_search import ODD

PAGE = "/harbor/search/"
API = "/api/v1/harbor/search/"


@pytest.fixture(autouse=True)
def no_requests_counted_yet(db):
    cache.clear()


@pytest.fixture
def lesson(talks, bob) -> ContentItem:
    """The talk about tides as a lesson of a course that bob takes."""
    course = Course.objects.create(title="How the Sea Moves", slug="sea", is_published=True)
    chapter = Chapter.objects.create(course=course, title="One", position=1)
    Enrollment.objects.create(course=course, user=bob)
    return ContentItem.objects.create(
        chapter=chapter, type=ItemType.VIDEO, title="Tides", position=1, media=talks[TIDES]
    )


def test_the_page_shows_moments_that_open_the_lesson_at_the_second(lesson, bob, client_of):
    page = client_of(bob).get(PAGE, {"q": '"two bulges"'})

    assertContains(page, f'<a href="/harbor/courses/sea/learn/{lesson.pk}/?t=20&amp;ref=search">')
    assertContains(page, "ocean into <mark>two</mark> <mark>bulges</mark>.")
    assertContains(page, "1 moment for “&quot;two bulges&quot;”.")
    assertContains(page, "How the Sea Moves")
    assertContains(page, "This library is searched by words.")


def test_the_page_opens_the_media_itself_without_a_course(talks, bob, client_of):
    page = client_of(bob).get(PAGE, {"q": "bulges ocean"})

    assertContains(page, f'<a href="/harbor/media/{talks[TIDES].pk}/?t=20&amp;ref=search">')


def test_the_page_opens_the_episode_by_which_alone_the_media_are_open(scope, bob, client_of, work_off):
    media = add_media("Whales", [TimedText(20.5, 24.5, "A whale sings under the ice.")], publication="draft")
    show = Podcast.objects.create(title="Sea", slug="sea", guid=uuid4(), status="published", audience="private")
    work_off()
    closed = client_of(bob).get(PAGE, {"q": "whale ice"})
    episode = Episode.objects.create(
        podcast=show, media=media, title="The song of the whale", guid="1", published_at=timezone.now()
    )

    page = client_of(bob).get(PAGE, {"q": "whale ice"})

    assertContains(page, f'<a href="/harbor/podcasts/sea/{episode.pk}/?t=20&amp;ref=search">')
    assertNotContains(closed, "sings")
    assertContains(page, "The song of the whale")
    assertNotContains(page, "Whales")


def test_the_page_says_what_to_do_before_anything_was_asked(talks, bob, client_of):
    page = client_of(bob).get(PAGE)

    assertContains(page, "Ask in your own words.")
    assertNotContains(page, "<mark>")


def test_the_page_says_when_nothing_was_found(talks, bob, client_of):
    assertContains(client_of(bob).get(PAGE, {"q": "zeppelin"}), "Nobody says that here")


def test_the_page_says_when_meaning_is_not_available(talks, bob, client_of, httpserver, settings):
    settings.EMBEDDING_BASE_URL = httpserver.url_for("/v1")
    httpserver.expect_request("/v1/embeddings").respond_with_data("", 500)

    page = client_of(bob).get(PAGE, {"q": "bulges"})

    assertContains(page, "Searching by meaning is not available right now")
    assertContains(page, "<mark>bulges</mark>")


def test_the_page_refuses_a_question_that_is_too_long(talks, bob, client_of):
    page = client_of(bob).get(PAGE, {"q": "x" * 301})

    assertContains(page, "Please ask in at most 300 characters.", status_code=400)


@pytest.mark.parametrize("door", [PAGE, API])
@pytest.mark.parametrize("query", [query for query in ODD if "\ud800" not in query])
def test_odd_questions_break_no_door(door, query, talks, bob, client_of):
    answer = client_of(bob).get(door, {"q": query, "limit": 20})

    assert answer.status_code == (400 if "\x00" in query else 200)


def test_the_page_offers_more(scope, bob, client_of, work_off):
    for n in range(21):
        add_media(f"Talk {n}", [TimedText(n, n + 1, f"Heron number {n}.", "")])
    work_off()

    first = client_of(bob).get(PAGE, {"q": "heron"})
    more = client_of(bob).get(PAGE, {"q": "heron", "more": 1})

    assertContains(first, '<li class="moment">', 20)
    assertContains(first, "?q=heron&amp;more=1")
    assertContains(more, '<li class="moment">', 21)
    assertNotContains(more, "more=1")


@pytest.mark.parametrize("door", [PAGE, API])
def test_an_outsider_meets_404(door, talks, charlie, client_of):
    assert client_of(charlie).get(door, {"q": "tide"}).status_code == 404


def test_a_visitor_of_an_open_organization_is_no_member(door_organization_open, client):
    assert client.get(API, {"q": "tide"}).status_code == 401


@pytest.fixture
def door_organization_open(organization):
    organization.is_open = True
    organization.save()


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_page_costs_the_same_statements_whatever_it_shows(
    rows, scope, bob, client_of, work_off, django_assert_num_queries
):
    for n in range(rows):
        add_media(f"Talk {n}", [TimedText(n, n + 1, f"Heron number {n}.", "")])
    work_off()
    client = client_of(bob)
    client.get(PAGE, {"q": "warm up"})

    with django_assert_num_queries(21):
        client.get(PAGE, {"q": "heron"})


def test_the_api_answers_moments(lesson, talks, bob, client_of):
    answer = client_of(bob).get(API, {"q": '"two bulges"'})

    assert answer.json() == {
        "manner": "words",
        "corrected": "",
        "has_more": False,
        "moments": [
            {
                "media": str(talks[TIDES].pk),
                "title": "Why the Tide Comes In Twice",
                "start": 20.5,
                "end": 25.0,
                "text": "That small difference stretches the ocean into two bulges.",
                "html": "That small difference stretches the ocean into <mark>two</mark> <mark>bulges</mark>.",
                "speaker": "Mara",
                "score": pytest.approx(1 / 4),
                "course": "How the Sea Moves",
                "url": f"/harbor/courses/sea/learn/{lesson.pk}/?t=20&ref=search",
            }
        ],
        "readings": [],
        "notes": [],
    }


@pytest.mark.parametrize(
    ("parameters", "field"), [({}, "q"), ({"q": "x" * 301}, "q"), ({"q": "tide", "limit": 61}, "limit")]
)
def test_the_api_names_what_is_wrong(parameters, field, talks, bob, client_of):
    answer = client_of(bob).get(API, parameters)

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, [field])


def test_the_api_is_throttled(talks, bob, client_of):
    client = client_of(bob)

    statuses = [client.get(API, {"q": "-tide"}).status_code for _ in range(121)]

    assert statuses == [200] * 120 + [429]


def test_the_command_answers_as_the_owner_would_see_it(talks, alice):
    output = StringIO()

    call_command("search_library", "harbor", '"two bulges"', stdout=output)

    assert output.getvalue().splitlines() == [
        "1 moments, found by words",
        "    0:20  Why the Tide Comes In Twice: That small difference stretches the ocean into two bulges.",
    ]


def test_the_command_knows_no_such_organization(talks, alice):
    with pytest.raises(CommandError, match="no organization called 'nowhere'"):
        call_command("search_library", "nowhere", "tide")


def test_reindex_restores_what_is_missing_and_can_be_repeated(talks, foreign_talk):
    Passage.objects.filter(media=talks[TIDES]).delete()
    output = StringIO()

    call_command("reindex", stdout=output)
    call_command("reindex", media=talks[TIDES].pk, stdout=output)
    call_command("reindex", organization="summit", stdout=output)

    assert Passage.objects.filter(media=talks[TIDES]).count() == 1
    assert output.getvalue().splitlines() == [
        "4 passages of 4 media items and 0 texts and files are up to date.",
        "1 passages of 1 media items and 0 texts and files are up to date.",
        "1 passages of 1 media items and 0 texts and files are up to date.",
    ]
