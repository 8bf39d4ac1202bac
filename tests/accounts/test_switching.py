"""A person of several organizations, in front."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Membership, Organization, Role, User
from core.tenancy import organization_scope

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def both(alice: User, other_organization: Organization) -> User:
    Membership.objects.create(user=alice, organization=other_organization, role=Role.LEARNER)
    return alice


def test_menu_lists_the_own_organizations(both: User, client_of: ClientOf) -> None:
    Organization.objects.create(name="Foreign", slug="foreign")

    menu = client_of(both).get("/organizations/menu/")

    assert [(one["name"], one["address"]) for one in menu.context["mine"]] == [
        ("Harbor School", "/harbor/"),
        ("Summit Academy", "/summit/"),
    ]
    assert "no-store" in menu["Cache-Control"]


def test_menu_is_for_who_is_logged_in() -> None:
    assert Client().get("/organizations/menu/")["Location"] == "/accounts/login/?next=/organizations/menu/"


def test_frame_names_where_the_menu_comes_from_and_a_plain_link(both: User, client_of: ClientOf) -> None:
    page = client_of(both).get("/harbor/").content.decode()

    assert '<div data-organizations="/organizations/menu/"><a href="/?choose">' in page
    assert "Summit Academy" not in page


def test_front_page_lets_choose_when_asked(alice: User, client_of: ClientOf) -> None:
    client = client_of(alice)

    assert (client.get("/").status_code, client.get("/?choose").status_code) == (302, 200)


def test_ended_memberships_are_nowhere(both: User, other_organization: Organization, client_of: ClientOf) -> None:
    with organization_scope(other_organization):
        Membership.objects.filter(user=both, organization=other_organization).update(is_active=False)
    client = client_of(both)

    assert [one["name"] for one in client.get("/organizations/menu/").context["mine"]] == ["Harbor School"]
    assert client.get("/")["Location"] == "/harbor/"


def test_front_page_shows_open_organizations_beside_ones_own(both: User, client_of: ClientOf) -> None:
    Organization.objects.create(name="Reef", slug="reef", is_open=True)

    page = client_of(both).get("/")

    assert [one["name"] for one in page.context["mine"]] == ["Harbor School", "Summit Academy"]
    assert [one.name for one in page.context["open_ones"]] == ["Reef"]


def test_form_of_one_organization_posted_to_another_does_nothing(
    both: User, organization: Organization, other_organization: Organization, bob: User, client_of: ClientOf
) -> None:
    """Addresses name the organization: the same member below the other one is not found."""
    Membership.objects.filter(user=both, organization=other_organization).update(role=Role.OWNER)
    row = Membership.objects.get(user=bob)

    answer = client_of(both).post(f"/summit/members/{row.pk}/remove/")

    assert (answer.status_code, Membership.objects.get(user=bob).is_active) == (404, True)
