"""How far one is in a course: each item, and what is still unmet."""

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from courses.access import find_known_course, is_maker
from courses.learn_space.lessons import read_locks
from courses.models import Enrollment
from courses.progress.counting import standing_of
from courses.progress.item_standings import item_standings


@require_safe
def progress(request: Any, organization: str, course: str) -> HttpResponse:
    """Also of an enrollment that has ended, and of a course that is no longer shown: what was done is kept."""
    found = find_known_course(course, user=request.user, organization=request.organization)
    mine = Enrollment.objects.select_related("course", "course_completion", "certificate")
    enrollment = get_object_or_404(mine, course=found.pk, user=request.user)
    context = {
        "course": found, "enrollment": enrollment, "at": standing_of(enrollment.pk),
        "opens": enrollment.is_active and found.is_published, "chapters": _chapters(request, enrollment),
        "completion": getattr(enrollment, "course_completion", None),
        "has_certificate": found.awards_certificate or hasattr(enrollment, "certificate"),
    }  # fmt: skip
    return render(request, "courses/progress.html", context)


def _chapters(request: Any, enrollment: Enrollment) -> list[tuple[str, list[Any]]]:
    """Titles, with each item and its lock, if it is shut to this learner."""
    here = request.organization
    maker = is_maker(request.user, here)
    locks = {} if maker else read_locks(enrollment, user=request.user, organization=here)
    by_chapter = groupby(item_standings(enrollment), key=lambda item: item.chapter)
    return [(title, [(item, locks.get(item.id)) for item in items]) for title, items in by_chapter]
