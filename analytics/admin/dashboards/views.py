"""One view a report: asked, drawn, or given out as a file."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from analytics.admin.dashboards.asked import Asked, asked_of_page, read_asked
from analytics.admin.dashboards.drawing import Link, frame, query_of, tiles
from analytics.admin.dashboards.lines import retention_curve, trend, watch_trend
from analytics.makers import find_maker
from analytics.reports.course import CourseReport, course_report
from analytics.reports.creator import CreatorReport, creator_report
from analytics.reports.media import MediaReport, media_report
from analytics.reports.searches import SearchReport, search_report
from analytics.reports.tables import Table, tables_of
from analytics.wording import raw
from core.csv_lines import csv_response
from core.errors import Refused
from courses.models import Course
from media_library.models import Media

Build = Callable[..., Any]
File = HttpResponse | StreamingHttpResponse


def _creator(asked: Asked, creator_id: UUID | None = None) -> CreatorReport:
    creator = find_maker(creator_id, organization=asked.organization) if creator_id else None
    return creator_report(asked.organization, asked.period, by=asked.by, creator=creator)


def _media(asked: Asked, media_id: UUID) -> MediaReport:
    media = get_object_or_404(Media.objects.select_related("organization"), pk=media_id)
    return media_report(media, asked.period)


def _course(asked: Asked, course_id: UUID) -> CourseReport:
    course = get_object_or_404(Course.objects.select_related("organization"), pk=course_id)
    return course_report(course, asked.period, quiet_days=asked.quiet_days)


def _searches(asked: Asked) -> SearchReport:
    return search_report(asked.period)


BUILDERS: dict[str, Build] = {"creator": _creator, "media": _media, "course": _course, "searches": _searches}


@require_safe
def creator_page(request: HttpRequest, creator_id: UUID | None = None) -> HttpResponse:
    """The dashboard of the organization, or of one creator."""
    asked = asked_of_page(request)
    report = _creator(asked, creator_id)
    name = "api_creator_dashboard" if creator_id else "api_dashboard"
    api = _api(asked, name, *([creator_id] if creator_id else []))
    charts = [
        watch_trend(asked.period, report.days, report.previous_days),
        trend("views", _("Views"), asked.period, report.days, report.previous_days),
    ]
    title = report.name if creator_id else _("Analytics")
    more = {"title": title, "charts": charts, **_tiles(report, asked)}
    links = {
        "popular": _to("back_office_media_report", asked), "quota": _to("back_office_creator", asked),
        "ai-subjects": lambda one: one.page,
    }  # fmt: skip
    return _drawn(request, "creator", asked, report, api, links, more)


@require_safe
def media_page(request: HttpRequest, media_id: UUID) -> HttpResponse:
    """What became of one media item."""
    asked = asked_of_page(request)
    report = _media(asked, media_id)
    charts = [
        trend("views", _("Views"), asked.period, report.days, report.previous_days),
        watch_trend(asked.period, report.days, report.previous_days),
    ]
    watch = reverse("media_library:watch", args=[asked.organization.slug, media_id])
    more = {"title": report.title, "charts": charts, "curve": retention_curve(report.retention)}
    links: dict[str, Link] = {"peaks": lambda peak: f"{watch}?t={peak.at}"}
    api = _api(asked, "api_media_report", media_id)
    return _drawn(request, "media", asked, report, api, links, more | _tiles(report, asked))


@require_safe
def course_page(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """What became of one course."""
    asked = asked_of_page(request)
    report = _course(asked, course_id)
    charts = [
        trend("enrollments", _("Enrollments"), asked.period, report.days, report.previous_days),
        trend("items_completed", _("Items completed"), asked.period, report.days, report.previous_days),
    ]
    links: dict[str, Link] = {"behind": lambda one: reverse("admin:courses_enrollment_change", args=[one.enrollment])}
    api = _api(asked, "api_course_report", course_id)
    more = {"title": report.title, "charts": charts, **_tiles(report, asked)}
    return _drawn(request, "course", asked, report, api, links, more)


@require_safe
def searches_page(request: HttpRequest) -> HttpResponse:
    """What was searched for and not found."""
    asked = asked_of_page(request)
    report = _searches(asked)
    more = {"title": _("Search gaps"), **_tiles(report, asked)}
    return _drawn(request, "searches", asked, report, _api(asked, "api_search_gaps"), {}, more)


@require_safe
def table_file(request: HttpRequest, table: str, report: str, **keys: UUID) -> File:
    """One table of a report as CSV. A range that is none answers 400."""
    try:
        asked = read_asked(request)
    except Refused as refusal:
        words = " ".join(told for field in refusal.fields.values() for told in field)
        return HttpResponse(words, status=refusal.status, content_type="text/plain; charset=utf-8")
    tables = tables_of(BUILDERS[report](asked, **keys))
    if table not in tables:
        raise Http404
    return as_file(f"{report}-{table}", tables[table], asked)


def as_file(name: str, table: Table, asked: Asked) -> StreamingHttpResponse:
    columns = [column.name for column in table.columns]
    rows = [[value if isinstance(value, int | float) else raw(value) for value in row] for row in table.values()]
    period = asked.period
    return csv_response(f"{name}-{period.first}-{period.last}.csv", columns, rows)


def _drawn(
    request: HttpRequest, name: str, asked: Asked, report: Any, api: str, links: Mapping[str, Link],
    more: Mapping[str, Any],
) -> HttpResponse:  # fmt: skip
    drawn = frame(asked, tables_of(report), api=api, links=links)
    context = {**admin.site.each_context(request), **drawn, "report": report, **more}
    return render(request, f"admin/analytics/{name}.html", context, status=400 if asked.refusal else 200)


def _tiles(report: Any, asked: Asked) -> dict[str, Any]:
    return {"tiles": tiles(report.totals, report.previous, asked.organization.zone)}


def _to(name: str, asked: Asked) -> Link:
    return lambda row: f"{reverse(name, args=[row.id])}?{query_of(asked.period)}"


def _api(asked: Asked, name: str, *keys: UUID) -> str:
    return f"{reverse(name, args=[asked.organization.slug, *keys])}?{query_of(asked.period)}"
