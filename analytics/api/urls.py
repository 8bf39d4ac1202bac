"""Addresses below `/api/v1/<organization>/`."""

from django.urls import path

from analytics.api import reports
from analytics.api.events import EventListView, EventTypeListView

urlpatterns = [
    path("analytics/events/", EventListView.as_view(), name="api_events"),
    path("analytics/event-types/", EventTypeListView.as_view(), name="api_event_types"),
    path("analytics/dashboard/", reports.DashboardView.as_view(), name="api_dashboard"),
    path(
        "analytics/creators/<uuid:creator_id>/dashboard/",
        reports.CreatorDashboardView.as_view(),
        name="api_creator_dashboard",
    ),
    path("analytics/media/", reports.MediaReportsView.as_view(), name="api_media_reports"),
    path("analytics/media/<uuid:media_id>/", reports.MediaReportView.as_view(), name="api_media_report"),
    path("analytics/courses/", reports.CourseReportsView.as_view(), name="api_course_reports"),
    path("analytics/courses/<uuid:course_id>/", reports.CourseReportView.as_view(), name="api_course_report"),
    path("analytics/searches/", reports.SearchGapsView.as_view(), name="api_search_gaps"),
]
