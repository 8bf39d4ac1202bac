"""What stands on the stage of the learn space, by the type of the item: a context for `courses/lesson_<type>.html`."""

from collections.abc import Callable
from typing import Any

from courses.learn_space.lessons import Lesson
from courses.views.stages.assignment import assignment_stage
from courses.views.stages.quiz import quiz_stage
from courses.views.stages.resource import resource_stage
from courses.views.stages.text import text_stage
from courses.views.stages.video import video_stage

Stage = Callable[[Any, Lesson], dict[str, Any]]

STAGES: dict[str, Stage] = {
    "video": video_stage,
    "text": text_stage,
    "quiz": quiz_stage,
    "assignment": assignment_stage,
    "resource": resource_stage,
}
