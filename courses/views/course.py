"""One course, seen from outside, and entering it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.services.members import join
from courses.access import find_course, is_maker
from courses.cards import version_of
from courses.entitlement import may_enroll
from courses.lessons import read_outline
from courses.markdown import render as markdown
from courses.models import ContentItem, Course
from courses.next_step import next_step
from courses.outline import OutlineRow, next_row, render_outline, standing, total_seconds
from courses.services.enrolling import enroll_oneself
from courses.views.refusals import refusals_told
from media_library.wording import words_for_duration


@login_not_required
@require_safe
def course_page(request: Any, organization: str, course: str) -> HttpResponse:
    """What one will learn, the outline with one's own states, and one button that says the next step."""
    found = find_course(course, user=request.user, organization=request.organization)
    rows = _outline(request, found)
    return render(request, "courses/course.html", {"course": found, **_facts(request, found, rows)})


@require_http_methods(["GET", "POST"])
def enroll(request: Any, organization: str, course: str) -> HttpResponse:
    """Enter the course, after joining an open organization where needed; coming back from log-in shows the course."""
    found = find_course(course, user=request.user, organization=request.organization)
    if request.method == "POST":
        with refusals_told(request):
            join(request.organization, request.user)
            enroll_oneself(found, user=request.user, organization=request.organization)
            return redirect("courses:learn", organization=organization, course=course)
    return redirect("courses:course", organization=organization, course=course)


@require_safe
def learn(request: Any, organization: str, course: str) -> HttpResponse:
    """On to where learning goes on; the player then finds its second."""
    found = find_course(course, user=request.user, organization=request.organization)
    rows = _outline(request, found)
    item = next_row(rows, found.last_item_id)
    if item is None or not (found.enrollment_id or is_maker(request.user, request.organization)):
        if item is None:
            messages.info(request, "There is nothing to learn in this course yet.")
        return redirect("courses:course", organization=organization, course=course)
    return redirect("courses:lesson", organization=organization, course=course, item_id=item.id)


def _outline(request: Any, course: Any) -> list[OutlineRow]:
    """In preview a maker sees drafts, like everything else of the course."""
    return read_outline(
        course.pk,
        user=request.user,
        enrollment_id=course.enrollment_id,
        is_maker=is_maker(request.user, request.organization),
    )


def _facts(request: Any, course: Any, rows: list[OutlineRow]) -> dict[str, Any]:
    opens = course.enrollment_id or is_maker(request.user, request.organization)
    address = reverse("courses:course", args=[request.organization.slug, course.slug])
    return {
        "about": markdown(course.description),
        "objectives": [line for line in course.objectives.splitlines() if line.strip()],
        "outline": render_outline(rows, prefix=f"{address}learn/" if opens else ""), "items": len(rows),
        "chapters": len({row.chapter_id for row in rows}), "time": words_for_duration(total_seconds(rows) or None),
        "instructors": list(course.instructors.all()), "cover": version_of(_cover_path(course)),
        "step": next_step(rows, last_item_id=course.last_item_id) if course.enrollment_id else None,
        "at": standing(rows), "may_preview": opens and not course.enrollment_id,
        "may_enroll": may_enroll(request.user, request.organization),
    }  # fmt: skip


def _cover_path(course: Course) -> str:
    if course.thumbnail_path:
        return course.thumbnail_path
    first = (
        ContentItem.objects.of_course(course).published().exclude(media__thumbnail_path="").filter(media__isnull=False)
    )
    return first.in_order().values_list("media__thumbnail_path", flat=True).first() or ""
