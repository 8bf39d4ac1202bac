"""`courses/` and what hangs on one course."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListCreateAPIView, RetrieveUpdateDestroyAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from courses.access import is_maker
from courses.api.serializers import CourseSerializer, StructureSerializer
from courses.api.structure import course_tree
from courses.models import Course
from courses.services.authoring import create_course, save_course
from courses.services.publishing import publish_course, unpublish_course
from courses.services.removing import delete_course


class CourseFilter(filters.FilterSet):
    creator = filters.UUIDFilter(field_name="created_by")

    class Meta:
        model = Course
        fields = ["status", "level", "is_published"]


class CourseView(OrganizationView):
    """Makers see drafts, learners what is published, customers what they were let into."""

    serializer_class: Any = CourseSerializer
    filterset_class: Any = CourseFilter
    lookup_url_kwarg = "course_id"
    queryset = Course.objects.all()

    def get_queryset(self) -> QuerySet:
        visible = Course.objects.visible_to(self.request.user, self.member_organization)
        return visible.with_seats_taken().order_by("title", "pk")


class CourseList(CourseView, ListCreateAPIView):
    area = Area.COURSES

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().prefetch_related("instructors")

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = create_course(by=self.request.user, **serializer.validated_data)


class CourseDetail(CourseView, RetrieveUpdateDestroyAPIView):
    area = Area.COURSES

    def perform_update(self, serializer: Any) -> None:
        values = dict(serializer.validated_data)
        instructors = values.pop("instructors", None)
        for field, value in values.items():
            setattr(serializer.instance, field, value)
        serializer.instance = save_course(serializer.instance, instructors=instructors)

    def perform_destroy(self, instance: Course) -> None:
        delete_course(instance)


class CourseStructure(CourseView):
    """The course with all its chapters and items, in a number of statements that does not depend on its size."""

    area = Area.COURSES
    serializer_class = CourseSerializer
    filterset_class = None

    @extend_schema(responses=StructureSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        course = self.get_object()
        maker = is_maker(request.user, self.member_organization)
        tree = course_tree(course, user=request.user, organization=self.member_organization, is_maker=maker)
        return Response({**self.get_serializer(course).data, "chapters": tree})


class CoursePublication(CourseView):
    @extend_schema(request=None, responses=CourseSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        course = self.get_object()
        self.change(course)
        return Response(self.get_serializer(course).data)

    def change(self, course: Course) -> None:
        raise NotImplementedError


class PublishCourse(CoursePublication):
    """Show the course to learners. 409 with a sentence for each thing that is not ready."""

    area = Area.COURSES

    def change(self, course: Course) -> None:
        publish_course(course, by=self.request.user)


class UnpublishCourse(CoursePublication):
    """Take the course out of the catalog."""

    area = Area.COURSES

    def change(self, course: Course) -> None:
        unpublish_course(course, by=self.request.user)
