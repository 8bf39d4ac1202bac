"""Alerts of an organization and what they have told, for its owners."""

import math
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView, ListCreateAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from analytics.models import OF_ORGANIZATIONS, AlertIncident, AlertRule
from analytics.services.alert_notices import send_test
from analytics.services.alert_rules import change_rule, delete_rule, make_rule

MOST_RECIPIENTS = 20
LONGEST_WINDOW, LONGEST_PATIENCE = 10_080, 32_767  # minutes
LARGEST = 1e15

GONE = {204: OpenApiResponse(description="It is gone with all that it has told.")}
TOLD = {202: OpenApiResponse(description="A test is on its way to whoever it tells.")}


class Figure(serializers.FloatField):
    """Finite: “nan” is a number to Python and nothing to JSON."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=LARGEST, **options)

    def to_internal_value(self, data: Any) -> float:
        value: float = super().to_internal_value(data)
        if not math.isfinite(value):
            raise serializers.ValidationError(_("This is no number."))
        return value


class AlertSerializer(serializers.ModelSerializer):
    """Raised at `raise_at`, over at `clear_at` (null: a fifth better), in jobs, percent or US dollars."""

    condition = serializers.ChoiceField(choices=[(one.value, one.label) for one in OF_ORGANIZATIONS])
    raise_at = Figure()
    clear_at = Figure(required=False, allow_null=True)
    window_minutes = serializers.IntegerField(min_value=1, max_value=LONGEST_WINDOW, required=False)
    after_minutes = serializers.IntegerField(min_value=0, max_value=LONGEST_PATIENCE, required=False)
    recipients = serializers.ListField(
        child=serializers.EmailField(max_length=254), max_length=MOST_RECIPIENTS, required=False,
        help_text="Empty: the owners.",
    )  # fmt: skip
    raised_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="Null while all is well.")

    class Meta:
        model = AlertRule
        fields = [
            "id", "condition", "is_active", "raise_at", "clear_at", "window_minutes", "after_minutes", "recipients",
            "webhook_url", "last_value", "checked_at", "raised_at",
        ]  # fmt: skip
        read_only_fields = ["last_value", "checked_at"]


class IncidentSerializer(serializers.ModelSerializer):
    """From when until when; `cleared_at` is null while it lasts."""

    class Meta:
        model = AlertIncident
        fields = ["id", "raised_at", "raised_value", "worst_value", "detail", "cleared_at", "cleared_value"]
        read_only_fields = fields


class AlertView(OrganizationView):
    reads = writes = "organization.edit"
    serializer_class: Any = AlertSerializer
    queryset = AlertRule.objects.none()  # for the schema
    lookup_url_kwarg = "rule_id"

    def get_queryset(self) -> QuerySet[Any]:
        return AlertRule.objects.filter(organization=self.member_organization)


@extend_schema_view(get=extend_schema(operation_id="alert_list"))
class AlertList(AlertView, ListCreateAPIView):
    area = Area.ANALYTICS

    @extend_schema(operation_id="alert_create", responses={201: AlertSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Have a figure of the organization watched."""
        form = AlertSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        rule = make_rule(self.member_organization, by=request.user, values=form.validated_data)
        return Response(AlertSerializer(rule).data, status=status.HTTP_201_CREATED)


@extend_schema_view(get=extend_schema(operation_id="alert_retrieve"))
class AlertDetail(AlertView, RetrieveAPIView):
    area = Area.ANALYTICS

    @extend_schema(operation_id="alert_update", request=AlertSerializer(partial=True), responses=AlertSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        """Change it, or switch it with `is_active`; one that watches another thing forgets what it saw."""
        rule = self.get_object()
        form = AlertSerializer(rule, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        return Response(AlertSerializer(change_rule(rule, by=request.user, values=form.validated_data)).data)

    @extend_schema(operation_id="alert_delete", responses=GONE)
    def delete(self, request: Request, **kwargs: Any) -> Response:
        delete_rule(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class AlertTest(AlertView):
    area = Area.ANALYTICS

    @extend_schema(operation_id="alert_test", request=None, responses=TOLD)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Tell a test, as if it were raised; nothing about it changes."""
        send_test(self.get_object())
        return Response(status=status.HTTP_202_ACCEPTED)


@extend_schema_view(get=extend_schema(operation_id="alert_incidents"))
class AlertIncidents(AlertView, ListAPIView):
    """When it was raised, the latest first."""

    area = Area.ANALYTICS
    serializer_class = IncidentSerializer

    def get_queryset(self) -> QuerySet[Any]:
        rule = get_object_or_404(AlertRule, pk=self.kwargs["rule_id"], organization=self.member_organization)
        return AlertIncident.objects.filter(rule=rule)
