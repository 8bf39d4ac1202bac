"""How often apps downloaded the lessons of a course; who follows it: `feeds/listeners/?context_id=`."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from courses.feeds.downloads import downloads_of, total_of
from courses.models import Course


class LessonDownloadsSerializer(serializers.Serializer[Any]):
    lesson = serializers.UUIDField()
    title = serializers.CharField()
    total = serializers.IntegerField(source="tally.total")
    private = serializers.IntegerField(source="tally.private", help_text="By private addresses.")


class CourseDownloadsSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    private = serializers.IntegerField(help_text="By private addresses.")
    lessons = LessonDownloadsSerializer(many=True)


class CourseDownloads(OrganizationView):
    """One listener, day and lesson is one download, once a minute of sound was sent. Not what was heard."""

    area = Area.LEARNING
    reads = "content.view"
    serializer_class = CourseDownloadsSerializer

    @extend_schema(
        operation_id="course_downloads", responses=CourseDownloadsSerializer,
        parameters=[OpenApiParameter("since", OpenApiTypes.DATE, description="From that day (of UTC) on.")],
    )  # fmt: skip
    def get(self, request: Request, course_id: UUID, **kwargs: Any) -> Response:
        course: Any = get_object_or_404(Course, pk=course_id)
        since = serializers.DateField(allow_null=True).run_validation(request.query_params.get("since"))
        lessons = downloads_of(course.pk, since=since)
        told = CourseDownloadsSerializer({**vars(total_of(lessons)), "lessons": lessons})
        return Response(told.data)
