"""What has been watched: by oneself, and for makers by everybody."""

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from media_library.models import WatchRecord
from media_library.services.resetting import reset_watching


class WatchedSerializer(serializers.ModelSerializer):
    """`percent` 0–100, the highest; `position` in seconds. `watch_seconds` is the time of all visits."""

    title = serializers.CharField(source="media.title", read_only=True)
    watch_seconds = serializers.IntegerField(read_only=True, help_text="Really played, in all visits together.")
    completed = serializers.SerializerMethodField()
    last_watched_at = serializers.DateTimeField(source="updated_at", read_only=True)

    class Meta:
        model = WatchRecord
        fields = [
            "id", "media", "title", "watch_seconds", "watched_seconds", "percent", "completed", "completed_at",
            "rounds", "position", "last_watched_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_completed(self, record: WatchRecord) -> bool:
        return record.completed_at is not None


class WatchedByLearnerSerializer(WatchedSerializer):
    email = serializers.CharField(source="user.email", read_only=True)

    class Meta(WatchedSerializer.Meta):
        fields = ["user", "email", *WatchedSerializer.Meta.fields]
        read_only_fields = fields


class WatchedFilter(django_filters.FilterSet):
    user = django_filters.UUIDFilter(field_name="user_id")
    media = django_filters.UUIDFilter(field_name="media_id")

    class Meta:
        model = WatchRecord
        fields: list[str] = []


class WatchHistoryView(OrganizationView):
    """What this person has watched, the last first."""

    area = Area.LEARNING
    serializer_class = WatchedSerializer
    filterset_class = None

    def get_queryset(self) -> QuerySet[WatchRecord]:
        mine: QuerySet[WatchRecord] = WatchRecord.objects.of(self.request.user).with_watch_time().latest_first()
        return mine.select_related("media")

    @extend_schema(operation_id="watch_history", responses=WatchedSerializer(many=True))
    def get(self, request: Request, organization: str) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class WatchRecordsView(OrganizationView):
    """For makers: who has watched how much of what, the last first."""

    area = Area.LEARNING
    reads = "content.view"
    serializer_class = WatchedByLearnerSerializer
    filterset_class = WatchedFilter

    def get_queryset(self) -> QuerySet[WatchRecord]:
        found: QuerySet[WatchRecord] = WatchRecord.objects.with_watch_time().latest_first()
        return found.select_related("media", "user")

    @extend_schema(operation_id="watch_records", responses=WatchedByLearnerSerializer(many=True))
    def get(self, request: Request, organization: str) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class WatchRecordResetView(OrganizationView):
    area = Area.LEARNING
    reads = "content.view"
    serializer_class = WatchedByLearnerSerializer

    @extend_schema(operation_id="watch_record_reset", request=None, responses=WatchedByLearnerSerializer)
    def post(self, request: Request, organization: str, record_id: UUID) -> Response:
        """Forget what a learner has seen of one media item; items that it completed stay completed."""
        record: Any = get_object_or_404(WatchRecord, pk=record_id)
        reset_watching(record, by=request.user)
        found = WatchRecord.objects.with_watch_time().select_related("media", "user").get(pk=record_id)
        return Response(self.get_serializer(found).data)
