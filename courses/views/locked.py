"""What a learner sees of an item that is not open to them: when, why, and what to do instead. Never what it holds."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from courses.learn_space.lessons import Lesson
from courses.learn_space.outline import next_row


def locked_lesson(request: Any, lesson: Lesson, context: dict[str, Any]) -> HttpResponse:
    """403, with the outline beside it; `instead` is the open item to go on with, None where there is none."""
    item = next_row(lesson.rows, lesson.item.last_item_id)
    instead = item if item is not None and item.lock is None and not item.is_settled else None
    bare = lesson.item._replace(description="", text="", metadata=None, media_id=None, quiz_id=None)
    shown = {**context, "item": bare, "lock": lesson.lock, "instead": instead}
    return render(request, "courses/lesson_locked.html", shown, status=403)
