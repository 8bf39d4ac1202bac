"""Who learns in a course and how far they are, item by item."""

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from accounts.permissions import can
from courses.api.courses import CourseView
from courses.models import ContentItem, Enrollment
from courses.progress.item_standings import item_standings
from courses.reports import learners_of, standings_in
from courses.services.progress import excuse, take_back_excuse


class LearnerStandingSerializer(serializers.Serializer):
    enrollment = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.CharField()
    active = serializers.BooleanField()
    source = serializers.CharField()  # type: ignore[assignment]
    started_at = serializers.DateTimeField()
    last_accessed_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)
    completed = serializers.IntegerField()
    total = serializers.IntegerField()
    percentage = serializers.IntegerField(allow_null=True, help_text="0–100; null where nothing counts.")
    completed_at = serializers.DateTimeField(allow_null=True)
    certificate = serializers.CharField(help_text="Its number; empty without a valid one.")


class ItemStandingSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    title = serializers.CharField()
    type = serializers.CharField()
    chapter = serializers.CharField()
    counts = serializers.BooleanField()
    state = serializers.ChoiceField(choices=["open", "completed", "excused"])
    reason = serializers.CharField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    percent = serializers.FloatField(allow_null=True, help_text="Watched or earned, 0–100.")
    unmet = serializers.CharField(help_text="What is still to be done, in words; empty where it is settled.")


class CourseLearners(CourseView):
    """For makers: everybody who takes or took the course, the latest first."""

    area = Area.LEARNING
    reads = "content.view"
    serializer_class = LearnerStandingSerializer
    filterset_class = None

    @extend_schema(responses=LearnerStandingSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        page = self.paginate_queryset(learners_of(self.get_object()))
        found = [asdict(one) for one in standings_in(page or [])]
        return self.get_paginated_response(self.get_serializer(found, many=True).data)


class EnrollmentView(OrganizationView):
    """One's own enrollment; for makers everybody's."""

    area = Area.LEARNING
    serializer_class: Any = ItemStandingSerializer
    queryset = Enrollment.objects.none()  # for the schema
    lookup_url_kwarg = "enrollment_id"

    def get_queryset(self) -> QuerySet[Enrollment]:
        enrollments: QuerySet[Enrollment] = Enrollment.objects.all()
        sees_all = can(self.request.user, "content.view", self.member_organization)
        return enrollments if sees_all else enrollments.filter(user=self.request.user.pk)


class ItemStandings(EnrollmentView):
    """Each published item of the course, in order, with what is still unmet."""

    area = Area.LEARNING

    @extend_schema(responses=ItemStandingSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        found = [asdict(one) for one in item_standings(self.get_object())]
        return Response(self.get_serializer(found, many=True).data)


class ItemExcuse(EnrollmentView):
    """PUT excuses the learner from an item, DELETE takes that back; twice changes nothing."""

    area = Area.LEARNING
    writes = "content.edit"
    serializer_class = None

    @extend_schema(request=None, responses={204: OpenApiResponse(description="Excused.")})
    def put(self, request: Request, **kwargs: Any) -> Response:
        excuse(self._item(), enrollment=self.get_object(), by=request.user)
        return Response(status=204)

    @extend_schema(responses={204: OpenApiResponse(description="It counts again.")})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        take_back_excuse(self._item(), enrollment=self.get_object(), by=request.user)
        return Response(status=204)

    def _item(self) -> ContentItem:
        item: ContentItem = get_object_or_404(ContentItem.objects.select_related("chapter"), pk=self.kwargs["item_id"])
        if item.chapter.course_id != self.get_object().course_id:
            raise Http404
        return item
