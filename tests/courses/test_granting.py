"""Getting into courses, letting others in, and what ends at the next request."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, Organization, User
from core.models import AuditEntry
from core.tenancy import organization_scope
from courses.entitlement import may_enroll
from courses.models import Completion, ContentItem, Course, Enrollment
from courses.services.progress import mark_done
from courses.services.publishing import unpublish_course
from media_library.models import Media, Publication
from tests.courses.places import ITEMS, MEDIA, cards, seen, watched
from tests.courses.school import ROLES, School

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
# Files behind signed links are asked about again within a minute: tests.media_library.test_revoking.
AT_ONCE = {**ITEMS, **{name: MEDIA[name] for name in ("cues", "search", "watching", "API film")}}


def test_who_may_enroll_by_themselves(school: School, organization: Organization, alice: User) -> None:
    allowed = {who: may_enroll(User.objects.get(pk=user.pk), organization) for who, user in school.people.items()}

    assert allowed == {"maker": True, "learner": True, "customer": False, "suspended": True, "visitor": True}


def is_active(person: User, course: Course, organization: Organization) -> list[bool]:
    with organization_scope(organization):
        return list(Enrollment.objects.filter(user=person, course=course).values_list("is_active", flat=True))


@pytest.mark.parametrize(("word", "status"), [("taken", 403), ("left", 404), ("other", 404)])
def test_customer_enters_no_course_by_themselves(
    word: str, status: int, school: School, organization: Organization, client_of: ClientOf
) -> None:
    customer = school.people["customer"]
    before = is_active(customer, school.courses[word], organization)
    client = client_of(customer)

    page = client.post(f"/harbor/courses/{word}/enroll/")
    door = client.post(f"/api/v1/harbor/courses/{school.courses[word].pk}/enrollments/")

    assert (page.status_code, door.status_code) == (302 if word == "taken" else 404, status)
    assert is_active(customer, school.courses[word], organization) == before


ADMIN = "/admin/courses/enrollment/"


def grant(client: Client, course: Course, email: str) -> Any:
    return client.post(f"{ADMIN}add/", {"course": course.pk, "email": email, "opened_in": course.organization_id})


def grant_by_api(client: Client, course: Course, email: str) -> Any:
    return client.post(
        f"/api/v1/harbor/courses/{course.pk}/enrollments/", {"email": email}, content_type="application/json"
    )


@pytest.mark.parametrize("door", [grant, grant_by_api])
@pytest.mark.parametrize("word", ["other", "left"])
def test_owner_lets_a_customer_in(
    word: str, door: Any, school: School, organization: Organization, alice: User, client_of: ClientOf
) -> None:
    door(client_of(alice), school.courses[word], "Customer@harbor.test")

    client = client_of(school.people["customer"])
    assert (cards(client, "/harbor/"), watched(client, school)) == (sorted([word, "taken"]), sorted([word, "taken"]))
    with organization_scope(organization):
        granted = AuditEntry.objects.filter(action="course_granted").values_list("actor__email", flat=True)
        assert list(granted) == ["alice@harbor.test"]


@pytest.mark.parametrize("email", ["visitor@harbor.test", "suspended@harbor.test", "nobody@harbor.test"])
def test_owner_lets_only_members_in(email: str, school: School, alice: User, client_of: ClientOf) -> None:
    form = grant(client_of(alice), school.courses["other"], email).context["adminform"].form
    answer = grant_by_api(client_of(alice), school.courses["other"], email)

    assert form.errors == {"email": ["Nobody with this address is a member here. Invite them first."]}
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "no_member")


@pytest.mark.parametrize("who", ROLES)
def test_nobody_but_owners_lets_others_in(
    who: str, school: School, organization: Organization, client_of: ClientOf
) -> None:
    client = client_of(school.people[who])

    grant(client, school.courses["other"], "customer@harbor.test")
    answer = grant_by_api(client, school.courses["other"], "customer@harbor.test")

    assert answer.status_code == 403
    assert is_active(school.people["customer"], school.courses["other"], organization) == []


# At the next request


def shut_by_admin(school: School, person: User, alice: User, client_of: ClientOf, organization: Organization) -> None:
    with organization_scope(organization):
        key = Enrollment.objects.get(user=person, course=school.courses["taken"]).pk
    client_of(alice).post(ADMIN, {"action": "end_selected", "_selected_action": [key]})


def shut_by_api(school: School, person: User, alice: User, client_of: ClientOf, organization: Organization) -> None:
    with organization_scope(organization):
        key = Enrollment.objects.get(user=person, course=school.courses["taken"]).pk
    client_of(alice).delete(f"/api/v1/harbor/enrollments/{key}/")


def unpublish(school: School, person: User, alice: User, client_of: ClientOf, organization: Organization) -> None:
    with organization_scope(organization):
        unpublish_course(school.courses["taken"], by=alice)


def suspend(school: School, person: User, alice: User, client_of: ClientOf, organization: Organization) -> None:
    Membership.objects.filter(user=person).update(is_active=False)
    Organization.objects.update(is_open=False)


@pytest.mark.parametrize("ending", [shut_by_admin, shut_by_api, unpublish, suspend])
def test_what_ends_has_ended_at_the_next_request(
    ending: Any, school: School, alice: User, organization: Organization, client_of: ClientOf
) -> None:
    customer = school.people["customer"]
    client = client_of(customer)
    before = seen(AT_ONCE, client, school)

    ending(school, customer, alice, client_of, organization)

    assert (before, seen(AT_ONCE, client, school)) == (dict.fromkeys(AT_ONCE, ["taken"]), dict.fromkeys(AT_ONCE, []))


def test_film_shuts_with_its_item_and_with_itself(
    school: School, organization: Organization, client_of: ClientOf
) -> None:
    client = client_of(school.people["customer"])
    with organization_scope(organization):
        ContentItem.objects.filter(pk=school.items["taken"].pk).update(state="draft")
    of_draft_item = MEDIA["stream"](client, school)
    with organization_scope(organization):
        ContentItem.objects.filter(pk=school.items["taken"].pk).update(state="published")
        Media.objects.filter(pk=school.films["taken"].pk).update(publication=Publication.DRAFT)

    assert (of_draft_item, MEDIA["stream"](client, school)) == ([], [])


def test_leaving_and_coming_back_keeps_what_was_done(
    school: School, organization: Organization, client_of: ClientOf
) -> None:
    learner = school.people["learner"]
    client = client_of(learner)
    with organization_scope(organization):
        place = Enrollment.objects.get(user=learner, course=school.courses["taken"])
        mark_done(school.texts["taken"], enrollment=place)

    left = client.delete(f"/api/v1/harbor/enrollments/{place.pk}/")
    client.post(f"/api/v1/harbor/courses/{school.courses['taken'].pk}/enrollments/")

    with organization_scope(organization):
        done = Completion.objects.filter(enrollment=place).values_list("item", flat=True)
        assert (left.status_code, list(done)) == (204, [school.texts["taken"].pk])


@pytest.mark.parametrize("shut", [shut_by_admin, shut_by_api])
def test_what_an_owner_shuts_only_an_owner_opens(
    shut: Any, school: School, alice: User, organization: Organization, client_of: ClientOf
) -> None:
    learner, course = school.people["learner"], school.courses["taken"]
    client, enter = client_of(learner), f"/api/v1/harbor/courses/{course.pk}/enrollments/"
    with organization_scope(organization):
        place = Enrollment.objects.get(user=learner, course=course).pk
    shut(school, learner, alice, client_of, organization)

    client.delete(f"/api/v1/harbor/enrollments/{place}/")  # leaving what is shut does not open it
    answer = client.post(enter)
    page = client.post("/harbor/courses/taken/enroll/", follow=True).content.decode()

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "enrollment_ended")
    told = "An owner has ended your enrollment in this course."
    assert (page.count(told), "Enroll and start" in page) == (
        2,
        False,
    )  # the refusal, and what stands there from now on
    assert is_active(learner, course, organization) == [False]
    grant_by_api(client_of(alice), course, learner.email)
    assert is_active(learner, course, organization) == [True]
    client.delete(f"/api/v1/harbor/enrollments/{place}/")
    assert client.post(enter).status_code == 201


def test_enrollment_of_somebody_else_is_not_found(
    school: School, organization: Organization, client_of: ClientOf
) -> None:
    with organization_scope(organization):
        place = Enrollment.objects.get(user=school.people["customer"], course=school.courses["taken"])

    answer = client_of(school.people["learner"]).delete(f"/api/v1/harbor/enrollments/{place.pk}/")

    assert (answer.status_code, is_active(place.user, school.courses["taken"], organization)) == (404, [True])
