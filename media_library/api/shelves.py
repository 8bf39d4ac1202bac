"""Categories and tags, for integrators."""

from typing import Any

from django.db.models import Count, QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.generics import ListCreateAPIView
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from media_library.models import Category, Tag
from media_library.services.shelving import delete_category, delete_tag, save_category, save_tag

KEPT = {204: OpenApiResponse(description="It is gone; its media stay.")}


class CategorySerializer(serializers.ModelSerializer):
    """`slug` is made of the first name; `media_count` without what stands in categories inside."""

    parent: Any = serializers.PrimaryKeyRelatedField(queryset=Category.objects.all(), required=False, allow_null=True)
    media_count = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = Category
        fields = ["id", "name", "slug", "parent", "media_count"]
        read_only_fields = ["slug"]


class TagSerializer(serializers.ModelSerializer):
    """`slug` is made of the first name."""

    media_count = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = Tag
        fields = ["id", "name", "slug", "media_count"]
        read_only_fields = ["slug"]


class ShelfView(OrganizationView):
    """For those who make content; learners meet tags where they watch."""

    reads = "content.view"
    counted: str

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset().annotate(media_count=Count(self.counted))
        return rows.order_by("name", "pk")

    def save(self, row: Any) -> Any:
        raise NotImplementedError


class ShelfList(ShelfView, ListCreateAPIView):
    def perform_create(self, serializer: Any) -> None:
        serializer.instance = self.save(serializer.Meta.model(**serializer.validated_data))


class ShelfDetail(ShelfView, RetrieveModelMixin):
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.retrieve(request, *args, **kwargs)

    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        form = self.get_serializer(row, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        for name, value in form.validated_data.items():
            setattr(row, name, value)
        return Response(self.get_serializer(self.save(row)).data)

    def remove(self, row: Any) -> None:
        raise NotImplementedError

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.remove(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)


class CategoryView(ShelfView):
    serializer_class = CategorySerializer
    queryset = Category.objects.all()
    lookup_url_kwarg = "category_id"
    counted = "media_categories"

    def save(self, row: Category) -> Category:
        return save_category(row, by=self.request.user)


class TagView(ShelfView):
    serializer_class = TagSerializer
    queryset = Tag.objects.all()
    lookup_url_kwarg = "tag_id"
    counted = "media_tags"

    def save(self, row: Tag) -> Tag:
        return save_tag(row, by=self.request.user)


@extend_schema_view(get=extend_schema(operation_id="category_list"), post=extend_schema(operation_id="category_create"))
class CategoryList(CategoryView, ShelfList):
    """Categories stand inside each other: `parent` is the one around, null for those outside of all."""

    area = Area.MEDIA


@extend_schema_view(
    get=extend_schema(operation_id="category_retrieve"),
    patch=extend_schema(operation_id="category_update"),
    delete=extend_schema(operation_id="category_delete", responses=KEPT),
)
class CategoryDetail(CategoryView, ShelfDetail):
    """Deleting one moves the categories inside of it up to where it was."""

    area = Area.MEDIA

    def remove(self, row: Category) -> None:
        delete_category(row, by=self.request.user)


@extend_schema_view(get=extend_schema(operation_id="tag_list"), post=extend_schema(operation_id="tag_create"))
class TagList(TagView, ShelfList):
    """Tags are also made by naming them in a change of media."""

    area = Area.MEDIA


@extend_schema_view(
    get=extend_schema(operation_id="tag_retrieve"),
    patch=extend_schema(operation_id="tag_update"),
    delete=extend_schema(operation_id="tag_delete", responses=KEPT),
)
class TagDetail(TagView, ShelfDetail):
    """Deleting one keeps the media that has it."""

    area = Area.MEDIA

    def remove(self, row: Tag) -> None:
        delete_tag(row, by=self.request.user)
