"""Words to read."""

from typing import Any

from courses.learn_space.lessons import Lesson
from courses.learn_space.reading_time import reading_minutes
from courses.markdown import render as markdown
from courses.views.stages.unmet import unmet_at


def text_stage(request: Any, lesson: Lesson) -> dict[str, Any]:
    minutes = lesson.item.minutes or reading_minutes(lesson.item.text)
    return {"text": markdown(lesson.item.text, with_anchors=True), "minutes": minutes, "unmet": unmet_at(lesson)}
