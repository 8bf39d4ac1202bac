"""A file to take along, or a link."""

from typing import Any

from courses.lessons import Lesson
from courses.models import Resource


def resource_stage(request: Any, lesson: Lesson) -> dict[str, Any]:
    return {"resource": Resource.objects.get(item=lesson.item.id)}
