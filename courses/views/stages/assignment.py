"""Work to hand in."""

from typing import Any

from courses.lessons import Lesson
from courses.markdown import render as markdown
from courses.models import Assignment


def assignment_stage(request: Any, lesson: Lesson) -> dict[str, Any]:
    assignment = Assignment.objects.get(item=lesson.item.id)
    return {"assignment": assignment, "instructions": markdown(assignment.instructions)}
