"""Long lists: what judging them costs, and that trying one answers like doing it."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Organization, Role, User
from core.models import AuditEntry
from core.tenancy import organization_scope
from courses.enrolling.rows import read_rows, read_told
from courses.models import Course, Enrollment
from courses.models.access import CourseInvitation
from courses.services.authoring import create_course
from courses.services.enrolling import end_enrollment, enroll, leave_course
from courses.services.enrollment_lists import enroll_list
from tests.conftest import member
from tests.courses.conftest import Tides, make_tides

pytestmark = pytest.mark.django_db

ALL_SORTS = """email,course,ends_at,action
bob@harbor.test,,,
bob@harbor.test,tides-and-currents,,
fresh@people.test,full,,
bob@harbor.test,full,,end
left@people.test,full,,
late@people.test,full,,
bob@harbor.test,,,end
out@people.test,,,
over@people.test,,2100-12-31,
away@people.test,,,
fresh@people.test,draft,,
nina@people.test,,,
nina@people.test,full,,
otto@people.test,,,
otto@people.test,full,,end
out@people.test,nowhere,,
late@people.test,,2020-01-01,
alice@harbor.test,,2100-12-31,
fresh@people.test,,,end
vera@people.test,,,end
"""
ANSWERS = [
    (2, "here", ""), (3, "here", "repeated"), (4, "refused", "course_full"), (5, "ended", ""), (6, "returned", ""),
    (7, "refused", "course_full"), (8, "refused", "contradiction"), (9, "returned", ""), (10, "returned", ""),
    (11, "refused", "member_suspended"), (12, "refused", "not_published"), (13, "invited", ""), (14, "invited", ""),
    (15, "refused", "too_many_invitations"), (16, "refused", "not_enrolled"), (17, "refused", "no_such_course"),
    (18, "refused", "ends_in_past"), (19, "enrolled", ""), (20, "refused", "not_enrolled"), (21, "ended", ""),
]  # fmt: skip


def make_members(count: int, organization: Organization) -> list[User]:
    people = [User(email=f"member{number}@people.test") for number in range(count)]
    User.objects.bulk_create(people)
    Membership.objects.bulk_create([Membership(user=one, organization=organization, role="learner") for one in people])
    return people


@pytest.mark.parametrize("count", [1, 100])
def test_judging_a_list_costs_as_many_statements_whatever_its_length(
    count: int, organization: Organization, tides: Tides, alice: User
) -> None:
    strangers = [{"email": f"stranger{number}@people.test"} for number in range(count)]
    with organization_scope(organization):
        people = make_members(2 * count, organization)
        here, others = [[{"email": one.email} for one in half] for half in (people[::2], people[1::2])]
        Enrollment.objects.bulk_create([Enrollment(course=tides.course, user=one) for one in people[::2]])
        tides.course.seats = 1000
        tides.course.save()

        with CaptureQueriesContext(connection) as trying:
            tried = enroll_list(read_told(here + others + strangers), by=alice, course=tides.course, dry_run=True)
        with CaptureQueriesContext(connection) as doing:
            done = enroll_list(read_told(here), by=alice, course=tides.course)

    assert Counter(one.state.value for one in tried) == {"here": count, "enrolled": count, "invited": count}
    assert Counter(one.state.value for one in done) == {"here": count}
    assert (len(trying), len(doing)) == (7, 6)  # the invitations of strangers are one


def test_trying_a_list_of_all_sorts_answers_like_doing_it(
    organization: Organization, tides: Tides, alice: User, bobs_place: Enrollment, settings: Any
) -> None:
    settings.INVITATIONS_A_DAY = 1
    names = ("left", "out", "over", "away", "late", "fresh")
    left, out, over, away, *_others = (member(f"{name}@people.test", organization, Role.LEARNER) for name in names)
    away.memberships.update(is_active=False)
    with organization_scope(organization):
        full = make_tides(alice, title="Full").course
        create_course(title="Draft", by=alice)
        enroll(full, user=left)
        leave_course(full, user=left)
        end_enrollment(enroll(tides.course, user=out), by=alice)
        enroll(tides.course, user=over, ends_at=timezone.now() + timedelta(days=1))
        Enrollment.objects.filter(user=over).update(ends_at=timezone.now())
        enroll(full, user=bobs_place.user)
        Course.objects.filter(pk=full.pk).update(seats=1)
        CourseInvitation.objects.create(course=tides.course, email="Vera@people.test", expires_at=timezone.now())
        rows, before = read_rows(ALL_SORTS.encode()), AuditEntry.objects.count()

        tried = enroll_list(rows, by=alice, course=tides.course, dry_run=True)
        after_trying = AuditEntry.objects.count()
        done = enroll_list(rows, by=alice, course=tides.course)

    assert ([(one.line, one.state.value, one.code) for one in tried], after_trying) == (ANSWERS, before)
    assert done == tried
