"""What is found while somebody types: the last word may be the beginning of one."""

import pytest

from analytics.models import Event
from media_library.demo.talks import CURRENTS, TIDES, WAVES
from media_library.models import Media

ADDRESS = "/harbor/search/suggestions/"


def suggested(client, words):
    return [(one["title"], one["text"]) for one in client.get(ADDRESS, {"q": words}).json()["found"]]


@pytest.mark.parametrize("words", ["bul", "bulge", "Bulges", "two bulg", '"two bulges" oce'])
def test_a_word_is_found_by_its_beginning(words, talks, bob, client_of):
    found = suggested(client_of(bob), words)

    assert found[0] == (TIDES.title, "That small difference stretches the ocean into two bulges.")


@pytest.mark.parametrize("words", ["bul ", "ulges", "", "-", "b'u|l", "x" * 301])
def test_what_begins_no_word_suggests_nothing(words, talks, bob, client_of):
    assert suggested(client_of(bob), words) == []


def test_a_suggestion_opens_its_second_and_is_no_search(talks, bob, client_of):
    found, *_ = client_of(bob).get(ADDRESS, {"q": "bulg"}).json()["found"]

    assert found == {
        "url": f"/harbor/media/{talks[TIDES].pk}/?t=20&ref=search",
        "text": "That small difference stretches the ocean into two bulges.",
        "title": TIDES.title,
        "time": "0:20",
    }
    assert not Event.objects.filter(type="search_made").exists()


def test_suggestions_are_only_of_what_the_person_may_see(talks, bob, charlie, client_of):
    Media.objects.filter(pk=talks[TIDES].pk).update(publication="draft")

    assert suggested(client_of(bob), "bulg") == []
    assert client_of(charlie).get(ADDRESS, {"q": "bulg"}).status_code == 404


@pytest.mark.parametrize("shown", [1, 3])
def test_suggestions_cost_the_same_statements_whatever_they_show(
    shown, talks, bob, client_of, django_assert_num_queries
):
    hidden = [talks[TIDES].pk, talks[CURRENTS].pk] if shown == 1 else []
    Media.objects.filter(pk__in=hidden).update(publication="draft")
    client = client_of(bob)
    client.get(ADDRESS, {"q": "warm up"})

    with django_assert_num_queries(12):
        found = suggested(client, "wave moon beach curr")

    assert {title for title, _ in found} >= {WAVES.title}
