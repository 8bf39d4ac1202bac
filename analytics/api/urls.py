"""Addresses below `/api/v1/<organization>/`."""

from django.urls import path

from analytics.api import webhooks
from analytics.api.views import MediaReportView

urlpatterns = [
    path("analytics/media/<uuid:media_id>/", MediaReportView.as_view(), name="api_media_report"),
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
]
