"""What ends: a membership, a media item, the questions of a quiz. Learners are neither let in nor left stranded."""

import pytest

from accounts.models import Membership, Role, User
from core.errors import Refused
from core.tenancy import organization_scope
from courses.models import Attempt, Completion
from courses.services.quizzes import write_quiz
from media_library.services.publishing import archive_media
from tests.world import populate

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(organization, alice, bob):
    type(organization).objects.update(is_open=True)
    with organization_scope(organization):
        return populate(alice, bob)


def lesson(rows, item="text"):
    return f"/harbor/courses/{rows['course'].slug}/learn/{rows[item].pk}/"


def test_learner_whose_membership_ended_learns_no_more(rows, bob, client_of, organization):
    Membership.objects.filter(user=bob).update(is_active=False)
    client = client_of(User.objects.get(pk=bob.pk))

    answers = [client.get(lesson(rows)), client.post(lesson(rows, "asked") + "answers/", {})]

    assert [answer.status_code for answer in answers] == [404, 404]
    with organization_scope(organization):
        assert (Completion.objects.count(), Attempt.objects.count()) == (1, 1)


def test_customer_sees_nothing_that_was_not_granted(rows, organization, client_of):
    customer = User.objects.create_user("cora@harbor.test", "x")
    Membership.objects.create(user=customer, organization=organization, role=Role.CUSTOMER)
    client = client_of(customer)
    course, media = rows["course"].pk, rows["media"].pk

    answers = [
        client.get("/api/v1/harbor/courses/"),
        client.post(f"/api/v1/harbor/courses/{course}/enrollments/"),
        client.get(f"/harbor/media/{media}/"),
        client.get(f"/harbor/media/{media}/cues.json"),
    ]

    assert [answer.status_code for answer in answers] == [200, 404, 404, 404]
    assert answers[0].json()["count"] == 0


def test_media_that_a_published_course_teaches_is_not_archived(rows, alice, organization):
    with organization_scope(organization), pytest.raises(Refused) as refusal:
        archive_media(rows["media"], by=alice)

    assert (refusal.value.code, refusal.value.status) == ("in_use", 409)


def test_quiz_that_a_published_course_needs_keeps_a_question(rows, organization):
    with organization_scope(organization), pytest.raises(Refused) as refusal:
        write_quiz(rows["quiz"], questions=[])

    with organization_scope(organization):
        assert (refusal.value.code, rows["quiz"].questions.count()) == ("in_use", 1)


def test_catalog_bears_any_words(rows, client_of, bob):
    assert client_of(bob).get("/harbor/?q=%01tide%25%27").status_code == 200
