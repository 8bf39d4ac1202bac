"""Images for texts, for integrators and for the editor of texts."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from core.parsers import JsonParser
from media_library.api.serializers import UseSerializer
from media_library.images import image_address, image_markdown
from media_library.models import LibraryImage
from media_library.services.images import add_image, delete_image, describe_image
from media_library.usage import uses_of_images

GONE = OpenApiResponse(description="It is gone, with its file.")


class LibraryImageSerializer(serializers.ModelSerializer):
    """`url` is its path on this site; `markdown` shows it in a text; width and height in pixels."""

    url = serializers.SerializerMethodField()
    markdown = serializers.SerializerMethodField()
    uses = serializers.SerializerMethodField()

    class Meta:
        model = LibraryImage
        fields = ["id", "alt", "url", "markdown", "width", "height", "size_bytes", "created_at", "uses"]

    def get_url(self, image: LibraryImage) -> str:
        return image_address(image, slug=self.context["slug"])

    def get_markdown(self, image: LibraryImage) -> str:
        return image_markdown(image, slug=self.context["slug"])

    @extend_schema_field(UseSerializer(many=True))
    def get_uses(self, image: LibraryImage) -> Any:
        return UseSerializer(self.context["uses"][image.pk], many=True).data


class ImageUploadSerializer(serializers.Serializer[Any]):
    """JPEG, PNG, WebP or GIF, at most 20 MB; kept as WebP. `alt` says what it shows."""

    file = serializers.FileField(allow_empty_file=True)  # the service refuses it in its own words
    alt = serializers.CharField(required=False, allow_blank=True, default="")


class ImageEditSerializer(serializers.Serializer[Any]):
    alt = serializers.CharField(allow_blank=True)


class ImageView(OrganizationView):
    """For those who make content; learners meet images in texts."""

    reads = "content.view"
    serializer_class = LibraryImageSerializer
    lookup_url_kwarg = "image_id"
    queryset = LibraryImage.objects.none()  # for the schema

    def get_queryset(self) -> QuerySet[LibraryImage]:
        found: QuerySet[LibraryImage] = LibraryImage.objects.all()
        return found

    def told(self, images: Iterable[LibraryImage]) -> Any:
        shown = list(images)
        context = {"slug": self.member_organization.slug, "uses": uses_of_images([one.pk for one in shown])}
        return LibraryImageSerializer(shown, many=True, context=context).data


class ImageListView(ImageView):
    area = Area.MEDIA
    parser_classes = (MultiPartParser, FormParser)

    @extend_schema(operation_id="image_list", responses=LibraryImageSerializer(many=True))
    def get(self, request: Request, organization: str) -> Response:
        """The newest first."""
        return self.get_paginated_response(self.told(self.paginate_queryset(self.get_queryset()) or []))

    @extend_schema(
        operation_id="image_add",
        request={"multipart/form-data": ImageUploadSerializer},
        responses={201: LibraryImageSerializer},
    )
    def post(self, request: Request, organization: str) -> Response:
        """Add a picture; the same one once more answers the image there is."""
        form = ImageUploadSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        image = add_image(form.validated_data["file"], alt=form.validated_data["alt"], by=request.user)
        return Response(self.told([image])[0], status=status.HTTP_201_CREATED)


class ImageDetailView(ImageView):
    area = Area.MEDIA
    parser_classes = (JsonParser, FormParser)

    @extend_schema(operation_id="image_retrieve", responses=LibraryImageSerializer)
    def get(self, request: Request, organization: str, image_id: Any) -> Response:
        return Response(self.told([self.get_object()])[0])

    @extend_schema(operation_id="image_update", request=ImageEditSerializer, responses=LibraryImageSerializer)
    def patch(self, request: Request, organization: str, image_id: Any) -> Response:
        """Change what new texts say of it."""
        form = ImageEditSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        image = describe_image(self.get_object(), alt=form.validated_data["alt"], by=request.user)
        return Response(self.told([image])[0])

    @extend_schema(operation_id="image_delete", responses={204: GONE})
    def delete(self, request: Request, organization: str, image_id: Any) -> Response:
        """409 while a text shows it."""
        delete_image(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
