"""For makers: has it been said before, and what is said twice?"""

import pytest
from pytest_django.asserts import assertContains

from core.tenancy import organization_scope
from knowledge.services.repeating import repetitions
from media_library.captions import TimedText
from media_library.demo.talks import TIDES, WAVES
from media_library.models import Media
from tests.knowledge.concepts import serve_concepts
from tests.knowledge.conftest import add_media, cues_of

PARAGRAPH = "You know how the difference in pull stretches the whole ocean into two bulges, and what the Moon does."


def told(found):
    return [({one.first.media.title, one.second.media.title}, one.how, one.likeness) for one in found]


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


def test_what_is_said_twice_is_listed_once(talks, scope, alice, client_of, work_off):
    add_media("Again", cues_of(TIDES))
    nearly = cues_of(WAVES)
    add_media("Nearly", [*nearly[:-1], TimedText(nearly[-1].start, nearly[-1].end, "And that is all of it.", "")])
    work_off()

    found = told(repetitions())
    page = client_of(alice).get("/admin/repetitions/")
    answer = client_of(alice).get("/api/v1/harbor/search/repetitions/").json()

    assert found[0] == ({TIDES.title, "Again"}, "same", 100)
    assert [(titles, how) for titles, how, _ in found[1:]] == [({WAVES.title, "Nearly"}, "words")]
    assertContains(page, "Word for word", 1)
    assert [(one["known_by"], one["likeness"]) for one in answer] == [(how, share) for _, how, share in found]


def test_what_means_the_same_is_listed(scope, httpserver, settings, work_off):
    settings.EMBEDDING_BASE_URL, settings.EMBEDDING_MODEL = httpserver.url_for("/v1"), "text-embedding-3-large"
    serve_concepts(httpserver)
    add_media("One", [TimedText(1, 4, "The moon makes a tide.", "")])
    add_media("Other", [TimedText(1, 4, "Lunar attraction.", "")])
    add_media("Third", [TimedText(1, 4, "Surfing on a wave.", "")])
    work_off()

    assert told(repetitions()) == [({"One", "Other"}, "meaning", 100)]


def test_another_organization_repeats_nobody(talks, foreign_talk, other_organization):
    with organization_scope(other_organization):
        assert repetitions() == []
