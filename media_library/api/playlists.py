"""Playlists: the library's for makers, one's own for everybody; those that are shared or published to read."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import ListAPIView
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from accounts.permissions import can
from core.errors import Refused
from media_library.api.filters import PlaylistFilter
from media_library.api.playlist_serializers import (
    AddedMediaSerializer,
    MediaOrderSerializer,
    NewPlaylistSerializer,
    PlaylistCoverSerializer,
    PlaylistEntrySerializer,
    PlaylistSerializer,
)
from media_library.models import Playlist, PlaylistEntry
from media_library.playlists.cards import lists_for
from media_library.playlists.totals import totals_of
from media_library.services.playlist_covers import drop_cover, set_cover
from media_library.services.playlists import (
    add_media,
    delete_playlist,
    remove_media,
    reorder_playlist,
    save_playlist,
)
from media_library.views.sending import send_file

KEPT = {204: OpenApiResponse(description="It is gone; its media stay in the library.")}


class PlaylistView(OrganizationView):
    """Everybody changes their own; makers change the library's, too."""

    writes = "course.learn"
    serializer_class: Any = PlaylistSerializer
    queryset = Playlist.objects.all()
    lookup_url_kwarg = "playlist_id"

    def get_queryset(self) -> QuerySet:
        seen = Playlist.objects.visible_to(self.request.user, self.member_organization)
        return seen.select_related("owner").order_by("title", "pk")

    def editable(self) -> Playlist:
        """Raises Http404 for what one does not see, PermissionDenied for what is to be read only."""
        playlist: Playlist = self.get_object()
        if not Playlist.objects.editable_by(self.request.user, self.member_organization).filter(pk=playlist.pk):
            raise PermissionDenied
        return playlist

    def told(self, playlists: Sequence[Playlist], **options: Any) -> Any:
        keys = [playlist.pk for playlist in playlists]
        totals = totals_of(keys, user=self.request.user, organization=self.member_organization)
        context = {**self.get_serializer_context(), "totals": totals}
        return PlaylistSerializer(playlists, many=True, context=context).data

    def entries(self, playlist: Playlist) -> QuerySet:
        rows = PlaylistEntry.objects.filter(playlist=playlist.pk)
        rows = rows.visible_to(self.request.user, self.member_organization).with_watching(self.request.user)
        rows = rows.annotate(percent=F("watched__percent"), completed_at=F("watched__completed_at"))
        in_order: QuerySet = rows.select_related("media").in_order()
        return in_order

    def listed(self, playlist: Playlist) -> Response:
        page = self.paginate_queryset(self.entries(playlist))
        return self.get_paginated_response(PlaylistEntrySerializer(page, many=True).data)


class PlaylistList(PlaylistView, ListAPIView):
    area = Area.MEDIA
    filterset_class = PlaylistFilter

    def get_queryset(self) -> QuerySet:
        return lists_for(self.request.user, self.member_organization)

    @extend_schema(operation_id="playlist_list", responses=PlaylistSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Yours, the library's, those that members share."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.told(page or []))

    @extend_schema(operation_id="playlist_create", request=NewPlaylistSerializer, responses={201: PlaylistSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        form = NewPlaylistSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        facts = dict(form.validated_data)
        owner: Any = request.user if facts.pop("own") else None
        if owner is None and not can(request.user, "content.edit", self.member_organization):
            words = _("The library's playlists are made by its makers. Say `own` for one of yours.")
            raise Refused("library_of_makers", words, fields={"own": [words]}, status=403)
        made = save_playlist(Playlist(owner=owner, **facts), by=request.user)
        made.refresh_from_db()
        return Response(self.told([made])[0], status=status.HTTP_201_CREATED)


@extend_schema_view(
    get=extend_schema(operation_id="playlist_retrieve"),
    patch=extend_schema(operation_id="playlist_update"),
    delete=extend_schema(operation_id="playlist_delete", responses=KEPT),
)
class PlaylistDetail(PlaylistView):
    area = Area.MEDIA

    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(self.told([self.get_object()])[0])

    def patch(self, request: Request, **kwargs: Any) -> Response:
        """The status of your own shares it (`published`) or keeps it yours (`draft`)."""
        playlist = self.editable()
        form = self.get_serializer(playlist, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        for name, value in form.validated_data.items():
            setattr(playlist, name, value)
        save_playlist(playlist, by=request.user, written=form.validated_data)
        return Response(self.told([self.get_object()])[0])

    def delete(self, request: Request, **kwargs: Any) -> Response:
        delete_playlist(self.editable(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PlaylistCover(PlaylistView):
    """The picture that was chosen for it."""

    area = Area.MEDIA
    parser_classes = (MultiPartParser, FormParser)

    @extend_schema(operation_id="playlist_cover", responses={(200, "image/jpeg"): bytes})
    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        path = self.get_object().cover_path
        if not path:
            raise Http404
        return send_file(request, path, content_type="image/jpeg")

    @extend_schema(
        operation_id="playlist_cover_upload",
        request={"multipart/form-data": PlaylistCoverSerializer},
        responses=PlaylistSerializer,
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Kept as a JPEG of 1280 × 720."""
        playlist = self.editable()
        form = PlaylistCoverSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        set_cover(playlist, form.validated_data["file"], field="file")
        return Response(self.told([playlist])[0])

    @extend_schema(
        operation_id="playlist_cover_delete",
        responses={204: OpenApiResponse(description="The first picture of what stands in it is shown again.")},
    )
    def delete(self, request: Request, **kwargs: Any) -> Response:
        drop_cover(self.editable())
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
        """Add media that you may watch; what stands in the list already stays where it is."""
        playlist = self.editable()
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
        playlist = self.editable()
        form = MediaOrderSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        reorder_playlist(playlist, form.validated_data["media"], by=request.user)
        return self.listed(playlist)


class PlaylistEntryDetail(PlaylistView):
    area = Area.MEDIA

    @extend_schema(operation_id="playlist_remove", responses=KEPT)
    def delete(self, request: Request, media_id: UUID, **kwargs: Any) -> Response:
        remove_media(self.editable(), media_id, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
