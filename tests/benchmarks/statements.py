"""The largest growth of SQL statements of any main page: with 300 rows ÷ with 3 rows. Must be 1.0."""

from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Organization, Role, User
from core.tenancy import organization_scope
from courses.models import ContentItem, Course
from tests.benchmarks.library import course_of, enrolled, film
from tests.benchmarks.people import BACKEND

FEW, MANY = 3, 300


def measure(data: Path) -> dict[str, Any]:
    few, many = _statements("few", FEW), _statements("many", MANY)
    growth = {page: round(many[page] / few[page], 3) for page in few}
    worst = max(growth, key=lambda page: growth[page])
    return {
        "ratio": growth[worst],
        "aim": 1.0,
        "worst": worst,
        "pages": {page: [few[page], many[page]] for page in few},
    }


def _statements(slug: str, rows: int) -> dict[str, int]:
    """How many statements each page of an organization with so many rows of everything takes."""
    organization = Organization.objects.create(name=slug, slug=slug)
    owner = User.objects.create_user(f"owner@{slug}.example.org", name="Owner")
    Membership.objects.create(user=owner, organization=organization, role=Role.OWNER)
    with organization_scope(organization):
        course = _fill(rows, owner)
        addresses = _addresses(slug, course)
    client = Client()
    client.force_login(owner, backend=BACKEND)
    return {page: _count(client, address) for page, address in addresses.items()}


def _fill(rows: int, owner: User) -> Course:
    films = [film(number, cues=rows) for number in range(rows)]
    course = course_of(films, chapters=3)
    enrolled(course, owner, done=rows // 2)
    for number in range(rows):
        other = Course.objects.create(title=f"Course {number}", slug=f"course-{number}", is_published=True)
        enrolled(other, owner, done=0)
    return course


def _addresses(slug: str, course: Course) -> dict[str, str]:
    item = ContentItem.objects.filter(chapter__course=course).select_related("media")[0]
    api = f"/api/v1/{slug}"
    return {
        "catalog": f"/{slug}/",
        "course": f"/{slug}/courses/{course.slug}/",
        "lesson": f"/{slug}/courses/{course.slug}/learn/{item.pk}/",
        "my courses": f"/{slug}/my/",
        "watch": f"/{slug}/media/{item.media_id}/",
        "search": f"/{slug}/search/?q=slow+river",
        "admin media": "/admin/media_library/media/",
        "admin media item": f"/admin/media_library/media/{item.media_id}/change/",
        "admin courses": "/admin/courses/course/",
        "admin quizzes": "/admin/courses/quiz/",
        "api media": f"{api}/media/",
        "api courses": f"{api}/courses/",
        "api structure": f"{api}/courses/{course.pk}/structure/",
        "api search": f"{api}/search/?q=slow+river",
    }


def _count(client: Client, address: str) -> int:
    """Of a second visit: the first one may remember something."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return len(queries)
