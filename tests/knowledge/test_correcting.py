"""Typing errors are forgiven: only words that nothing says, only in favor of what the person may find."""

import pytest
from pytest_django.asserts import assertContains

from core.tenancy import organization_scope
from knowledge.services.search import search
from knowledge.spelling import nearest, slips
from media_library.captions import TimedText
from media_library.demo.talks import CURRENTS, TIDES, WAVES
from media_library.models import Media
from tests.knowledge.conftest import add_media

SLIPS = {
    "a letter too many": ("wavelenggth", "wavelength"),
    "a letter too few": ("wavelngth", "wavelength"),
    "another letter": ("wavelemgth", "wavelength"),
    "two changed places": ("wavelegnth", "wavelength"),
    "two slips in a long word": ("wvelengthe", "wavelength"),
    "the first letter of a long word": ("qavelength", "wavelength"),
    "in large letters, asked": ("WAVELENGHT?", "wavelength"),
}


@pytest.mark.parametrize(("typed", "meant"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_forgiven_and_told(typed, meant, talks, alice, organization):
    right = search(meant, user=alice, organization=organization)

    answer = search(typed, user=alice, organization=organization)

    assert (answer.corrected, answer.moments) == (meant, right.moments)
    assert (right.corrected, {moment.media for moment in right.moments}) == ("", {talks[WAVES]})


@pytest.mark.parametrize(
    "query", ["zeppelin", "tdd", "goon", "soon4", '"wavelenght"', '"two bulges" wavelenght', "beachball"]
)
def test_what_is_no_slip_is_not_corrected(query, talks, alice, organization):
    assert search(query, user=alice, organization=organization).corrected == ""


def test_the_words_that_are_said_stay(talks, alice, organization):
    answer = search("Moon and wavelenght -Canada", user=alice, organization=organization)

    assert answer.corrected == "Moon and wavelength -Canada"


def test_as_typed_nothing_is_corrected(talks, alice, organization):
    answer = search("wavelenght", user=alice, organization=organization, as_typed=True)

    assert (answer.corrected, answer.moments) == ("", [])


def test_nobody_is_offered_a_word_of_what_they_may_not_see(scope, other_organization, alice, bob, charlie, work_off):
    add_media("Secret", [TimedText(1, 2, "The password is swordfish.", "")], publication="draft")
    work_off()

    offered = [search("sworfdish", user=person, organization=scope).corrected for person in (alice, bob)]
    with organization_scope(other_organization):
        offered.append(search("sworfdish", user=charlie, organization=other_organization).corrected)

    assert offered == ["swordfish", "", ""]


def test_a_word_that_is_said_no_longer_is_offered_no_longer(talks, alice, organization):
    Media.objects.filter(pk__in=[talks[TIDES].pk, talks[CURRENTS].pk]).delete()

    assert search("bulgse", user=alice, organization=organization).corrected == ""


def test_a_right_question_costs_no_statement_more(talks, alice, organization, django_assert_num_queries):
    search("warm up", user=alice, organization=organization)

    with django_assert_num_queries(8):
        search("the wavelength of the tide", user=alice, organization=organization)
    with django_assert_num_queries(11):  # the words nearby, whether they are said, and the passages of those
        search("the wavelenght of the tide", user=alice, organization=organization)


def test_the_page_tells_what_it_searched_for(talks, alice, client_of):
    page = client_of(alice).get("/harbor/search/", {"q": "wavelenght"})

    assertContains(page, "Showing results for <strong>wavelength</strong>.")
    assertContains(page, '<a href="?q=wavelenght&amp;as_typed=1">Search only for “wavelenght”</a>')


SHORT = ["waves", "times", "tides", "glass", "match", "fleet", "tool", "till", "goal", "tide", "cards"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("wavs", ["waves"]), ("tims", ["times"]), ("glas", ["glass"]), ("tdie", ["tide"]), ("tids", ["tides"]),
     ("math", []), ("flee", []), ("toll", []), ("gale", []), ("cars", []), ("ides", [])],
)  # fmt: skip
def test_a_short_word_is_a_slip_only_where_it_hardly_is_a_word(typed, meant):
    assert nearest(typed, SHORT) == meant


def test_a_slip_in_a_short_word_is_forgiven_where_nothing_says_it(talks, alice, organization, work_off):
    slang = add_media("Slang", [TimedText(1, 2, "They wavs at us.", "")])
    work_off()

    offered = [search("wavs at sea", user=alice, organization=organization).corrected]
    slang.delete()
    offered.append(search("wavs at sea", user=alice, organization=organization).corrected)

    assert offered == ["", "waves at sea"]


@pytest.mark.parametrize(
    ("typed", "word", "apart"), [("tide", "tide", 0), ("tdie", "tide", 1), ("ab", "cde", 3), ("a", "ab", 1)]
)
def test_slips_are_counted(typed, word, apart):
    assert slips(typed, word) == apart


def test_the_nearest_word_comes_first():
    assert nearest("harbors", ["harbour", "harbor", "barbers", "harvest"]) == ["harbor"]
