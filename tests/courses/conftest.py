"""A small course of alice's: a video, a text and a quiz of three questions, published."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.cache import cache

from accounts.models import Organization, User
from core.tenancy import organization_scope
from courses.models import ContentItem, Course, Enrollment, Quiz
from courses.quizzes.choices import read_options
from courses.quizzes.questions import KINDS, Typed
from courses.services.authoring import add_chapter, add_item, create_course
from courses.services.enrolling import enroll
from courses.services.publishing import publish_course
from courses.services.quizzes import write_quiz
from media_library.models import Media, WatchRecord
from tests.courses.filled_course import make_filled
from tests.courses.homework import Homework, make_homework
from tests.courses.school import School, build_school, make_media

QUESTIONS = ("Which way does the tide turn?", "What moves water?", "When is high tide?")
CHOICES = "*The moon's way\nThe sun's way\nNo way"


def make_quiz(
    title: str = "Check yourself", *, prompts: tuple[str, ...] = QUESTIONS, max_attempts: int | None = 3
) -> Quiz:
    typed = KINDS["single_choice"].parse(Typed(options=read_options(CHOICES)))
    questions = [
        {
            "prompt": prompt,
            "options": typed.options,
            "answer": typed.answer,
            "feedback": f"Feedback on {prompt}",
            "points": 1,
        }
        for prompt in prompts
    ]
    return write_quiz(Quiz(title=title, pass_mark=60, max_attempts=max_attempts), questions=questions)


def watched(media: Media, user: User, *, percent: float = 100.0, position: float = 0) -> WatchRecord:
    """What watching leaves behind, written down directly."""
    record = WatchRecord.objects.create(media=media, user=user, percent=percent, position=position)
    if percent >= 90:
        WatchRecord.objects.filter(pk=record.pk).update(completed_at=record.updated_at)
    return record


def right_answers(quiz: Quiz) -> dict[str, str]:
    return {str(question.pk): question.answer["key"] for question in quiz.questions.all()}


def wrong_answers(quiz: Quiz) -> dict[str, str]:
    return {str(question.pk): question.options[-1]["key"] for question in quiz.questions.all()}


@dataclass
class Tides:
    """The course and its parts."""

    course: Course
    media: Media
    quiz: Quiz
    video: ContentItem
    text: ContentItem
    test: ContentItem

    @property
    def items(self) -> list[ContentItem]:
        return [self.video, self.text, self.test]


def make_tides(by: User, *, title: str = "Tides and currents") -> Tides:
    media, quiz = make_media(f"Film of {title}"), make_quiz(f"Quiz of {title}")
    course = create_course(title=title, by=by, description="About *water*.", objectives="Read a tide table")
    first, second = add_chapter(course, title="Beginnings"), add_chapter(course, title="Endings")
    video = add_item(first, by=by, type="video", title="The film", media=media)
    text = add_item(first, by=by, type="text", title="The words", text="Some **bold** words.", estimated_minutes=3)
    test = add_item(second, by=by, type="quiz", title="The quiz", quiz=quiz)
    publish_course(course, by=by)
    media.refresh_from_db()
    return Tides(course, media, quiz, video, text, test)


@pytest.fixture
def tides(organization: Organization, alice: User) -> Tides:
    with organization_scope(organization):
        return make_tides(alice)


@pytest.fixture
def filled(organization: Organization, alice: User) -> Course:
    """With all that a course file can hold."""
    with organization_scope(organization):
        return make_filled(organization, by=alice)


@pytest.fixture
def homework(organization: Organization, alice: User, bob: User) -> Homework:
    with organization_scope(organization):
        return make_homework(alice, learner=bob)


@pytest.fixture
def foreign_tides(other_organization: Organization, charlie: User) -> Tides:
    with organization_scope(other_organization):
        return make_tides(charlie, title="Mountains")


@pytest.fixture
def bobs_place(organization: Organization, tides: Tides, bob: User) -> Enrollment:
    with organization_scope(organization):
        return enroll(tides.course, user=bob)


@pytest.fixture
def open_organization(organization: Organization) -> Organization:
    organization.is_open = True
    organization.save()
    return organization


@pytest.fixture
def school(open_organization: Organization, alice: User, work_off: Callable[[], int]) -> School:
    """What was said in its films can be searched."""
    cache.clear()
    with organization_scope(open_organization):
        built = build_school(open_organization, by=alice)
    work_off()
    return built


@pytest.fixture
def many_courses(organization: Organization, alice: User) -> Callable[[int], list[Course]]:
    """So many published courses with a video item each; publication is not their point."""

    def make(count: int) -> list[Course]:
        with organization_scope(organization):
            media = Media.objects.filter(title="Shared").first() or make_media("Shared")
            return [_small_course(f"Course {n}", media, alice) for n in range(Course.objects.count(), count)]

    return make


def _small_course(title: str, media: Media, by: User) -> Course:
    course = create_course(title=title, by=by, is_published=True)
    chapter = add_chapter(course, title="Only chapter")
    ContentItem.objects.create(chapter=chapter, type="video", title="Film", media=media, position=1)
    return course


def fill(tides: Tides, by: User, items: int) -> None:
    chapter = add_chapter(tides.course, title="Many")
    ContentItem.objects.bulk_create(
        ContentItem(
            chapter=chapter, type="text", title=f"Lesson number {number} about water", text="…", position=number + 1
        )
        for number in range(items)
    )
