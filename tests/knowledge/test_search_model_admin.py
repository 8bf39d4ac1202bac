"""The back office of the search model: what is live, what is being built, and the same verbs as the command."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from knowledge.models import SearchModel
from knowledge.services.search_model_status import last_job, search_models
from tests.knowledge.test_switching import NEW, OLD, library, provider  # noqa: F401

PAGE = "back_office_search_model"


@pytest.fixture
def root(alice, client_of):
    alice.is_superuser = alice.is_staff = True
    alice.save()
    return client_of(alice)


def states() -> dict[str, str]:
    return dict(SearchModel.objects.values_list("name", "state"))


def test_a_set_is_built_and_then_made_live(library, root, work_off):  # noqa: F811
    before = root.get(reverse(PAGE))
    root.post(reverse(f"{PAGE}_build"))
    again = root.post(reverse(f"{PAGE}_build"), follow=True)
    work_off()
    built = root.get(reverse(PAGE))
    built_states = states()
    root.post(reverse(f"{PAGE}_flip"))
    work_off()
    after = root.get(reverse(PAGE))

    assertContains(before, f"Build the set of {NEW}")
    assertContains(before, "4 passages are still to be built")
    assertContains(again, "This is being done already.")
    assertContains(built, f"Make {NEW} live")
    assertNotContains(built, f"Build the set of {NEW}")
    assert built_states == {OLD: "live", NEW: "building"}
    assertContains(after, "Search asks the configured model.")
    assert states() == {OLD: "retired", NEW: "live"}


def test_what_is_being_built_can_be_given_up(library, root, work_off):  # noqa: F811
    root.post(reverse(f"{PAGE}_build"))
    work_off()
    root.post(reverse(f"{PAGE}_flip"))
    waiting = root.get(reverse(PAGE))
    answer = root.post(reverse(f"{PAGE}_discard"), follow=True)
    work_off()

    assertContains(waiting, f"{NEW} is being built: 0 % of this run.")
    assertContains(answer, "Given up.")
    assert states() == {OLD: "live", NEW: "retired"}
    assert last_job().state == "cancelled"


def test_each_model_says_how_far_it_is_and_what_it_cost(library, root, organization, settings):  # noqa: F811
    (live,) = search_models().models

    assert (live.name, live.state, live.passages, live.meant, live.lacking, live.percent) == (OLD, "live", 4, 4, 0, 100)
    assert search_models().left.passages == 4


def test_nothing_to_do_is_said(library, root, settings):  # noqa: F811
    settings.EMBEDDING_MODEL = OLD
    same = root.post(reverse(f"{PAGE}_build"), follow=True)
    settings.EMBEDDING_BASE_URL = ""
    none = root.post(reverse(f"{PAGE}_flip"), follow=True)

    assertContains(same, f"Search asks {OLD} already.")
    assertContains(none, "No embedder is configured")
    assert last_job() is None


@pytest.mark.parametrize("door", ["", "_build", "_flip", "_discard"])
def test_owners_are_refused(door, alice, client_of, db):
    client, address = client_of(alice), reverse(f"{PAGE}{door}")

    assert (client.post(address) if door else client.get(address)).status_code == 403
