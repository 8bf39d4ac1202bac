"""The reports of the dashboards, as JSON."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from analytics.api.serializers import (
    CourseFiguresSerializer,
    CourseReportSerializer,
    CreatorReportSerializer,
    MediaFiguresSerializer,
    MediaReportSerializer,
    SearchReportSerializer,
)
from analytics.makers import find_maker
from analytics.reports.behind import chosen_quiet_days
from analytics.reports.course import course_figures, course_report, courses_by_enrollments
from analytics.reports.creator import creator_report
from analytics.reports.media import media_by_views, media_figures, media_report
from analytics.reports.periods import Period, chosen_period
from analytics.reports.searches import search_report
from courses.models import Course
from media_library.models import Media

RANGE = [
    OpenApiParameter("days", int, description="The last so many days with today, 1–3660; 30 without anything."),
    OpenApiParameter("from", str, description="The first day, such as 2026-11-01, in the organization's time zone."),
    OpenApiParameter("to", str, description="The last day; today without it."),
]
QUIET = OpenApiParameter("quiet_days", int, description="Without anything opened one has fallen behind; 14 without it.")


class ReportView(OrganizationView):
    area = Area.ANALYTICS
    reads = "analytics.view"

    def period(self, request: Request) -> Period:
        """Raises Refused for a range that is none."""
        today = timezone.now().astimezone(self.member_organization.zone).date()
        return chosen_period(request.query_params, today=today)

    def page_of(self, rows: Any, serializer: Any, figures: Any) -> Response:
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(serializer([figures(row) for row in page or ()], many=True).data)


class DashboardView(ReportView):
    """How the organization's media and courses do, compared with the range before."""

    area = Area.ANALYTICS
    serializer_class = CreatorReportSerializer

    @extend_schema(operation_id="dashboard", parameters=RANGE, responses=CreatorReportSerializer)
    def get(self, request: Request, organization: str) -> Response:
        report = creator_report(self.member_organization, self.period(request), by=request.user)
        return Response(CreatorReportSerializer(report).data)


class CreatorDashboardView(ReportView):
    """How the media and courses of one creator do."""

    area = Area.ANALYTICS
    serializer_class = CreatorReportSerializer

    @extend_schema(operation_id="creator_dashboard", parameters=RANGE, responses=CreatorReportSerializer)
    def get(self, request: Request, organization: str, creator_id: UUID) -> Response:
        creator = find_maker(creator_id, organization=self.member_organization)
        report = creator_report(self.member_organization, self.period(request), by=request.user, creator=creator)
        return Response(CreatorReportSerializer(report).data)


class MediaReportsView(ReportView):
    """All media with the figures of a range, the most viewed first."""

    area = Area.ANALYTICS
    serializer_class = MediaFiguresSerializer
    queryset = Media.objects.none()

    @extend_schema(operation_id="media_reports", parameters=RANGE, responses=MediaFiguresSerializer(many=True))
    def get(self, request: Request, organization: str) -> Response:
        return self.page_of(media_by_views(self.period(request)), MediaFiguresSerializer, media_figures)


class MediaReportView(ReportView):
    """What became of one media item, as of the last roll-up."""

    area = Area.ANALYTICS
    serializer_class = MediaReportSerializer

    @extend_schema(operation_id="media_report", parameters=RANGE, responses=MediaReportSerializer)
    def get(self, request: Request, organization: str, media_id: UUID) -> Response:
        media = get_object_or_404(Media.objects.select_related("organization"), pk=media_id)
        return Response(MediaReportSerializer(media_report(media, self.period(request))).data)


class CourseReportsView(ReportView):
    """All courses with the figures of a range, the one that most came to first."""

    area = Area.ANALYTICS
    serializer_class = CourseFiguresSerializer
    queryset = Course.objects.none()

    @extend_schema(operation_id="course_reports", parameters=RANGE, responses=CourseFiguresSerializer(many=True))
    def get(self, request: Request, organization: str) -> Response:
        return self.page_of(courses_by_enrollments(self.period(request)), CourseFiguresSerializer, course_figures)


class CourseReportView(ReportView):
    """What became of one course, and how its learners stand now."""

    area = Area.ANALYTICS
    serializer_class = CourseReportSerializer

    @extend_schema(operation_id="course_report", parameters=[*RANGE, QUIET], responses=CourseReportSerializer)
    def get(self, request: Request, organization: str, course_id: UUID) -> Response:
        course = get_object_or_404(Course.objects.select_related("organization"), pk=course_id)
        quiet_days = chosen_quiet_days(request.query_params.get("quiet_days"))
        return Response(CourseReportSerializer(course_report(course, self.period(request), quiet_days=quiet_days)).data)


class SearchGapsView(ReportView):
    """What was searched for and not found."""

    area = Area.ANALYTICS
    serializer_class = SearchReportSerializer

    @extend_schema(operation_id="search_gaps", parameters=RANGE, responses=SearchReportSerializer)
    def get(self, request: Request, organization: str) -> Response:
        return Response(SearchReportSerializer(search_report(self.period(request))).data)
