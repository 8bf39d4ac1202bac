"""A course of 60 chapters with 20 items each and 5,000 learners takes the same statements as a small one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Organization, Role, User
from courses.models import Assignment, Chapter, Completion, ContentItem, Course, Enrollment, ItemType, Submission
from courses.services.authoring import create_course
from tests.courses.school import make_media

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
#: Statements of each page, session and membership included.
COSTS = {"lesson": 7, "course": 9, "dashboard": 13, "structure": 7, "builder": 16, "grading queue": 9}


def build(chapters: int, items: int, learners: int, *, by: User, learner: User) -> tuple[Course, ContentItem]:
    """Texts and one film; the learner has done the first half, everybody has handed in the assignment."""
    course = create_course(title="Everything about water", by=by, is_published=True)
    parts = Chapter.objects.bulk_create(
        Chapter(course=course, title=f"Chapter {n}", position=n + 1) for n in range(chapters)
    )
    film = ContentItem(chapter=parts[0], type=ItemType.VIDEO, title="Film", media=make_media("Water"), position=1)
    texts = [
        ContentItem(chapter=part, type=ItemType.TEXT, title=f"Text {place}", text="…", position=place)
        for part in parts
        for place in range(2 if part is parts[0] else 1, items + 1)
    ]
    held = ContentItem.objects.bulk_create([film, *texts])
    enroll_all(course, held[: len(held) // 2], learners, learner=learner)
    return course, held[0]


def enroll_all(course: Course, done: list[ContentItem], learners: int, *, learner: User) -> None:
    crowd = User.objects.bulk_create(User(email=f"crowd-{n}@harbor.test", name=f"Crowd {n}") for n in range(learners))
    Membership.objects.bulk_create(
        Membership(user=one, organization_id=course.organization_id, role=Role.LEARNER) for one in crowd
    )
    places = Enrollment.objects.bulk_create(Enrollment(course=course, user=one) for one in [learner, *crowd])
    Completion.objects.bulk_create(Completion(enrollment=places[0], item=item, reason="read") for item in done)
    essay = Assignment.objects.create(title="Essay")
    last = course.chapters.last()
    ContentItem.objects.create(
        chapter=last, type=ItemType.ASSIGNMENT, title="Essay", assignment=essay, position=last.items.count() + 1
    )
    Submission.objects.bulk_create(
        Submission(assignment=essay, enrollment=place, number=1, state="submitted", submitted_at=timezone.now())
        for place in places
    )


@pytest.mark.parametrize(("chapters", "items", "learners"), [(2, 2, 2), (60, 20, 5000)])
def test_statements_do_not_grow_with_the_course(
    chapters: int, items: int, learners: int, alice: User, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    course, film = build(chapters, items, learners, by=alice, learner=bob)
    learner, owner = client_of(bob), client_of(alice)
    pages: dict[str, tuple[Client, str]] = {
        "lesson": (learner, f"/harbor/courses/{course.slug}/learn/{film.pk}/"),
        "course": (learner, f"/harbor/courses/{course.slug}/"),
        "dashboard": (learner, "/harbor/my/"),
        "structure": (learner, f"/api/v1/harbor/courses/{course.pk}/structure/"),
        "builder": (owner, f"/admin/courses/course/{course.pk}/change/"),
        "grading queue": (owner, "/admin/courses/submission/"),
    }

    costs = {name: cost(client, path) for name, (client, path) in pages.items()}

    assert costs == COSTS


def cost(client: Client, path: str) -> Any:
    """Of the second look: the first one notes the visit."""
    client.get(path)
    with CaptureQueriesContext(connection) as statements:
        answer = client.get(path)
    return len(statements) if answer.status_code == 200 else answer.status_code
