"""A file to take along, or a link."""

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from courses.learn_space.lessons import Lesson
from courses.models import Resource
from courses.views.stages.unmet import unmet_at


def resource_stage(request: Any, lesson: Lesson) -> dict[str, Any]:
    resource = Resource.objects.get(item=lesson.item.id)
    return {
        "resource": resource,
        "ending": PurePosixPath(resource.filename).suffix.lstrip(".").upper(),
        "host": urlsplit(resource.link).hostname or "",
        "unmet": unmet_at(lesson),
    }
