"""A course with an essay to hand in and a chart to take along."""

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from courses.models import Assignment, ContentItem, Course, Enrollment, Resource, Submission
from courses.services.assignments import write_assignment
from courses.services.authoring import add_chapter, add_item, create_course
from courses.services.enrolling import enroll
from courses.services.publishing import publish_course
from courses.services.resources import save_resource
from courses.services.submissions import save_draft, submit


@dataclass
class Homework:
    """The course, its two items, and bob's place in it."""

    course: Course
    essay: ContentItem
    chart: ContentItem
    place: Enrollment

    @property
    def assignment(self) -> Assignment:
        return Assignment.objects.get(pk=self.essay.assignment_id)

    @property
    def resource(self) -> Resource:
        return Resource.objects.get(pk=self.chart.resource_id)

    def page(self, item: ContentItem, door: str = "") -> str:
        return f"/harbor/courses/{self.course.slug}/learn/{item.pk}/{door}"

    def ask(self, **fields: Any) -> Assignment:
        """Change what the assignment asks for."""
        Assignment.objects.filter(pk=self.essay.assignment_id).update(**fields)
        return self.assignment

    def handed_in(self, text: str = "The moon pulls.", *, by: Enrollment | None = None) -> Submission:
        place = by or self.place
        save_draft(self.assignment, enrollment=place, text=text)
        return submit(self.assignment, enrollment=place)


def given(name: str = "tides.pdf", content: bytes = b"%PDF-1.4 tides") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def make_homework(by: User, *, learner: User) -> Homework:
    course = create_course(title="Homework", by=by)
    chapter = add_chapter(course, title="All")
    asked = write_assignment(Assignment(title="Essay", instructions="Write *well*.", points=40, max_files=2))
    chart = save_resource(Resource(title="Tide chart"), file=given("chart 2026.pdf"))
    essay = add_item(chapter, by=by, type="assignment", title="Your essay", assignment=asked)
    take = add_item(chapter, by=by, type="resource", title="The chart", resource=chart)
    publish_course(course, by=by)
    return Homework(course, essay, take, enroll(course, user=learner))
