"""How far one is in a course: each item, and what is still unmet."""

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from courses.access import find_course
from courses.models import Enrollment
from courses.progress.counting import standing_of
from courses.progress.item_standings import item_standings


@require_safe
def progress(request: Any, organization: str, course: str) -> HttpResponse:
    """Also of an enrollment that has ended: what was done is kept."""
    found = find_course(course, user=request.user, organization=request.organization)
    mine = Enrollment.objects.select_related("course", "course_completion")
    enrollment = get_object_or_404(mine, course=found.pk, user=request.user)
    items = item_standings(enrollment)
    context = {
        "course": enrollment.course, "enrollment": enrollment, "at": standing_of(enrollment.pk),
        "chapters": [(title, list(rows)) for title, rows in groupby(items, key=lambda item: item.chapter)],
        "completion": getattr(enrollment, "course_completion", None),
    }  # fmt: skip
    return render(request, "courses/progress.html", context)
