"""For makers: has it been said before, and what is said twice?"""

from datetime import timedelta

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from core.jobs.schedule import enqueue_due
from core.models import Job
from core.tenancy import organization_scope
from knowledge.models import KnownBy, Passage, Repetition, RepetitionSearch
from knowledge.repeating import nearest
from knowledge.repeating.keeping import JOB, compare_library, look_if_changed, repetitions_seen_by
from media_library.captions import TimedText
from media_library.demo.talks import TIDES, WAVES
from media_library.models import Media
from tests.knowledge.concepts import serve_concepts
from tests.knowledge.conftest import add_media, cues_of

PARAGRAPH = "You know how the difference in pull stretches the whole ocean into two bulges, and what the Moon does."


def told(found):
    return [({one.first.media.title, one.second.media.title}, one.known_by, one.likeness) for one in found]


def listed(client):
    answer = client.get("/api/v1/harbor/search/repetitions/").json()
    return [(one["known_by"], one["likeness"]) for one in answer["repetitions"]]


@pytest.fixture
def said_twice(talks, work_off):
    """Two of the talks once more, one of them with other words at its end; compared."""
    again = add_media("Again", cues_of(TIDES))
    nearly = cues_of(WAVES)
    add_media("Nearly", [*nearly[:-1], TimedText(nearly[-1].start, nearly[-1].end, "And that is all of it.", "")])
    work_off()
    compare_library()
    return again


def test_a_paragraph_finds_what_is_nearest_drafts_too(talks, alice, client_of):
    Media.objects.update(publication="draft")

    page = client_of(alice).get("/admin/said-before/", {"text": PARAGRAPH})
    answer = client_of(alice).get("/api/v1/harbor/search/said-before/", {"text": PARAGRAPH}).json()

    assertContains(page, "into <mark>two</mark> <mark>bulges</mark>")
    assertContains(page, f"/harbor/media/{talks[TIDES].pk}/?t=20")
    assert answer["moments"][0]["title"] == TIDES.title


def test_what_is_too_long_is_refused(talks, alice, client_of):
    page = client_of(alice).get("/admin/said-before/", {"text": "x" * 5001})
    answer = client_of(alice).get("/api/v1/harbor/search/said-before/", {"text": "x" * 5001})

    assertContains(page, "Please paste at most 5000 characters.", status_code=400)
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["text"])


@pytest.mark.parametrize("address", ["said-before/?text=tide", "repetitions/"])
def test_learners_are_not_shown_what_is_said_before(address, talks, bob, charlie, client_of):
    statuses = [client_of(person).get(f"/api/v1/harbor/search/{address}").status_code for person in (bob, charlie)]

    assert statuses == [403, 404]


def test_what_is_said_twice_is_listed_once(said_twice, talks, alice, client_of):
    found = told(Repetition.objects.all())
    page = client_of(alice).get("/admin/repetitions/")

    assert found[0] == ({TIDES.title, "Again"}, "same", 100)
    assert [(titles, how) for titles, how, _ in found[1:]] == [({WAVES.title, "Nearly"}, "words")]
    assertContains(page, "Word for word", 1)
    assertContains(page, f"/harbor/media/{said_twice.pk}/?t=0")
    assertContains(page, f"/harbor/media/{talks[TIDES].pk}/?t=0")
    assert listed(client_of(alice)) == [(how, share) for _, how, share in found]


@pytest.mark.parametrize("pairs", [1, 2])
def test_the_list_is_read_in_as_many_statements_whatever_it_holds(
    pairs, said_twice, alice, client_of, django_assert_num_queries
):
    Repetition.objects.filter(pk__in=list(Repetition.objects.values_list("pk", flat=True)[pairs:])).delete()
    client = client_of(alice)
    client.get("/admin/repetitions/")

    with django_assert_num_queries(11):
        client.get("/admin/repetitions/")
    with django_assert_num_queries(8):
        client.get("/api/v1/harbor/search/repetitions/")


def test_what_was_deleted_or_archived_drops_out_at_once(said_twice, talks, alice, client_of):
    Media.objects.filter(pk=talks[WAVES].pk).update(publication="archived")
    after_archiving = listed(client_of(alice))
    Passage.objects.filter(media=said_twice).delete()

    assert after_archiving == [("same", 100)]
    assert listed(client_of(alice)) == []


