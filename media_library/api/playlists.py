"""Playlists, for makers."""

from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.generics import ListCreateAPIView
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from media_library.models import Playlist, PlaylistEntry
from media_library.services.playlists import (
    MOST_ENTRIES,
    add_media,
    delete_playlist,
    remove_media,
    reorder_playlist,
    save_playlist,
)

KEPT = {204: OpenApiResponse(description="It is gone; its media stay in the library.")}


class PlaylistSerializer(serializers.ModelSerializer):
    """`seconds` is the sum of the lengths that are known. What it holds: see `entries/`."""

    media_count = serializers.IntegerField(read_only=True, default=0)
    seconds = serializers.FloatField(read_only=True, allow_null=True, default=None)

    class Meta:
        model = Playlist
        fields = ["id", "title", "description", "type", "status", "created_by", "created_at", "media_count", "seconds"]
        read_only_fields = ["created_by", "created_at"]


class PlaylistEntrySerializer(serializers.ModelSerializer):
    title = serializers.CharField(source="media.title", read_only=True)
    duration = serializers.FloatField(source="media.duration", read_only=True, allow_null=True, help_text="Seconds.")

    class Meta:
        model = PlaylistEntry
        fields = ["media", "title", "duration", "position"]
        read_only_fields = fields


class MediaOrderSerializer(serializers.Serializer):
    media = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST_ENTRIES)


class AddedMediaSerializer(MediaOrderSerializer):
    """One or many, in this order."""

    position = serializers.IntegerField(
        min_value=1, required=False, allow_null=True, help_text="Of the first one, from 1; else at the end."
    )


class PlaylistView(OrganizationView):
    """What makers put together; learners play lists from issue 9 on."""

    reads = "content.view"
    serializer_class: Any = PlaylistSerializer
    queryset = Playlist.objects.all()
    lookup_url_kwarg = "playlist_id"

    def get_queryset(self) -> QuerySet:
        """The library's own lists."""
        counted = Playlist.objects.filter(owner=None).annotate(
            media_count=Count("entries"), seconds=Sum("entries__media__duration")
        )
        return counted.order_by("title", "pk")

    def entries(self, playlist: Playlist) -> QuerySet:
        rows: QuerySet = PlaylistEntry.objects.filter(playlist=playlist).select_related("media")
        return rows.order_by("position", "pk")

    def listed(self, playlist: Playlist) -> Response:
        page = self.paginate_queryset(self.entries(playlist))
        return self.get_paginated_response(PlaylistEntrySerializer(page, many=True).data)


@extend_schema_view(get=extend_schema(operation_id="playlist_list"), post=extend_schema(operation_id="playlist_create"))
class PlaylistList(PlaylistView, ListCreateAPIView):
    area = Area.MEDIA

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = save_playlist(Playlist(**serializer.validated_data), by=self.request.user)


@extend_schema_view(
    get=extend_schema(operation_id="playlist_retrieve"),
    patch=extend_schema(operation_id="playlist_update"),
    delete=extend_schema(operation_id="playlist_delete", responses=KEPT),
)
class PlaylistDetail(PlaylistView, RetrieveModelMixin):
    area = Area.MEDIA

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.retrieve(request, *args, **kwargs)

    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        playlist = self.get_object()
        form = self.get_serializer(playlist, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        for name, value in form.validated_data.items():
            setattr(playlist, name, value)
        return Response(self.get_serializer(save_playlist(playlist, by=request.user)).data)

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        delete_playlist(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PlaylistEntries(PlaylistView):
    area = Area.MEDIA

    @extend_schema(operation_id="playlist_entries", responses=PlaylistEntrySerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """In order."""
        return self.listed(self.get_object())

    @extend_schema(
        operation_id="playlist_add", request=AddedMediaSerializer, responses=PlaylistEntrySerializer(many=True)
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Add media; what stands in the list already stays where it is."""
        playlist = self.get_object()
        form = AddedMediaSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sent = form.validated_data
        add_media(playlist, sent["media"], by=request.user, position=sent.get("position"))
        return self.listed(playlist)


class PlaylistOrder(PlaylistView):
    area = Area.MEDIA

    @extend_schema(
        operation_id="playlist_order", request=MediaOrderSerializer, responses=PlaylistEntrySerializer(many=True)
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Put the list in this order; media that is not named follows in its own."""
        playlist = self.get_object()
        form = MediaOrderSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        reorder_playlist(playlist, form.validated_data["media"], by=request.user)
        return self.listed(playlist)


class PlaylistEntryDetail(PlaylistView):
    area = Area.MEDIA

    @extend_schema(operation_id="playlist_remove", responses=KEPT)
    def delete(self, request: Request, media_id: UUID, **kwargs: Any) -> Response:
        remove_media(self.get_object(), media_id, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
