"""All media and all courses with their figures, page by page or as a file."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from analytics.admin.dashboards.asked import Asked, asked_of_page, read_asked
from analytics.admin.dashboards.drawing import frame, query_of
from analytics.admin.dashboards.views import File, as_file
from analytics.reports.course import course_figures, courses_by_enrollments
from analytics.reports.media import media_by_views, media_figures
from analytics.reports.tables import COURSE_COLUMNS, MEDIA_COLUMNS, Table
from core.errors import Refused

ROWS_A_PAGE = 50


@require_safe
def media_list(request: HttpRequest) -> HttpResponse:
    asked = asked_of_page(request)
    return _list(request, asked, _media_table, media_by_views(asked.period), "media_report")


@require_safe
def course_list(request: HttpRequest) -> HttpResponse:
    asked = asked_of_page(request)
    return _list(request, asked, _course_table, courses_by_enrollments(asked.period), "course_report")


@require_safe
def list_file(request: HttpRequest, of: str) -> File:
    try:
        asked = read_asked(request)
    except Refused as refusal:
        return HttpResponse(refusal.message, status=refusal.status, content_type="text/plain; charset=utf-8")
    if of == "media":
        return as_file("media", _media_table(media_by_views(asked.period)), asked)
    return as_file("courses", _course_table(courses_by_enrollments(asked.period)), asked)


def _media_table(rows: Any) -> Table:
    return Table("all", _("Media"), MEDIA_COLUMNS, [media_figures(row) for row in rows], bar="views")


def _course_table(rows: Any) -> Table:
    return Table("all", _("Courses"), COURSE_COLUMNS, [course_figures(row) for row in rows], bar="enrollments")


def _list(request: HttpRequest, asked: Asked, table_of: Any, found: Any, report: str) -> HttpResponse:
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    table = table_of(page.object_list)
    query = query_of(asked.period)
    links = {"all": lambda row: f"{reverse(f'back_office_{report}', args=[row.id])}?{query}"}
    api = reverse(f"api_{report}s", args=[asked.organization.slug])
    drawn = frame(asked, {"all": table}, api=f"{api}?{query}", links=links)
    context = {**admin.site.each_context(request), **drawn, "title": table.title, "page": page}
    return render(request, "admin/analytics/list.html", context, status=400 if asked.refusal else 200)
