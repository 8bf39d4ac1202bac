"""Words to read."""

from typing import Any

from courses.lessons import Lesson
from courses.markdown import render as markdown


def text_stage(request: Any, lesson: Lesson) -> dict[str, Any]:
    return {"text": markdown(lesson.item.text)}
