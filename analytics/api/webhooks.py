"""Webhooks and the log of what they were sent, for owners."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.generics import ListAPIView, ListCreateAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from analytics.api.webhook_serializers import (
    DeliverySerializer,
    NewWebhookSerializer,
    ReplaceSecretSerializer,
    ResendSerializer,
    ResentSerializer,
    WebhookKindSerializer,
    WebhookSecretSerializer,
    WebhookSerializer,
    WhichDeliveriesSerializer,
)
from analytics.models import Delivery, WebhookEndpoint
from analytics.services.deliveries import resend, resend_missed
from analytics.services.webhooks import change_endpoint, delete_endpoint, make_endpoint, replace_secret, send_test
from analytics.webhooks.kinds import KINDS

GONE = {204: OpenApiResponse(description="It is gone with its log.")}


class WebhookView(OrganizationView):
    reads = writes = "webhooks.manage"
    serializer_class: Any = WebhookSerializer
    queryset = WebhookEndpoint.objects.none()  # for the schema
    lookup_url_kwarg = "endpoint_id"

    def get_queryset(self) -> QuerySet[WebhookEndpoint]:
        found: QuerySet[WebhookEndpoint] = WebhookEndpoint.objects.order_by("name", "id")
        return found


class WebhookKinds(OrganizationView):
    area = Area.WEBHOOKS
    reads = "webhooks.manage"
    pagination_class = None
    queryset = WebhookEndpoint.objects.none()  # for the schema
    serializer_class = WebhookKindSerializer

    @extend_schema(
        operation_id="webhook_kinds", responses={(200, "application/json"): WebhookKindSerializer(many=True)}
    )
    def get(self, request: Request, organization: str) -> Response:
        """What an endpoint may be told, and the shape of it."""
        return Response(WebhookKindSerializer([kind.as_shown() for kind in KINDS.values()], many=True).data)


@extend_schema_view(get=extend_schema(operation_id="webhook_list"))
class WebhookList(WebhookView, ListCreateAPIView):
    area = Area.WEBHOOKS

    @extend_schema(operation_id="webhook_create", responses={201: NewWebhookSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make one; the answer holds its secret, which is shown once."""
        form = WebhookSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        is_on = form.validated_data.pop("is_on", True)
        made, secret = make_endpoint(by=request.user, **form.validated_data)
        endpoint = change_endpoint(made, by=request.user, is_on=is_on)
        answer = {**WebhookSerializer(endpoint).data, "secret": secret}
        return Response(answer, status=status.HTTP_201_CREATED)


class WebhookDetail(WebhookView, RetrieveAPIView):
    area = Area.WEBHOOKS

    @extend_schema(operation_id="webhook_update", request=WebhookSerializer(partial=True), responses=WebhookSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        """Change it, or switch it with `is_on`; switched on again, it counts as if it had never failed."""
        endpoint = self.get_object()
        form = WebhookSerializer(endpoint, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        return Response(WebhookSerializer(change_endpoint(endpoint, by=request.user, **form.validated_data)).data)

    @extend_schema(operation_id="webhook_delete", responses=GONE)
    def delete(self, request: Request, **kwargs: Any) -> Response:
        delete_endpoint(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class WebhookSecret(WebhookView):
    area = Area.WEBHOOKS

    @extend_schema(
        operation_id="webhook_secret", request=ReplaceSecretSerializer, responses={200: WebhookSecretSerializer}
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Replace its secret. For a day both sign, so that no message is lost while the receiver changes."""
        form = ReplaceSecretSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        endpoint = self.get_object()
        secret = replace_secret(endpoint, by=request.user, **form.validated_data)
        endpoint.refresh_from_db(fields=["old_secret_ends_at"])
        answer = {"secret": secret, "old_secret_ends_at": endpoint.old_secret_ends_at}
        return Response(WebhookSecretSerializer(answer).data)


class WebhookTest(WebhookView):
    area = Area.WEBHOOKS

    @extend_schema(operation_id="webhook_test", request=None, responses={202: DeliverySerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Send it a `ping`, once, also while it is off; the delivery tells what became of it."""
        delivery = send_test(self.get_object(), by=request.user)
        return Response(DeliverySerializer(delivery).data, status=status.HTTP_202_ACCEPTED)


class WebhookResend(WebhookView):
    area = Area.WEBHOOKS

    @extend_schema(operation_id="webhook_resend", request=ResendSerializer, responses={202: ResentSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Send what it has not taken: what failed, and what was kept while it was off."""
        form = ResendSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        missed = Delivery.objects.filter(endpoint=self.get_object())
        if since := form.validated_data.get("since"):
            missed = missed.filter(occurred_at__gte=since)
        answer = {"sent_again": resend_missed(missed, by=request.user)}
        return Response(ResentSerializer(answer).data, status=status.HTTP_202_ACCEPTED)


class DeliveryView(OrganizationView):
    reads = writes = "webhooks.manage"
    serializer_class: Any = DeliverySerializer
    queryset = Delivery.objects.none()  # for the schema
    lookup_url_kwarg = "delivery_id"

    def get_queryset(self) -> QuerySet[Delivery]:
        found: QuerySet[Delivery] = Delivery.objects.order_by("-id")
        return found


class DeliveryList(DeliveryView, ListAPIView):
    area = Area.WEBHOOKS

    @extend_schema(operation_id="webhook_deliveries", parameters=[WhichDeliveriesSerializer])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What was told, the latest first; of one endpoint, in one state, of one kind."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Delivery]:
        which = WhichDeliveriesSerializer(data=self.request.query_params)
        which.is_valid(raise_exception=True)
        return super().get_queryset().filter(**which.validated_data)


@extend_schema_view(get=extend_schema(operation_id="webhook_delivery"))
class DeliveryDetail(DeliveryView, RetrieveAPIView):
    area = Area.WEBHOOKS


class DeliveryResend(DeliveryView):
    area = Area.WEBHOOKS

    @extend_schema(operation_id="webhook_delivery_resend", request=None, responses={202: DeliverySerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Send the same message again, also one that was taken; 409 while its endpoint is off."""
        delivery = resend(self.get_object(), by=request.user)
        return Response(DeliverySerializer(delivery).data, status=status.HTTP_202_ACCEPTED)
