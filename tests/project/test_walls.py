"""Nobody sees, guesses, counts or touches what belongs to another organization."""

from http.cookies import SimpleCookie

import pytest

from core.scope import owner_role
from tests.walls.actors import (
    ACTORS,
    anonymous,
    creator_of_a,
    creator_of_b,
    customer_of_a,
    learner_of_a,
    learner_of_b,
    owner_of_a,
    owner_of_b,
    token_of_a_removed_member,
    token_of_b,
)
from tests.walls.back_office import BackOffice
from tests.walls.ground import NATIVE, hold_shows_back, make_ground, make_organization, withdraw
from tests.walls.mutation import filter_switched_off
from tests.walls.register import class_of
from tests.walls.routes import routes
from tests.walls.sweep import Sweep, first_difference, is_hidden, plain, taken_back, text_of
from tests.walls.tries import Ground, Tries
from tests.world import CANARY, FACTORIES, our_models

pytestmark = pytest.mark.long

#: Without any wall these must leak, or the sweep is blind.
MANY = 50
SLUG_OF_A = "harbor"
#: A secret for each look, and a zip that tells when it was written.
ALWAYS_NEW = {"/accounts/2fa/totp/activate/", "/admin/frames/export/", "/api/v1/summit/frames/export/"}
TELLING = ("api_course", "media_library:cues", "admin:courses_course_changelist")


def sweep_of(make_actor, *, is_open=False, is_empty=False):
    ground = make_ground()
    if is_empty:
        withdraw(ground.a["organization"])
    if make_actor is learner_of_a:
        hold_shows_back(ground.a["organization"])
    type(ground.a["organization"]).objects.update(is_open=is_open)
    actor = make_actor(ground.a["organization"], ground.b["organization"])
    tries = Tries(ground, BackOffice(ground.b["owner"], ground.b["organization"]), actor)
    return Sweep(actor, ground, tries, open_doors=is_open, is_empty=is_empty)


def is_api(route):
    return route.is_api


def is_no_back_office(route):
    """It takes no tokens, and no door of it is ever open."""
    return not route.is_admin


def is_by_no_other_address(one):
    """What A opens to all, and what it has published, changes nothing of what is answered by the address of B."""
    return "organization" not in one.route.parts or SLUG_OF_A in one.foreign


def meets(make_actor):
    """Creators of B have the pages of its owners, and fewer of them."""
    if make_actor is creator_of_b:
        return is_api
    return is_no_back_office if make_actor in (token_of_b, token_of_a_removed_member) else lambda route: True


@pytest.mark.timeout(900)  # an owner meets every page, and two cores are sometimes busy
@pytest.mark.parametrize("make_actor", ACTORS)
def test_nobody_gets_through(make_actor, db, record_property):
    findings = sweep_of(make_actor).run(meets(make_actor))

    record_property("walls", findings.figures)
    assert findings.leaks == []


@pytest.mark.parametrize("make_actor", [anonymous, learner_of_b, customer_of_a])
def test_open_doors_show_the_catalog_and_nothing_else(make_actor, db, record_property):
    findings = sweep_of(make_actor, is_open=True).run(is_no_back_office, matters=is_by_no_other_address)

    record_property("walls", findings.figures)
    assert findings.leaks == []


@pytest.mark.parametrize(("make_actor", "is_open"), [(learner_of_a, False), (anonymous, True), (learner_of_b, True)])
def test_what_is_not_published_is_for_makers_only(make_actor, is_open, db, record_property):
    sweep = sweep_of(make_actor, is_open=is_open, is_empty=True)

    findings = sweep.run(is_no_back_office, matters=is_by_no_other_address)

    record_property("walls", findings.figures)
    assert findings.leaks == []


@pytest.mark.parametrize("make_actor", [owner_of_b])
def test_database_keeps_them_apart_where_the_filter_is_forgotten(make_actor, db, record_property):
    sweep = sweep_of(make_actor)

    with filter_switched_off():
        findings = sweep.run(is_no_back_office)

    record_property("walls", findings.figures)
    assert findings.leaks == []


@pytest.mark.parametrize("name", TELLING)
def test_sweep_sees_what_leaks_without_any_wall(name, db):
    sweep = sweep_of(owner_of_b)
    [route] = [route for route in routes() if route.name == name]

    with filter_switched_off(), owner_role(reason="without policies"):
        leaks = [leak for one in sweep.tries.of(route) for leak in sweep.leaks_of(one)]

    assert any("shows canary-" in leak for leak in leaks)


def test_sweep_sees_what_is_changed(db):
    """By somebody who may, and each time anew: a try does not hide behind the one before it."""
    sweep = sweep_of(owner_of_a)
    [route] = [route for route in routes() if route.name == "api_category"]
    key = str(sweep.ground.a["category"].pk)
    methods = {one.method: one for one in sweep.tries.of(route) if SLUG_OF_A in one.path and key in one.path}
    order = ["DELETE", "OPTIONS", "DELETE", "OPTIONS"]

    told = [(method, "changes media_library_category" in sweep.leaks_of(methods[method])) for method in order]

    assert told == [("DELETE", True), ("OPTIONS", False), ("DELETE", True), ("OPTIONS", False)]


@pytest.mark.parametrize("make_actor", [creator_of_a, owner_of_a])
def test_members_are_refused_what_is_above_their_role(make_actor, db):
    sweep = sweep_of(make_actor)
    above = [one for route in routes() for one in sweep.tries.of(route) if is_above(one, sweep.standing)]
    let_in = set()
    for one in above:
        with taken_back():
            answer, _ = sweep.sent(one)
        if answer.status_code != 403 and not is_hidden(answer):
            let_in.add(f"{answer.status_code} {one.words}")

    assert let_in == set()
    assert len(above) > MANY


def is_above(one, standing):
    """Not the shortcuts to a change page: they redirect whoever asks, whatever the key, and the page refuses."""
    is_shortcut = one.route.name in (one.route.pattern, "admin:accounts_organization_changelist")
    return class_of(one.route, one.method) > standing and not is_shortcut


def test_nothing_one_sees_depends_on_what_another_organization_has(db, client_of):
    """Counts, lists and pickers: all pages of B are the same before A has anything and after."""
    b = make_organization("summit", NATIVE)
    tries = Tries(Ground(b, b), None)
    client = client_of(b["owner"])
    paths = [tries.make(route, "GET", {}, slug=False, path=False, relations=[]).path for route in routes()]
    pages_of(client, paths)  # the theme of the back office adds styles from the second time on
    before = pages_of(client, paths)

    make_organization("harbor", CANARY)

    after = pages_of(client, paths)
    changed = {path: words for path in paths if (words := first_difference(before[path], after[path]))}
    assert changed.keys() - ALWAYS_NEW == set(), changed


def pages_of(client, paths):
    """Each as text, seen with the cookies of a log-in and no others."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    pages = {}
    for path in paths:
        client.cookies = SimpleCookie(cookies)
        with taken_back():
            pages[path] = plain(text_of(client.get(path)), ())
    return pages


def test_every_model_has_a_row_in_the_world():
    assert set(FACTORIES) == {model._meta.label for model in our_models()}
