"""Nobody finds what they may not hear: a small part of `python -m tests.trials outsiders`."""

from tests.knowledge.test_meaning import concepts, provider  # noqa: F401
from tests.outsiders import World, ask_as_outsiders


def test_outsiders_find_nothing_foreign_by_words(organization, other_organization):
    tally = ask_as_outsiders(World(organization, other_organization), queries=140)

    assert (tally.queries, tally.foreign) == (140, [])
    assert tally.moments > 50
    assert (tally.written > 10, tally.filtered > 30) == (True, True)


def test_outsiders_find_nothing_foreign_by_meaning(concepts, organization, other_organization):  # noqa: F811
    tally = ask_as_outsiders(World(organization, other_organization), queries=84, seed=9)

    assert (tally.queries, tally.foreign) == (84, [])
    assert tally.moments > 50


def test_what_should_not_be_shown_is_noticed(organization, other_organization):
    world = World(organization, other_organization)
    for outsider in world.outsiders:
        outsider.may_see.clear()

    tally = ask_as_outsiders(world, queries=28)

    assert len(tally.foreign) == tally.moments > 0
