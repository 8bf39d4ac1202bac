"""Resources, for makers."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from core.parsers import JsonParser
from courses.models import Resource
from courses.services.resources import delete_resource, save_resource


class ResourceSerializer(serializers.ModelSerializer):
    """A file or a link, with how often learners took it."""

    class Meta:
        model = Resource
        fields = ["id", "title", "link", "filename", "size_bytes", "content_type", "opened"]
        read_only_fields = fields


class ResourceEntrySerializer(serializers.Serializer):
    """A new file or link takes the place of what it was."""

    title = serializers.CharField(max_length=200, required=False, help_text="Without it the name of file or link.")
    link = serializers.CharField(max_length=2000, required=False, help_text="http or https.")
    file = serializers.FileField(allow_empty_file=True, required=False, help_text="Instead of a link.")


class ResourceView(OrganizationView):
    reads = "content.view"
    serializer_class = ResourceSerializer
    parser_classes = (JsonParser, MultiPartParser, FormParser)
    queryset = Resource.objects.order_by("title", "pk")
    lookup_url_kwarg = "resource_id"

    def get_queryset(self) -> QuerySet:
        return Resource.objects.order_by("title", "pk")

    def write(self, resource: Resource) -> Resource:
        form = ResourceEntrySerializer(data=self.request.data)
        form.is_valid(raise_exception=True)
        sent = form.validated_data
        resource.title = sent.get("title", resource.title)
        return save_resource(resource, file=sent.get("file"), link=sent.get("link", ""))


class ResourceList(ResourceView):
    area = Area.COURSES

    @extend_schema(operation_id="resource_list", responses=ResourceSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        found = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(ResourceSerializer(found, many=True).data)

    @extend_schema(operation_id="resource_add", request=ResourceEntrySerializer, responses={201: ResourceSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """As JSON with a link, or as a form with a file."""
        return Response(ResourceSerializer(self.write(Resource())).data, status=status.HTTP_201_CREATED)


class ResourceDetail(ResourceView):
    area = Area.COURSES

    @extend_schema(operation_id="resource_retrieve", responses=ResourceSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(ResourceSerializer(self.get_object()).data)

    @extend_schema(operation_id="resource_update", request=ResourceEntrySerializer, responses=ResourceSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        return Response(ResourceSerializer(self.write(self.get_object())).data)

    @extend_schema(operation_id="resource_delete", responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """409 while an item holds it."""
        delete_resource(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)
