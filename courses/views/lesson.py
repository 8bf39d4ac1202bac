"""The learn space: one item of a course at a time."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.content_policy import widen_policy
from courses.learn_space.lessons import Lesson, NotEnrolled, find_own_item, look_up_item, open_lesson
from courses.learn_space.outline import render_outline
from courses.markdown import render as markdown
from courses.services.enrolling import note_visit
from courses.services.progress import mark_done as mark_item_done
from courses.views.locked import locked_lesson
from courses.views.refusals import refusals_told
from courses.views.stages import STAGES
from media_library.panels import panels_of

CURRENT_FOLDER = "../"  # of the lesson's own address: short links keep a long outline small


@require_safe
def lesson(request: Any, organization: str, course: str, item_id: UUID) -> HttpResponse:
    """An item on its stage, the outline beside it. At most eight statements, session and membership included."""
    try:
        item = look_up_item(item_id, course=course, user=request.user, organization=request.organization)
    except NotEnrolled:
        return redirect("courses:course", organization=organization, course=course)
    opened = open_lesson(item, user=request.user, organization=request.organization)
    if opened.lock is not None:
        return locked_lesson(request, opened, _around(opened))
    context: dict[str, Any] = {"lesson": opened, **STAGES[item.type](request, opened)}
    context |= {**_around(context["lesson"]), "description": markdown(item.description), "extra": panels_of(item.type)}
    note_visit(item)
    response = render(request, f"courses/lesson_{item.type}.html", context)
    widen_policy(response, context["player"].policy if "player" in context else {})
    return response


def _around(opened: Lesson) -> dict[str, Any]:
    """What stands around the stage."""
    outline = render_outline(opened.rows, prefix=CURRENT_FOLDER, current=opened.item.id, keyed=False)
    return {"lesson": opened, "item": opened.item, "at": opened.at, "outline": outline}


@require_POST
def mark_done(request: Any, organization: str, course: str, item_id: UUID) -> HttpResponse:
    item, enrollment = find_own_item(item_id, course=course, user=request.user, organization=request.organization)
    with refusals_told(request):
        mark_item_done(item, enrollment=enrollment)
    return redirect("courses:lesson", organization=organization, course=course, item_id=item_id)
