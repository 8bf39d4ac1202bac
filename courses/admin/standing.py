"""On the page of an enrollment: how the learner stands at each item, and excusing from one. And a course's learners as
a file."""

from dataclasses import astuple
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import can
from core.admin import panel
from core.csv_lines import csv_response
from core.errors import Refused
from courses.models import ContentItem, Course, Enrollment
from courses.progress.counting import standing_of
from courses.progress.item_standings import item_standings
from courses.reports import COLUMNS, all_standings
from courses.services.progress import excuse, take_back_excuse


@panel("courses.Enrollment")
def standing_panel(request: HttpRequest, enrollment: Enrollment) -> SafeString:
    context = {"enrollment": enrollment, "items": item_standings(enrollment), "at": standing_of(enrollment.pk)}
    return render_to_string("admin/courses/enrollment/standing.html", context, request)


@require_POST
def excuse_item(request: HttpRequest, enrollment_id: UUID) -> HttpResponse:
    """Excuse the learner from an item, or take that back (`back`)."""
    _refuse_others(request)
    enrollment = get_object_or_404(Enrollment, pk=enrollment_id)
    items: Any = ContentItem.objects.of_course(enrollment.course_id).select_related("chapter")
    item = get_object_or_404(items, pk=_key(request.POST.get("item", "")))
    try:
        (take_back_excuse if "back" in request.POST else excuse)(item, enrollment=enrollment, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("admin:courses_enrollment_change", enrollment.pk)


@require_safe
def learners_file(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Everybody who takes or took a course, as CSV."""
    _refuse_others(request)
    course = get_object_or_404(Course, pk=course_id)
    rows = (astuple(one) for one in all_standings(course))
    response: Any = csv_response(f"learners-{course.slug}.csv", COLUMNS, rows)
    return response


def _refuse_others(request: Any) -> None:
    if request.organization is None or not can(request.user, "content.edit", request.organization):
        raise PermissionDenied


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
