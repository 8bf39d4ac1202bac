"""The integrator's door to the library."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from accounts.permissions import can
from accounts.services.locking import lock_organization
from core.api import says_yes
from core.parsers import JsonParser
from media_library.api.filters import MediaFilter
from media_library.api.import_serializers import AddressSerializer
from media_library.api.serializers import (
    MediaDetailSerializer,
    MediaEditSerializer,
    MediaSerializer,
)
from media_library.batches.batches import put_in_batch
from media_library.models import Media, Publication, UploadBatch
from media_library.querysets import MediaQuerySet
from media_library.services.bringing import bring_file
from media_library.services.chapters import save_chapters
from media_library.services.editing import edit_media, move_to
from media_library.services.import_media import add_media
from media_library.services.publishing import archive_media, lock_work_on, restore_media
from media_library.services.purging import purge_media
from media_library.services.retrying import retry_media
from media_library.usage import uses_of

PURGE = OpenApiParameter("purge", bool, description="Remove it for good instead of archiving it.")
GONE = OpenApiResponse(description="It is archived, or gone for good.")


class MediaView(OrganizationView):
    """Makers see all media, other members what they may watch; archived media only by asking for it."""

    #: Whether what is open to the ear alone is found too: where its sound and its words are asked for.
    finds_sounds = False
    serializer_class = MediaSerializer
    lookup_url_kwarg = "media_id"
    queryset = Media.objects.none()  # for the schema

    def get_queryset(self) -> MediaQuerySet:
        media, who = Media.objects.all(), (self.request.user, self.member_organization)
        return media.visible_to(*who) if self.finds_sounds else media.watchable_by(*who)

    def answer(self, media: Media, **options: Any) -> Response:
        return Response(MediaDetailSerializer(media, context=self.context_for([media])).data, **options)

    def context_for(self, media: Iterable[Media]) -> dict[str, Any]:
        """Where they are used is for those who make content: others may not know of each course."""
        uses = uses_of([one.pk for one in media]) if self.is_maker else {}
        return {**self.get_serializer_context(), "uses": uses, "is_maker": self.is_maker}

    @property
    def is_maker(self) -> bool:
        return can(self.request.user, "content.view", self.member_organization)


class MediaListView(MediaView):
    area = Area.MEDIA
    filterset_class = MediaFilter

    def get_queryset(self) -> MediaQuerySet:
        media = super().get_queryset().defer("source_metadata").with_shelves()
        return media if self.request.query_params.get("publication") else media.present()

    @extend_schema(operation_id="media_list", responses=MediaSerializer(many=True))
    def get(self, request: Request, organization: str) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        answer = MediaSerializer(page, many=True, context=self.context_for(page or []))
        return self.get_paginated_response(answer.data)

    @extend_schema(
        operation_id="media_add",
        request=AddressSerializer,
        responses={201: MediaDetailSerializer, 200: OpenApiResponse(MediaDetailSerializer, "It was here already.")},
    )
    def post(self, request: Request, organization: str) -> Response:
        """Bring in one video by its address: pending at once, described and transcribed in jobs."""
        form = AddressSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        facts = dict(form.validated_data)
        key = facts.pop("batch", None)
        batch = get_object_or_404(UploadBatch, pk=key) if key else None
        media, is_new = add_media(facts, batch=batch, by=request.user)
        return self.answer(media, status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)


class MediaDetailView(MediaView):
    area = Area.MEDIA

    @extend_schema(operation_id="media_retrieve", responses=MediaDetailSerializer)
    def get(self, request: Request, organization: str, media_id: Any) -> Response:
        return self.answer(self.get_object())

    @extend_schema(operation_id="media_update", request=MediaEditSerializer, responses=MediaDetailSerializer)
    def patch(self, request: Request, organization: str, media_id: Any) -> Response:
        """Change words, categories, tags, credits, chapters or publication; all of it or nothing."""
        media = self.get_object()
        form = MediaEditSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        changes = dict(form.validated_data)
        publication, chapters = changes.pop("publication", None), changes.pop("chapters", None)
        with transaction.atomic():
            if publication == Publication.ARCHIVED:
                lock_work_on(media)  # before a batch, as everywhere
            if "batch" in changes:
                lock_organization(self.member_organization.pk)  # before a batch; new tags would want it later
                self._put_in(media, changes.pop("batch"))
            edit_media(media, **changes, by=request.user)
            if chapters is not None:
                save_chapters(media, chapters, by=request.user)
            if publication:
                move_to(media, publication, by=request.user)
        return self.answer(media)

    def _put_in(self, media: Media, batch_id: UUID | None) -> None:
        """Raises Http404."""
        batch = get_object_or_404(UploadBatch, pk=batch_id) if batch_id else None
        put_in_batch([media.pk], batch, by=self.request.user)
        media.batch = batch

    @extend_schema(operation_id="media_archive", parameters=[PURGE], responses={204: GONE})
    def delete(self, request: Request, organization: str, media_id: Any) -> Response:
        """Archive it; with `?purge=true` remove it for good, files included. 409 while a course shows it."""
        media, purges = self.get_object(), says_yes(request, "purge")
        with transaction.atomic():
            archive_media(media, by=request.user)
            if purges:
                purge_media(media, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MediaRestoreView(MediaView):
    area = Area.MEDIA
    parser_classes = (JsonParser, FormParser)

    @extend_schema(operation_id="media_restore", request=None, responses=MediaDetailSerializer)
    def post(self, request: Request, organization: str, media_id: Any) -> Response:
        """Archived media is a draft again; 409 where the same content was uploaded again meanwhile."""
        media = self.get_object()
        restore_media(media, by=request.user)
        return self.answer(media)


class MediaPurgeView(MediaView):
    area = Area.MEDIA
    parser_classes = (JsonParser, FormParser)

    @extend_schema(operation_id="media_purge", request=None, responses={204: GONE})
    def post(self, request: Request, organization: str, media_id: Any) -> Response:
        """Remove archived media for good, files included; 409 while it is not archived or is used."""
        purge_media(self.get_object(), by=request.user)
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


class MediaBringView(MediaView):
    area = Area.MEDIA
    parser_classes = (JsonParser, FormParser)

    @extend_schema(operation_id="media_bring", request=None, responses={202: MediaDetailSerializer})
    def post(self, request: Request, organization: str, media_id: Any) -> Response:
        """Have its file fetched from its host; it becomes an upload. 409 where its host offers none."""
        media = self.get_object()
        bring_file(media, by=request.user)
        return self.answer(media, status=status.HTTP_202_ACCEPTED)
