"""What did I miss: of one item, as the panel of the learn space and as a page, and of a whole course."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.access import find_course, is_maker
from courses.learn_space.lessons import NotEnrolled, find_item
from courses.progress.seen import missed_in, missed_in_course


@require_safe
def item_missed(request: Any, organization: str, course: str, item_id: UUID) -> HttpResponse:
    """The unwatched stretches with their sentences; to the script of the panel the list alone."""
    try:
        item = find_item(item_id, course=course, user=request.user, organization=request.organization)
    except NotEnrolled:
        raise Http404 from None
    if item.media_id is None:
        raise Http404
    is_panel = request.headers.get("X-Requested-With") == "fetch"
    context = {"item": item, "found": missed_in(item.media_id, user=request.user), "is_panel": is_panel}
    response = render(request, f"courses/missed_{'panel' if is_panel else 'item'}.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def course_missed(request: Any, organization: str, course: str) -> HttpResponse:
    """The items of a course that were begun and not seen whole."""
    found = find_course(course, user=request.user, organization=request.organization)
    maker = is_maker(request.user, request.organization)
    if found.enrollment_id is None and not maker:
        raise Http404
    items = missed_in_course(found.pk, user=request.user, is_maker=maker)
    context = {"course": found, "items": items, "seconds": sum(item.missed.seconds for item in items)}
    return render(request, "courses/missed_course.html", context)
