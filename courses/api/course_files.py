"""Courses as files, for makers."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from core.api import says_yes
from courses.api.serializers import CourseSerializer
from courses.files.sent import sent_file
from courses.models import Course
from courses.services.exporting import export_course, export_name
from courses.services.importing import import_course

WITH_MEDIA = OpenApiParameter("with_media", bool, description="With the original files of uploaded media.")
DRY_RUN = OpenApiParameter("dry_run", bool, description="Answer what would come, and write nothing.")


class CourseFileSerializer(serializers.Serializer[Any]):
    """A file that `export/` wrote."""

    file = serializers.FileField(allow_empty_file=True)  # the service refuses it in its own words


class ImportedCourseSerializer(serializers.Serializer[Any]):
    """`course` is null of a trial. Media by title: in the library, from its host, from the file, nowhere."""

    course = CourseSerializer(allow_null=True)
    title = serializers.CharField()
    chapters = serializers.IntegerField()
    items = serializers.IntegerField()
    questions = serializers.IntegerField()
    images = serializers.IntegerField()
    files = serializers.IntegerField()
    found = serializers.ListField(child=serializers.CharField())
    brought = serializers.ListField(child=serializers.CharField())
    uploaded = serializers.ListField(child=serializers.CharField())
    missing = serializers.ListField(child=serializers.CharField())


class CourseExport(OrganizationView):
    """The whole course, drafts too; nothing of its learners."""

    area = Area.COURSES
    reads = "content.view"
    serializer_class = CourseFileSerializer
    queryset = Course.objects.none()  # for the schema
    lookup_url_kwarg = "course_id"

    def get_queryset(self) -> QuerySet[Course]:
        found: QuerySet[Course] = Course.objects.all()
        return found

    @extend_schema(
        operation_id="course_export", parameters=[WITH_MEDIA], responses={(200, "application/zip"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, **kwargs: Any) -> FileResponse:
        """A zip; the same course is the same bytes."""
        course, with_media = self.get_object(), says_yes(request, "with_media")
        return sent_file(lambda file: export_course(course, to=file, with_media=with_media), name=export_name(course))


class CourseImport(OrganizationView):
    area = Area.COURSES
    parser_classes = (MultiPartParser,)
    serializer_class = CourseFileSerializer

    @extend_schema(
        operation_id="course_import",
        parameters=[DRY_RUN],
        request={"multipart/form-data": CourseFileSerializer},
        responses={200: ImportedCourseSerializer, 201: ImportedCourseSerializer},
    )
    def post(self, request: Request, organization: str) -> Response:
        """Bring in a course as a draft: all of it or nothing. 200 for a trial."""
        dry_run = says_yes(request, "dry_run")
        form = CourseFileSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        answer = import_course(form.validated_data["file"], by=request.user, dry_run=dry_run)
        code = status.HTTP_200_OK if dry_run else status.HTTP_201_CREATED
        return Response(ImportedCourseSerializer(answer).data, status=code)
