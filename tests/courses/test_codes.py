"""Codes: who gets in with one, how often, and what those who guess hear."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Organization, Role, User
from core.errors import Refused
from core.tenancy import organization_scope
from courses.models import Enrollment
from courses.models.access import EnrollmentCode
from courses.services.codes import LETTERS, change_code, make_code, redeem_code
from courses.services.enrolling import end_enrollment, enroll, find_member, grant_course
from tests.conftest import member
from tests.courses.conftest import Tides

ClientOf = Callable[[User], Client]
PAGE, API = "/harbor/enroll/", "/api/v1/harbor"
DAY = timedelta(days=1)


@pytest.fixture
def customer(organization: Organization) -> User:
    return member("cora@harbor.test", organization, Role.CUSTOMER)


def tried(code: str, user: User, organization: Organization) -> str:
    """“in”, or the code of the refusal."""
    try:
        with organization_scope(organization):
            redeem_code(code, user=user, organization=organization)
    except Refused as refused:
        return refused.code
    return "in"


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_come_at_once_as_many_get_in_as_a_code_has_uses(
    organization: Organization, tides: Tides, alice: User
) -> None:
    with organization_scope(organization):
        make_code(tides.course, by=alice, code="THREE-OF-US", max_uses=3)
        people = [member(f"person{n}@harbor.test", organization, Role.LEARNER) for n in range(10)]

    def come(user: User) -> str:
        try:
            return tried("three-of-us", user, organization)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as threads:
        answers = sorted(threads.map(come, people))

    with organization_scope(organization):
        used = EnrollmentCode.objects.get()
        assert (answers, used.uses, used.enrollments.count()) == (["code_used_up"] * 7 + ["in"] * 3, 3, 3)


pytest_db = pytest.mark.django_db


@pytest_db
def test_made_up_codes_have_no_look_alikes_and_given_ones_are_taken_once(
    scope: Organization, tides: Tides, alice: User
) -> None:
    made = make_code(tides.course, by=alice)
    make_code(tides.course, by=alice, code=" Summer-24 ")

    refused = []
    for word in ("SUMMER-24", "no", "two words"):
        with pytest.raises(Refused) as refusal:
            make_code(tides.course, by=alice, code=word)
        refused.append(refusal.value.code)

    assert (len(made.code), set(made.code) <= set(LETTERS), set(LETTERS) & set("0O1IL")) == (10, True, set())
    assert refused == ["code_taken", "code_unusable", "code_unusable"]


@pytest_db
def test_customer_gets_into_exactly_that_course_also_a_granted_one(
    organization: Organization, tides: Tides, alice: User, customer: User, client_of: ClientOf
) -> None:
    with organization_scope(organization):
        tides.course.access = "granted"
        tides.course.save()
        make_code(tides.course, by=alice, code="COME-IN", days_of_access=30)
    client = client_of(customer)

    prefilled = client.get(f"{PAGE}?code=COME-IN").content.decode()
    before = client.get("/harbor/courses/tides-and-currents/").status_code
    answer = client.post(PAGE, {"code": "come-in"})

    assert ('value="COME-IN"' in prefilled, before, answer.status_code) == (True, 404, 302)
    with organization_scope(organization):
        place = Enrollment.objects.get()
        assert (place.user, place.source, place.code.uses) == (customer, "code", 1)
        assert round((place.ends_at - timezone.now()) / DAY) == 30


@pytest_db
def test_what_a_code_refuses_in_words(organization: Organization, tides: Tides, alice: User, bob: User) -> None:
    with organization_scope(organization):
        make_code(tides.course, by=alice, code="TOO-LATE", expires_at=timezone.now() - DAY)
        make_code(tides.course, by=alice, code="SWITCHED-OFF", is_active=False)
        change_code(make_code(tides.course, by=alice, code="USED-UP", max_uses=1), by=alice, uses=1)

    answers = [tried(code, bob, organization) for code in ("TOO-LATE", "SWITCHED-OFF", "USED-UP", "NEVER-WAS")]

    assert answers == ["code_expired", "code_expired", "code_used_up", "code_invalid"]
    with organization_scope(organization):
        assert Enrollment.objects.count() == 0


@pytest_db
def test_one_person_uses_a_code_once(organization: Organization, tides: Tides, alice: User, bob: User) -> None:
    with organization_scope(organization):
        first = make_code(tides.course, by=alice, code="FIRST", max_uses=1, days_of_access=1)
        second = make_code(tides.course, by=alice, code="SECOND", max_uses=1, days_of_access=9)
    answers = [tried("FIRST", bob, organization), tried("FIRST", bob, organization)]
    with organization_scope(organization):
        Enrollment.objects.update(ends_at=timezone.now() - DAY)
    answers += [tried(code, bob, organization) for code in ("FIRST", "SECOND", "FIRST")]

    with organization_scope(organization):
        uses = list(
            EnrollmentCode.objects.filter(pk__in=[first.pk, second.pk]).order_by("code").values_list("uses", flat=True)
        )
        place = Enrollment.objects.get()
    assert (answers, uses) == (["in", "in", "enrollment_over", "in", "in"], [1, 1])
    assert round((place.ends_at - timezone.now()) / DAY) == 9


@pytest_db
def test_codes_in_turn_prolong_nothing_also_after_an_owner_let_somebody_in_again(
    scope: Organization, tides: Tides, alice: User, bob: User
) -> None:
    for word in ("FIRST", "SECOND"):
        make_code(tides.course, by=alice, code=word, days_of_access=1)
    in_turn = ("FIRST", "SECOND", "FIRST")
    answers = [tried(word, bob, scope) for word in in_turn]
    ended = timezone.now() - DAY
    Enrollment.objects.update(ends_at=ended)
    answers += [tried(word, bob, scope) for word in in_turn]

    place = grant_course(tides.course, member=find_member(bob.email), by=alice, ends_at=timezone.now() + DAY)
    granted_until = place.ends_at
    answers += [tried(word, bob, scope) for word in in_turn]

    place.refresh_from_db()
    uses = list(EnrollmentCode.objects.order_by("code").values_list("uses", flat=True))
    assert (answers, uses) == (["in"] * 3 + ["enrollment_over"] * 3 + ["in"] * 3, [1, 1])
    assert place.ends_at == granted_until


@pytest_db
def test_code_opens_nothing_that_an_owner_has_shut(
    organization: Organization, tides: Tides, alice: User, bob: User, bobs_place: Enrollment
) -> None:
    with organization_scope(organization):
        end_enrollment(bobs_place, by=alice)
        made = make_code(tides.course, by=alice, code="COME-IN")

    answer = tried("COME-IN", bob, organization)

    with organization_scope(organization):
        made.refresh_from_db()
    assert (answer, made.uses) == ("enrollment_ended", 0)


@pytest_db
@pytest.mark.parametrize(
    ("is_open", "admits", "page", "members"), [(True, True, 302, 1), (True, False, 200, 0), (False, True, 404, 0)]
)
def test_visitor_joins_with_a_code_where_the_doors_are_open(
    is_open: bool, admits: bool, page: int, members: int, organization: Organization, tides: Tides, alice: User,
    client_of: ClientOf,
) -> None:  # fmt: skip
    Organization.objects.filter(pk=organization.pk).update(is_open=is_open, admits_learners=admits)
    with organization_scope(organization):
        make_code(tides.course, by=alice, code="COME-IN")
    visitor = User.objects.create_user("vera@people.test", "x")
    client = client_of(visitor)

    right, wrong = client.post(PAGE, {"code": "COME-IN"}), client.post(PAGE, {"code": "NEVER-WAS"})

    assert (right.status_code, Membership.objects.filter(user=visitor, role=Role.LEARNER).count()) == (page, members)
    if not members:  # nobody learns here whether there is such a code
        told = [answer.content.decode().replace("NEVER-WAS", "COME-IN") for answer in (right, wrong)]
        assert ("is not known here" in told[0], right.status_code == wrong.status_code) == (False, True)
        assert "is not known here" not in told[1]


@pytest_db
def test_wrong_code_joins_nobody(open_organization: Organization, tides: Tides, client_of: ClientOf) -> None:
    visitor = User.objects.create_user("vera@people.test", "x")

    answer = client_of(visitor).post(PAGE, {"code": "NEVER-WAS"}).content.decode()

    assert ("This code is not known here." in answer, Membership.objects.filter(user=visitor).exists()) == (True, False)


@pytest_db
def test_guessing_is_slowed_down_at_both_doors(
    organization: Organization, tides: Tides, alice: User, bob: User, customer: User, client_of: ClientOf
) -> None:
    with organization_scope(organization):
        make_code(tides.course, by=alice, code="COME-IN")
    client, api = client_of(bob), client_of(customer)

    by_page = [client.post(PAGE, {"code": f"GUESS-{n}"}).status_code for n in range(11)]
    by_api = [
        api.post(f"{API}/enrollments/redeem/", {"code": f"GUESS-{n}"}, content_type="application/json").status_code
        for n in range(11)
    ]
    right = client.post(PAGE, {"code": "COME-IN"}).status_code

    assert (by_page, by_api, right) == ([200] * 10 + [429], [400] * 10 + [429], 429)


@pytest_db
def test_owner_keeps_codes_by_api_and_creators_read_them(
    organization: Organization, tides: Tides, alice: User, client_of: ClientOf
) -> None:
    creator = member("cleo@harbor.test", organization, Role.CREATOR)
    client, address = client_of(alice), f"{API}/courses/{tides.course.pk}/codes/"

    def send(method: str, path: str, body: Any = None) -> Any:
        return getattr(client, method)(path, body, content_type="application/json")

    made = send("post", address, {"max_uses": 3, "note": "For the press"})
    one = f"{address}{made.json()['id']}/"
    changed = send("patch", one, {"is_active": False, "code": "PRESS-DAY"})
    taken = send("post", address, {"code": "press-day"})
    endless = send("post", address, {"days_of_access": 4_000_000})
    by_creator = [client_of(creator).get(address).json()["count"], client_of(creator).delete(one).status_code]
    gone = send("delete", one)

    assert (made.status_code, len(made.json()["code"]), made.json()["uses"]) == (201, 10, 0)
    assert (changed.json()["is_active"], changed.json()["code"]) == (False, "PRESS-DAY")
    assert (taken.status_code, taken.json()["error"]["code"], endless.status_code) == (409, "code_taken", 400)
    assert (by_creator, gone.status_code) == ([1, 403], 204)


@pytest_db
def test_owner_makes_and_switches_off_codes_in_the_back_office(
    organization: Organization, tides: Tides, alice: User, client_of: ClientOf
) -> None:
    client, address = client_of(alice), "/admin/courses/enrollmentcode/"
    form = {"course": tides.course.pk, "code": "", "note": "", "is_active": "on", "opened_in": organization.pk}

    client.post(f"{address}add/", form)
    refused = client.post(f"{address}add/", {**form, "code": "no good"}).content.decode()
    with organization_scope(organization):
        made = EnrollmentCode.objects.get()
    client.post(address, {"action": "switch_off_selected", "_selected_action": [made.pk]})
    page = client.get(f"{address}{made.pk}/change/")

    with organization_scope(organization):
        made.refresh_from_db()
    assert (len(made.code), made.is_active, page.status_code) == (10, False, 200)
    assert "A code is 4 to 40 letters, digits or hyphens." in refused


@pytest_db
def test_code_of_another_organization_is_not_known(
    organization: Organization, other_organization: Organization, foreign_tides: Tides, charlie: User, bob: User
) -> None:
    with organization_scope(other_organization):
        make_code(foreign_tides.course, by=charlie, code="COME-IN")

    assert tried("COME-IN", bob, organization) == "code_invalid"


@pytest_db
def test_who_is_in_already_wastes_no_use(organization: Organization, tides: Tides, alice: User, bob: User) -> None:
    with organization_scope(organization):
        enroll(tides.course, user=bob)
        made = make_code(tides.course, by=alice, code="COME-IN", max_uses=1)

    answer = tried("COME-IN", bob, organization)

    with organization_scope(organization):
        made.refresh_from_db()
    assert (answer, made.uses) == ("in", 0)