def test_what_is_there_on_purpose_stays_away(said_twice, alice, client_of):
    client = client_of(alice)
    first = Repetition.objects.get(known_by=KnownBy.SAME)

    page = client.post(f"/admin/repetitions/{first.pk}/", follow=True)
    compare_library()

    assertContains(page, "% of the words", 1)
    assertNotContains(page, "Word for word")
    assert [how for how, _ in listed(client)] == ["words"]
    assertContains(client.get("/admin/repetitions/?dismissed=1"), "Word for word", 1)

    client.patch(f"/api/v1/harbor/search/repetitions/{first.pk}/", {"is_dismissed": False}, "application/json")

    assert [how for how, _ in listed(client)] == ["same", "words"]


def test_what_is_found_again_stays_the_row_it_is_and_what_is_not_goes(said_twice):
    before = set(Repetition.objects.values_list("pk", flat=True))
    Passage.objects.filter(media__title="Nearly").update(text="Something else altogether.", content_hash="other")

    compare_library()

    assert [one.pk in before for one in Repetition.objects.all()] == [True]


def test_what_the_time_was_not_enough_for_is_said(said_twice, alice, client_of):
    compare_library(longest=timedelta())

    page = client_of(alice).get("/admin/repetitions/")
    answer = client_of(alice).get("/api/v1/harbor/search/repetitions/").json()

    assert answer["is_whole"]  # the first batch holds all of so small a library
    RepetitionSearch.objects.update(compared_by_words=2)
    assertNotContains(page, "Not everything could be compared")
    assertContains(client_of(alice).get("/admin/repetitions/"), "by their words the newest 2 of")


def test_the_library_is_compared_when_asked_and_when_it_changed(talks, alice, client_of, work_off):
    client = client_of(alice)
    at_first = client.get("/admin/repetitions/")
    for _ in range(2):
        client.post("/admin/repetitions/again/")
    running = client.get("/admin/repetitions/")
    asked = Job.objects.filter(kind=JOB).count()
    work_off()
    look_if_changed()
    unchanged = Job.objects.filter(kind=JOB).count()
    add_media("Again", cues_of(TIDES))
    work_off()
    stale = client.get("/admin/repetitions/")
    enqueue_due()
    work_off()

    assertContains(at_first, "not compared with itself yet")
    assertContains(running, "It is being compared now")
    assert (asked, unchanged) == (1, 1)
    assertContains(stale, "The library changed since.")
    assert listed(client) == [("same", 100)]


def test_learners_and_strangers_change_nothing(said_twice, bob, charlie, client_of):
    one = Repetition.objects.first()
    address = f"/api/v1/harbor/search/repetitions/{one.pk}/"

    statuses = [
        client_of(person).patch(address, {"is_dismissed": True}, "application/json").status_code
        for person in (bob, charlie)
    ]
    foreign = client_of(charlie).post(f"/admin/repetitions/{one.pk}/").status_code

    assert (statuses, foreign) == ([403, 404], 404)
    assert not Repetition.objects.get(pk=one.pk).is_dismissed


@pytest.mark.parametrize("whole", [3000, 0])
def test_what_means_the_same_is_listed(whole, scope, httpserver, settings, work_off, monkeypatch):
    monkeypatch.setattr(nearest, "RANKED_WHOLE", whole)  # 0: asked of the graph
    settings.EMBEDDING_BASE_URL, settings.EMBEDDING_MODEL = httpserver.url_for("/v1"), "text-embedding-3-large"
    serve_concepts(httpserver)
    add_media("One", [TimedText(1, 4, "The moon makes a tide.", "")])
    add_media("Other", [TimedText(1, 4, "Lunar attraction.", "")])
    add_media("Third", [TimedText(1, 4, "Surfing on a wave.", "")])
    work_off()

    compare_library()

    assert told(Repetition.objects.all()) == [({"One", "Other"}, "meaning", 100)]
    assert RepetitionSearch.objects.get().compared_by_meaning == 3


def test_another_organization_repeats_nobody(talks, foreign_talk, other_organization, charlie):
    with organization_scope(other_organization):
        compare_library()

        assert list(repetitions_seen_by(charlie, other_organization)) == []
