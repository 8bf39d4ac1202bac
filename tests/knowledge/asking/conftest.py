"""A language model on loopback, and the talk about tides as a lesson."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache

from core.holdings import Person
from courses.models import Chapter, ContentItem, Course, Enrollment, ItemType
from media_library.demo.talks import TIDES
from tests.core.writer_provider import serve


@pytest.fixture(autouse=True)
def no_requests_counted_yet(db: None) -> None:
    cache.clear()


@pytest.fixture
def lesson(talks: Any, bob: Any) -> ContentItem:
    """The talk about tides as a lesson of a course that bob takes."""
    course = Course.objects.create(title="How the Sea Moves", slug="sea", is_published=True)
    chapter = Chapter.objects.create(course=course, title="One", position=1)
    Enrollment.objects.create(course=course, user=bob)
    return ContentItem.objects.create(
        chapter=chapter, type=ItemType.VIDEO, title="Tides", position=1, media=talks[TIDES]
    )


@pytest.fixture
def says(httpserver: Any, settings: Any) -> Callable[..., None]:
    """The model says this, whatever it is asked: a text, or what a function makes of the messages."""
    settings.WRITER_BASE_URL = httpserver.url_for("/v1")
    settings.ANSWER_MODEL = "small-model"

    def speak(answer: Any) -> None:
        serve(httpserver, answer if callable(answer) else lambda messages: answer)

    return speak


@pytest.fixture
def person_of() -> Callable[[Any], Person]:
    def make(user: Any) -> Person:
        return Person(user, frozenset({user.email}), frozenset({str(user.pk)}), user.pseudonym, user.pseudonym)

    return make
