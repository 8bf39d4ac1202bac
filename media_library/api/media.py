"""The integrator's door to the library."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from core.parsers import JsonParser
from media_library.api.filters import MediaFilter
from media_library.api.serializers import (
    MediaDetailSerializer,
    MediaEditSerializer,
    MediaSerializer,
    MediaUploadSerializer,
)
from media_library.models import Media
from media_library.querysets import MediaQuerySet
from media_library.services.editing import edit_media, move_to
from media_library.services.publishing import archive_media
from media_library.services.retrying import retry_media
from media_library.services.uploads import upload_media


class MediaView(OrganizationView):
    """Makers see all media, other members what they may watch; archived media only by asking for it."""

    serializer_class = MediaSerializer
    lookup_url_kwarg = "media_id"
    queryset = Media.objects.none()  # for the schema

    def get_queryset(self) -> MediaQuerySet:
        return Media.objects.visible_to(self.request.user, self.member_organization)

    def answer(self, media: Media, **options: Any) -> Response:
        return Response(MediaDetailSerializer(media, context=self.get_serializer_context()).data, **options)


class MediaListView(MediaView):
    area = Area.MEDIA
    writes = "media.upload"
    filterset_class = MediaFilter
    parser_classes = (MultiPartParser, FormParser)

    def get_queryset(self) -> MediaQuerySet:
        media = super().get_queryset().defer("source_metadata")
        return media if self.request.query_params.get("publication") else media.present()

    @extend_schema(operation_id="media_list", responses=MediaSerializer(many=True))
    def get(self, request: Request, organization: str) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(operation_id="media_upload", request=MediaUploadSerializer, responses={201: MediaDetailSerializer})
    def post(self, request: Request, organization: str) -> Response:
        """Upload a file; it is processed later: watch its `status`."""
        form = MediaUploadSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        media = upload_media(**form.validated_data, by=request.user)
        return self.answer(media, status=status.HTTP_201_CREATED)


class MediaDetailView(MediaView):
    area = Area.MEDIA

    @extend_schema(operation_id="media_retrieve", responses=MediaDetailSerializer)
    def get(self, request: Request, organization: str, media_id: Any) -> Response:
        return self.answer(self.get_object())

    @extend_schema(operation_id="media_update", request=MediaEditSerializer, responses=MediaDetailSerializer)
    def patch(self, request: Request, organization: str, media_id: Any) -> Response:
        """Change title, description or publication; all of it or nothing."""
        media = self.get_object()
        form = MediaEditSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        changes = dict(form.validated_data)
        publication = changes.pop("publication", None)
        with transaction.atomic():
            edit_media(media, **changes, by=request.user)
            if publication:
                move_to(media, publication, by=request.user)
        return self.answer(media)

    @extend_schema(operation_id="media_archive", responses={204: OpenApiResponse(description="It is archived.")})
    def delete(self, request: Request, organization: str, media_id: Any) -> Response:
        archive_media(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MediaRetryView(MediaView):
    area = Area.MEDIA
    parser_classes = (JsonParser, FormParser)

    @extend_schema(operation_id="media_retry", request=None, responses={202: MediaDetailSerializer})
    def post(self, request: Request, organization: str, media_id: Any) -> Response:
        """Give failed work on it its attempts again; 409 where nothing failed."""
        media = self.get_object()
        retry_media(media, by=request.user)
        return self.answer(media, status=status.HTTP_202_ACCEPTED)
