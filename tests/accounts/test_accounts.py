"""Who somebody is, and what they may do where."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Membership, Organization, Plan, Role, User
from accounts.permissions import GRANTS, can
from accounts.services.organizations import create_organization
from core.tenancy import organization_scope
from courses.models import Course
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_email_is_one_account_whatever_its_capitals():
    User.objects.create_user("Ada@Example.org", "x")

    with pytest.raises(IntegrityError), transaction.atomic():
        User(email="ADA@example.org").save()


def test_log_in_by_email_opens_the_front_page(alice, organization):
    client = Client()

    response = client.post("/accounts/login/", {"login": "ALICE@harbor.test", "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/")["Location"] == "/harbor/"


def test_wrong_password_and_unknown_person_get_the_same_words(alice):
    client = Client()

    wrong = client.post("/accounts/login/", {"login": "alice@harbor.test", "password": "nope"})
    unknown = client.post("/accounts/login/", {"login": "nobody@harbor.test", "password": "nope"})

    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_owner_may_do_everything(alice, organization):
    assert {action for action in GRANTS if can(alice, action, organization)} == set(GRANTS)


def test_learner_may_learn_and_search_only(bob, organization):
    allowed = {action for action in GRANTS if can(bob, action, organization)}

    assert allowed == {"catalog.browse", "course.learn", "course.enroll", "library.search"}


def test_outsider_may_do_nothing(charlie, organization):
    assert {action for action in GRANTS if can(charlie, action, organization)} == set()


def test_inactive_member_may_do_nothing(bob, organization):
    Membership.objects.filter(user=bob).update(is_active=False)

    assert can(User.objects.get(pk=bob.pk), "course.learn", organization) is False


def test_action_nobody_defined_is_refused(alice, organization):
    with pytest.raises(KeyError):
        can(alice, "moon.land", organization)


def test_back_office_is_for_makers(alice, bob, client_of):
    assert client_of(alice).get("/admin/").status_code == 200
    assert client_of(bob).get("/admin/", follow=True).status_code == 403
    assert Client().get("/admin/")["Location"] == "/admin/login/?next=/admin/"


def test_queue_pages_are_for_superusers_only(alice, client_of):
    root = User.objects.create_superuser("root@example.org", "x")

    assert client_of(alice).get("/admin/django_q/schedule/").status_code == 403
    assert client_of(root).get("/admin/django_q/schedule/").status_code == 200
    assert client_of(root).get("/admin/django_q/schedule/add/").status_code == 403


def test_plans_allow_two_five_and_ten_gigabytes():
    assert [plan.largest_file // 1024**3 for plan in Plan] == [2, 5, 10]


def test_member_of_two_organizations_works_in_one_at_a_time(alice, other_organization, client_of):
    Membership.objects.create(user=alice, organization=other_organization, role=Role.CREATOR)
    client = client_of(alice)

    assert b"Harbor School" in client.get("/admin/").content
    client.post(f"/admin/organization/{other_organization.pk}/")

    assert client.get("/admin/").context["back_office"] == other_organization


def test_choosing_a_foreign_organization_is_not_found(alice, other_organization, client_of):
    assert client_of(alice).post(f"/admin/organization/{other_organization.pk}/").status_code == 404


def test_organization_is_founded_with_an_owner():
    organization, password = create_organization(slug="reef", name="Reef", owner_email="owner@reef.test")

    owner = User.objects.get(email="owner@reef.test")
    assert owner.check_password(password)
    assert can(owner, "members.manage", organization)


@pytest.mark.parametrize("slug", ["admin", "api", "Reef", "-reef", "reef!", ""])
def test_slug_that_would_hide_a_page_is_refused(slug):
    with pytest.raises(ValidationError):
        create_organization(slug=slug, name="Reef", owner_email="owner@reef.test")

    assert (Organization.objects.count(), User.objects.count()) == (0, 0)


def test_command_tells_why_a_slug_is_refused():
    with pytest.raises(CommandError, match="part of our own addresses"):
        call_command("create_organization", "admin", "Reef", owner="owner@reef.test")


def test_back_office_tells_the_time_of_the_organization(alice, organization, client_of):
    with organization_scope(organization):
        course = Course.objects.create(title="Tides", slug="tides")
        Course.objects.update(updated_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))

    page = client_of(alice).get("/admin/courses/course/")

    assert course.title in page.content.decode()
    assert "July 2, 2026, 12:30 a.m." in page.content.decode()


def test_command_adds_a_member_and_changes_a_role(bob, organization):
    call_command("add_member", "dora@harbor.test", "harbor", "creator", stdout=StringIO())
    call_command("add_member", "bob@harbor.test", "harbor", "creator", stdout=StringIO())

    roles = Membership.objects.filter(organization=organization).values_list("user__email", "role")
    assert set(roles) == {("dora@harbor.test", "creator"), ("bob@harbor.test", "creator")}


def test_command_tells_of_an_unknown_organization():
    with pytest.raises(CommandError, match="There is no organization called 'nowhere'"):
        call_command("add_member", "dora@harbor.test", "nowhere", "creator")


def test_address_that_does_not_exist_answers_in_the_api_s_shape(alice, client_of):
    response = client_of(alice).get("/api/v1/harbor/media/not-a-key/")

    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/api/", "/admin", "/api/v1/", "/static/nothing.css"])
def test_reserved_addresses_are_no_organization(path, alice, client_of):
    assert client_of(alice).get(path).status_code in (301, 404)


@pytest.mark.parametrize("command", ["retry_media", "reindex", "roll_up"])
def test_commands_tell_of_an_unknown_organization(command):
    with pytest.raises(CommandError, match="There is no organization called 'nowhere'"):
        call_command(command, organization="nowhere")
