"""Addresses below `/api/v1/<organization>/`."""

from django.urls import path

from analytics.api.events import EventListView, EventTypeListView
from analytics.api.views import MediaReportView

urlpatterns = [
    path("analytics/media/<uuid:media_id>/", MediaReportView.as_view(), name="api_media_report"),
    path("analytics/events/", EventListView.as_view(), name="api_events"),
    path("analytics/event-types/", EventTypeListView.as_view(), name="api_event_types"),
]
