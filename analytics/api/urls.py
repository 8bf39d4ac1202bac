"""Addresses below `/api/v1/<organization>/`."""

from django.urls import path

from analytics.api import alerts, reports, webhooks
from analytics.api.events import EventListView, EventTypeListView
from analytics.api.record_store import RecordStorePushView, RecordStoreView

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
    path("webhooks/", webhooks.WebhookList.as_view(), name="api_webhooks"),
    path("webhooks/kinds/", webhooks.WebhookKinds.as_view(), name="api_webhook_kinds"),
    path("webhooks/deliveries/", webhooks.DeliveryList.as_view(), name="api_deliveries"),
    path("webhooks/deliveries/<uuid:delivery_id>/", webhooks.DeliveryDetail.as_view(), name="api_delivery"),
    path(
        "webhooks/deliveries/<uuid:delivery_id>/resend/",
        webhooks.DeliveryResend.as_view(),
        name="api_delivery_resend",
    ),
    path("webhooks/<uuid:endpoint_id>/", webhooks.WebhookDetail.as_view(), name="api_webhook"),
    path("webhooks/<uuid:endpoint_id>/secret/", webhooks.WebhookSecret.as_view(), name="api_webhook_secret"),
    path("webhooks/<uuid:endpoint_id>/test/", webhooks.WebhookTest.as_view(), name="api_webhook_test"),
    path("webhooks/<uuid:endpoint_id>/resend/", webhooks.WebhookResend.as_view(), name="api_webhook_resend"),
    path("alerts/", alerts.AlertList.as_view(), name="api_alerts"),
    path("alerts/<uuid:rule_id>/", alerts.AlertDetail.as_view(), name="api_alert"),
    path("alerts/<uuid:rule_id>/test/", alerts.AlertTest.as_view(), name="api_alert_test"),
    path("alerts/<uuid:rule_id>/incidents/", alerts.AlertIncidents.as_view(), name="api_alert_incidents"),
    path("analytics/record-store/", RecordStoreView.as_view(), name="api_record_store"),
    path("analytics/record-store/push/", RecordStorePushView.as_view(), name="api_record_store_push"),
]
