"""Asking addresses into a course: members at once, others when they join."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, Membership, Organization, Role, User
from accounts.services.inviting import invite
from accounts.services.joining import accept_invitation
from accounts.services.members import add_member, join
from core.models import OutgoingMail
from core.tenancy import organization_scope
from courses.models import Course, Enrollment
from courses.models.access import CourseInvitation
from courses.services.course_invitations import ask_in, try_again
from courses.services.enrolling import end_enrollment, enroll
from courses.services.enrollment_lists import invite_into
from tests.conftest import member
from tests.courses.conftest import Tides

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
API = "/api/v1/harbor"
NEW = "nina@people.test"
DAY = timedelta(days=1)


def person(email: str) -> User:
    user = User.objects.create_user(email, "x")
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def asked_in(course: Course, alice: User, *emails: str) -> list[str]:
    with organization_scope(course.organization_id):
        return [str(answer.state) for answer in invite_into(course, emails, by=alice)]


def takes(user: User, course: Course) -> list[tuple[str, bool]]:
    with organization_scope(course.organization_id):
        places = Enrollment.objects.filter(user=user, course=course)
        return list(places.values_list("source", "is_active"))


def test_every_line_is_answered_and_told_by_mail_where_somebody_is_in(
    organization: Organization, tides: Tides, alice: User, bob: User
) -> None:
    Membership.objects.filter(user=member("sue@harbor.test", organization, Role.LEARNER)).update(is_active=False)

    with organization_scope(organization):
        lines = ["Bob <BOB@harbor.test>", "nobody", NEW, "bob@harbor.test", "sue@harbor.test", NEW]
        answers = [(one.line, one.state.value, one.code) for one in invite_into(tides.course, lines, by=alice)]

    assert answers == [
        (1, "enrolled", ""), (2, "refused", "not_an_address"), (3, "invited", ""),
        (4, "enrolled", "repeated"), (5, "refused", "member_suspended"), (6, "invited", "repeated"),
    ]  # fmt: skip
    with organization_scope(organization):
        mails = list(OutgoingMail.objects.order_by("created_at").values_list("kind", "recipient"))
    assert mails == [("courses/mail/enrolled", "bob@harbor.test"), ("accounts/mail/invitation", NEW)]
    assert takes(bob, tides.course) == [("invitation", True)]


def test_pending_invitation_keeps_its_role(organization: Organization, tides: Tides, alice: User) -> None:
    with organization_scope(organization):
        invite(organization, [NEW], role=Role.CREATOR, by=alice)

    asked_in(tides.course, alice, NEW)

    assert list(Invitation.objects.values_list("email", "role")) == [(NEW, "creator")]


def by_link(organization: Organization, user: User) -> None:
    accept_invitation(Invitation.objects.get().digest, by=user)


def by_open_door(organization: Organization, user: User) -> None:
    Organization.objects.update(is_open=True)
    join(Organization.objects.get(pk=organization.pk), user)


def by_operator(organization: Organization, user: User) -> None:
    add_member(organization, email=user.email, role=Role.CUSTOMER)


@pytest.mark.parametrize("way", [by_link, by_open_door, by_operator])
def test_whoever_becomes_a_member_is_in_the_courses_they_were_asked_into(
    way: Any, organization: Organization, tides: Tides, alice: User
) -> None:
    asked_in(tides.course, alice, NEW.upper())
    nina = person(NEW)

    way(organization, nina)

    assert takes(nina, tides.course) == [("invitation", True)]
    with organization_scope(organization):
        assert CourseInvitation.objects.get().accepted_at is not None


def test_address_that_is_merely_claimed_lets_nobody_in(organization: Organization, tides: Tides, alice: User) -> None:
    asked_in(tides.course, alice, NEW)
    impostor = User.objects.create_user(NEW, "x")

    by_open_door(organization, impostor)

    assert (takes(impostor, tides.course), Membership.objects.filter(user=impostor).count()) == ([], 1)


def test_full_course_keeps_the_invitation_and_says_why_until_there_is_room(
    organization: Organization, tides: Tides, alice: User, bob: User, client_of: ClientOf
) -> None:
    asked_in(tides.course, alice, NEW)
    with organization_scope(organization):
        tides.course.seats = 1
        tides.course.save()
        place = enroll(tides.course, user=bob)
    nina = person(NEW)
    client, address = client_of(alice), f"{API}/courses/{tides.course.pk}/invitations/"
    shelf = "/admin/courses/courseinvitation/"
    before = client.get(address).json()["results"][0]["waits_because"]

    by_link(organization, nina)

    full = client.get(address).json()["results"][0]["waits_because"]
    page = client.get(shelf).content.decode()
    with organization_scope(organization):
        end_enrollment(place, by=bob)
        key = CourseInvitation.objects.get().pk
    client.post(shelf, {"action": "try_selected", "_selected_action": [key]})
    assert (before, full, full in page) == ("Is not a member yet.", "Every place is taken.", True)
    assert takes(nina, tides.course) == [("invitation", True)]


def test_invitation_that_waits_knows_who_came_by_whatever_address(
    organization: Organization, tides: Tides, alice: User, client_of: ClientOf
) -> None:
    with organization_scope(organization):
        ask_in(tides.course, NEW, by=alice, ends_at=timezone.now() + DAY)
    Organization.objects.update(is_open=True)
    with organization_scope(organization):
        Course.objects.update(is_published=False)
    nina = person("private@people.test")
    EmailAddress.objects.create(user=nina, email=NEW, verified=True)

    by_open_door(organization, nina)

    client, address = client_of(alice), f"{API}/courses/{tides.course.pk}/invitations/"
    hidden = client.get(address).json()["results"][0]["waits_because"]
    with organization_scope(organization):
        Course.objects.update(is_published=True)
    shown = client.get(address).json()["results"][0]["waits_because"]
    with organization_scope(organization):
        try_again(CourseInvitation.objects.get(), by=alice)
        place = Enrollment.objects.get(user=nina)
    assert (hidden, shown) == ("The course is not published.", "Is a member now: try again.")
    assert (place.source, round((place.ends_at - timezone.now()) / DAY)) == ("invitation", 1)


@pytest.mark.parametrize(
    ("column", "words"),
    [("expires_at", "Has expired: ask them again."), ("ends_at", "The time they were asked for is over.")],
)
def test_invitation_whose_time_is_over_lets_nobody_in(
    column: str, words: str, organization: Organization, tides: Tides, alice: User, client_of: ClientOf
) -> None:
    asked_in(tides.course, alice, NEW)
    with organization_scope(organization):
        CourseInvitation.objects.update(**{column: timezone.now() - DAY})
    waits = client_of(alice).get(f"{API}/courses/{tides.course.pk}/invitations/").json()["results"][0]["waits_because"]

    by_link(organization, nina := person(NEW))
    asked_anew = asked_in(tides.course, alice, "other@people.test", NEW)

    assert (waits, asked_anew) == (words, ["invited", "enrolled"])
    assert takes(nina, tides.course) == [("invitation", True)]


def test_invitation_opens_nothing_that_an_owner_has_shut(
    organization: Organization, tides: Tides, alice: User, bob: User, bobs_place: Enrollment
) -> None:
    with organization_scope(organization):
        end_enrollment(bobs_place, by=alice)
        [answer] = invite_into(tides.course, [bob.email], by=alice)

    assert (answer.code, takes(bob, tides.course)) == ("enrollment_ended", [("self", False)])
    assert answer.message == "An owner has ended this enrollment. Let them in under Enrollments, if that is meant."


def test_flood_of_invitations_is_refused_row_by_row(
    organization: Organization, tides: Tides, alice: User, settings: Any
) -> None:
    settings.INVITATIONS_A_DAY = 1

    assert asked_in(tides.course, alice, NEW, "next@people.test", alice.email) == ["invited", "refused", "enrolled"]
    with organization_scope(organization):
        assert list(CourseInvitation.objects.values_list("email", flat=True)) == [NEW]


@pytest.mark.parametrize("count", [1, 4])
def test_list_of_invitations_costs_the_same_for_any_number(
    count: int, organization: Organization, tides: Tides, alice: User, client_of: ClientOf,
    django_assert_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    asked_in(tides.course, alice, *(f"person{n}@people.test" for n in range(count)))
    client = client_of(alice)

    with django_assert_num_queries(8):
        page = client.get(f"{API}/courses/{tides.course.pk}/invitations/").json()

    assert page["count"] == count


def test_invitation_is_withdrawn_by_api(
    organization: Organization, tides: Tides, alice: User, bob: User, client_of: ClientOf
) -> None:
    address = f"{API}/courses/{tides.course.pk}/invitations/"
    body = {"emails": [NEW]}
    by_bob = client_of(bob).post(address, body, content_type="application/json")
    answers = client_of(alice).post(address, body, content_type="application/json").json()["answers"]
    with organization_scope(organization):
        key = CourseInvitation.objects.get().pk

    gone = client_of(alice).delete(f"{address}{key}/")

    assert (by_bob.status_code, [one["state"] for one in answers], gone.status_code) == (403, ["invited"], 204)
    by_link(organization, nina := person(NEW))
    assert takes(nina, tides.course) == []


def test_invitation_of_a_course_that_closed_says_so(
    organization: Organization, tides: Tides, alice: User, client_of: ClientOf
) -> None:
    asked_in(tides.course, alice, NEW)
    with organization_scope(organization):
        tides.course.closes_at = timezone.now() - timedelta(days=1)
        tides.course.save()

    by_link(organization, nina := person(NEW))

    page = client_of(alice).get(f"{API}/courses/{tides.course.pk}/invitations/").json()
    assert (takes(nina, tides.course), page["results"][0]["waits_because"]) == ([], "The course has closed.")
