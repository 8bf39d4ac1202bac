"""Addresses below `/api/v1/<organization>/`."""

from django.urls import path

from analytics.api.record_store import RecordStorePushView, RecordStoreView
from analytics.api.views import MediaReportView

urlpatterns = [
    path("analytics/media/<uuid:media_id>/", MediaReportView.as_view(), name="api_media_report"),
    path("analytics/record-store/", RecordStoreView.as_view(), name="api_record_store"),
    path("analytics/record-store/push/", RecordStorePushView.as_view(), name="api_record_store_push"),
]
