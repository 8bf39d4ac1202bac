"""Collections and the courses in them."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.generics import ListCreateAPIView
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from core.fields import LARGEST_INTEGER
from courses.access import is_maker
from courses.api.serializers import position_of
from courses.catalog.collecting import read_shelves
from courses.models import CollectedCourse, Collection, Course
from courses.services.collections import delete_collection, put_courses, save_collection

MOST_COURSES = 500
KEPT = {204: OpenApiResponse(description="It is gone; its courses stay, and what was inside of it moves up.")}


class CollectionSerializer(serializers.ModelSerializer):
    """`courses` are the keys of those that whoever asks sees, in order; they change by `courses/`."""

    parent: Any = serializers.PrimaryKeyRelatedField(queryset=Collection.objects.all(), required=False, allow_null=True)
    slug = serializers.SlugField(max_length=80, required=False)
    position = serializers.IntegerField(
        min_value=1, max_value=LARGEST_INTEGER, required=False, help_text="Among its siblings; from 1."
    )
    courses = serializers.SerializerMethodField()

    class Meta:
        model = Collection
        fields = ["id", "title", "slug", "description", "parent", "position", "courses"]

    def get_courses(self, collection: Any) -> list[str]:
        return [str(entry.course_id) for entry in collection.seen_entries]


class CollectedCoursesSerializer(serializers.Serializer):
    """All of them, in order."""

    courses = serializers.ListField(child=serializers.UUIDField(), max_length=MOST_COURSES)


class CollectionView(OrganizationView):
    """Makers see all, others those with a course that they see."""

    serializer_class: Any = CollectionSerializer
    queryset = Collection.objects.all()
    lookup_url_kwarg = "collection_id"

    def get_queryset(self) -> QuerySet:
        courses = Course.objects.visible_to(self.request.user, self.member_organization)
        found: QuerySet = Collection.objects.order_by("position", "title", "pk")
        if not is_maker(self.request.user, self.member_organization):
            shelves = read_shelves(courses).by_key
            found = found.filter(pk__in=[key for key, shelf in shelves.items() if shelf.courses])
        entries = CollectedCourse.objects.filter(course__in=courses.values("pk")).order_by("position", "pk")
        return found.prefetch_related(Prefetch("entries", entries, to_attr="seen_entries"))

    def answer(self, collection: Collection) -> Response:
        """As it stands now."""
        return Response(self.get_serializer(self.get_queryset().get(pk=collection.pk)).data)


@extend_schema_view(
    get=extend_schema(operation_id="collection_list"), post=extend_schema(operation_id="collection_create")
)
class CollectionList(CollectionView, ListCreateAPIView):
    """Collections stand inside each other: `parent` is the one around, null for those at the top."""

    area = Area.COURSES

    def perform_create(self, serializer: Any) -> None:
        values = serializer.validated_data
        position = position_of(values)
        made = save_collection(Collection(**values), by=self.request.user, position=position)
        serializer.instance = self.get_queryset().get(pk=made.pk)


@extend_schema_view(
    get=extend_schema(operation_id="collection_retrieve"),
    patch=extend_schema(operation_id="collection_update"),
    delete=extend_schema(operation_id="collection_delete", responses=KEPT),
)
class CollectionDetail(CollectionView, RetrieveModelMixin):
    area = Area.COURSES

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.retrieve(request, *args, **kwargs)

    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        collection = self.get_object()
        form = self.get_serializer(collection, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        values = form.validated_data
        position = position_of(values)
        for name, value in values.items():
            setattr(collection, name, value)
        return self.answer(save_collection(collection, by=request.user, position=position))

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        delete_collection(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class CollectedCourses(CollectionView):
    area = Area.COURSES

    @extend_schema(
        operation_id="collection_courses", request=CollectedCoursesSerializer, responses=CollectionSerializer
    )
    def put(self, request: Request, **kwargs: Any) -> Response:
        """Let these courses and no others stand in it, in this order."""
        collection = self.get_object()
        form = CollectedCoursesSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        put_courses(collection, form.validated_data["courses"], by=request.user)
        return self.answer(collection)
