"""Superusers choose the organization they act in, and its owners can read what they did."""

from datetime import timedelta

import pytest
from django import forms
from django.contrib import admin
from django.test import Client, RequestFactory
from django.utils import timezone
from rest_framework.serializers import BaseSerializer

from accounts.models import Membership, Role, User
from core.models import AuditEntry
from core.tenancy import organization_scope
from courses.models import Course, Enrollment
from tests.conftest import PASSWORD

#: What a person is to the whole installation. No form or serializer may take it from a request.
PLATFORM_FIELDS = {"is_superuser", "is_staff", "pseudonym", "erased_at", "groups", "user_permissions"}


@pytest.fixture
def root(db) -> User:
    return User.objects.create_superuser("root@platform.test", PASSWORD, name="Root")


def enter(client: Client, organization) -> None:
    client.post(f"/admin/organization/{organization.pk}/")


def entries(organization) -> list[tuple[str, bool, str]]:
    """Oldest first."""
    with organization_scope(organization):
        return list(AuditEntry.objects.order_by("id").values_list("action", "as_platform", "detail"))


def test_superuser_without_a_choice_sees_all_organizations(root, organization, other_organization, client_of):
    page = client_of(root).get("/admin/", follow=True)

    assert page.redirect_chain == [("/admin/organizations/", 302)]
    assert [one.name for one in page.context["page"]] == ["Harbor School", "Summit Academy"]


def test_superuser_finds_an_organization_by_part_of_its_address(root, organization, other_organization, client_of):
    page = client_of(root).get("/admin/organizations/?q=UMMI")

    assert [one.slug for one in page.context["page"]] == ["summit"]


def test_pages_of_an_organization_lead_to_the_choice_without_one(root, organization, client_of):
    answer = client_of(root).get("/admin/courses/course/")

    assert (answer.status_code, answer.url) == (302, "/admin/")


def test_entering_is_written_down_there(root, organization, other_organization, client_of):
    client = client_of(root)

    enter(client, organization)

    assert client.get("/admin/").context["back_office"] == organization
    assert entries(organization) == [("entered", True, "")]
    assert entries(other_organization) == []


def test_entering_by_a_link_is_refused(root, organization, client_of):
    assert client_of(root).get(f"/admin/organization/{organization.pk}/").status_code == 405
    assert entries(organization) == []


def test_leaving_ends_the_choice(root, organization, client_of):
    client = client_of(root)
    enter(client, organization)

    client.post("/admin/organizations/leave/")

    assert client.get("/admin/").url == "/admin/organizations/"


def test_what_a_superuser_sends_is_written_down_whatever_comes_of_it(root, organization, client_of):
    client = client_of(root)
    enter(client, organization)

    client.post("/admin/courses/course/add/", {})
    client.get("/admin/courses/course/add/")

    assert entries(organization) == [("entered", True, ""), ("sent", True, "POST /admin/courses/course/add/ 200")]


def test_moving_on_says_nothing_in_the_organization_left(root, organization, other_organization, client_of):
    client = client_of(root)
    enter(client, organization)

    enter(client, other_organization)

    assert entries(organization) == [("entered", True, "")]
    assert entries(other_organization) == [("entered", True, "")]


def test_superuser_has_the_rights_of_an_owner_in_the_back_office(root, organization, client_of):
    client = client_of(root)
    enter(client, organization)

    assert client.get("/admin/core/auditentry/").status_code == 200
    assert client.get("/admin/courses/course/add/").status_code == 200


def test_superuser_is_nobody_special_on_pages_and_api(root, organization, client_of):
    client = client_of(root)
    enter(client, organization)

    assert client.get("/harbor/").status_code == 404
    assert client.get("/api/v1/harbor/courses/").status_code == 404


def test_joining_an_open_organization_as_superuser_is_written_down(root, organization, client_of):
    organization.is_open = True
    organization.save()
    with organization_scope(organization):
        course = Course.objects.create(title="Tides", slug="tides", is_published=True)

    client_of(root).post("/harbor/courses/tides/enroll/")

    with organization_scope(organization):
        assert Enrollment.objects.filter(course=course, user=root).exists()
        assert AuditEntry.objects.filter(action="sent", actor=root).count() == 1


def test_superuser_who_is_a_member_works_as_one(root, organization, client_of):
    Membership.objects.create(organization=organization, user=root, role=Role.CREATOR)

    client_of(root).post("/admin/courses/course/add/", {})

    assert entries(organization) == []


@pytest.mark.parametrize("path", ["/admin/organizations/", "/admin/organizations/?q=summit"])
def test_owner_does_not_find_the_list_of_organizations(path, alice, client_of):
    assert client_of(alice).get(path).status_code == 404


def test_owner_cannot_enter_or_leave_like_a_superuser(alice, other_organization, client_of):
    client = client_of(alice)

    assert client.post(f"/admin/organization/{other_organization.pk}/").status_code == 404
    assert client.post("/admin/organizations/leave/").status_code == 404
    assert entries(other_organization) == []


def test_owner_of_two_organizations_switches_without_a_trace_of_staff(alice, other_organization, client_of):
    Membership.objects.create(organization=other_organization, user=alice, role=Role.OWNER)
    client = client_of(alice)

    elsewhere = client.get("/admin/").context["elsewhere"]
    enter(client, other_organization)

    assert [membership.organization.slug for membership in elsewhere] == ["summit"]
    assert client.get("/admin/").context["back_office"] == other_organization
    assert entries(other_organization) == []


def fields_of_everything(alice):
    """Name of a form, serializer or admin page, and the fields it would take from a request."""
    for form in subclasses(forms.BaseForm):
        yield form.__qualname__, set(getattr(form, "base_fields", {}))
    for serializer in subclasses(BaseSerializer):
        declared = getattr(serializer, "_declared_fields", {})
        told = {name for name, field in declared.items() if field.read_only}
        meta = getattr(serializer, "Meta", None)
        listed = set(getattr(meta, "fields", ())) - set(getattr(meta, "read_only_fields", ()))
        yield serializer.__qualname__, {*declared, *listed} - told
    request = RequestFactory().get("/admin/")
    request.user = alice
    for model, page in admin.site._registry.items():
        yield model._meta.label, set(page.get_form(request).base_fields)


def subclasses(base):
    for child in base.__subclasses__():
        if not child.__module__.startswith(("django.contrib.auth", "unfold")):  # user admins that nobody registered
            yield child
        yield from subclasses(child)


def test_no_form_takes_what_a_person_is_to_the_platform(alice, scope):
    taken = {name: fields & PLATFORM_FIELDS for name, fields in fields_of_everything(alice)}

    assert {name: fields for name, fields in taken.items() if fields} == {}


def test_signing_up_as_superuser_makes_an_ordinary_account(db):
    body = {
        "email": "eve@evil.test",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "is_superuser": "on",
        "is_staff": "1",
    }

    Client().post("/accounts/signup/", body)

    assert [(one.is_superuser, one.is_staff) for one in User.objects.filter(email="eve@evil.test")] == [(False, False)]


@pytest.mark.parametrize(
    ("ago", "noted"), [(None, True), (timedelta(minutes=61), True), (timedelta(minutes=50), False)]
)
@pytest.mark.parametrize("path", ["/harbor/", "/admin/", "/api/v1/harbor/courses/"])
def test_presence_is_noted_once_an_hour(ago, noted, path, alice, client_of):
    before = timezone.now() - ago if ago else None
    mine = Membership.objects.filter(user=alice)
    mine.update(last_active_at=before)

    client_of(alice).get(path)

    assert (mine.get().last_active_at != before) is noted
