"""Words to read."""

from typing import Any

from courses.lessons import Lesson
from courses.markdown import render as markdown
from courses.reading import reading_minutes
from courses.views.stages.unmet import unmet_at


def text_stage(request: Any, lesson: Lesson) -> dict[str, Any]:
    minutes = lesson.item.minutes or reading_minutes(lesson.item.text)
    return {"text": markdown(lesson.item.text), "minutes": minutes, "unmet": unmet_at(lesson)}
