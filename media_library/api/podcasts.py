"""Shows, for makers: written, published, withdrawn; their artwork, seasons and people."""

from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.generics import ListCreateAPIView, get_object_or_404
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from core.parsers import JsonParser
from media_library.api.podcast_serializers import (
    ArtworkSerializer,
    PeopleSerializer,
    PersonSerializer,
    PodcastSerializer,
    SeasonSerializer,
)
from media_library.models import Podcast, Season
from media_library.podcasts.artwork import remove_artwork, set_artwork
from media_library.podcasts.people import people_of, set_people
from media_library.podcasts.seasons import delete_season, save_season
from media_library.podcasts.shows import delete_podcast, publish_podcast, save_podcast, withdraw_podcast

GONE = {204: OpenApiResponse(description="It is gone; media stay in the library.")}


class PodcastView(OrganizationView):
    """What makers put together; others listen to it."""

    reads = "content.view"
    serializer_class: Any = PodcastSerializer
    queryset = Podcast.objects.all()
    lookup_url_kwarg = "podcast_id"

    def get_queryset(self) -> QuerySet:
        return Podcast.objects.annotate(episode_count=Count("episodes")).order_by("title", "pk")

    def show(self) -> Podcast:
        """The one that the address names."""
        found: Podcast = get_object_or_404(Podcast.objects.all(), pk=self.kwargs["podcast_id"])
        return found

    def answer(self) -> Response:
        """It as it is now."""
        return Response(PodcastSerializer(self.get_object(), context=self.get_serializer_context()).data)


@extend_schema_view(get=extend_schema(operation_id="podcast_list"), post=extend_schema(operation_id="podcast_create"))
class PodcastList(PodcastView, ListCreateAPIView):
    area = Area.MEDIA

    def perform_create(self, serializer: Any) -> None:
        show = Podcast(**serializer.validated_data)
        serializer.instance = save_podcast(show, by=self.request.user)


@extend_schema_view(
    get=extend_schema(operation_id="podcast_retrieve"),
    patch=extend_schema(operation_id="podcast_update"),
    delete=extend_schema(operation_id="podcast_delete", responses=GONE),
)
class PodcastDetail(PodcastView, RetrieveModelMixin):
    area = Area.MEDIA

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.retrieve(request, *args, **kwargs)

    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Its address stays once it was published."""
        show = self.show()
        form = self.get_serializer(show, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        for name, value in form.validated_data.items():
            setattr(show, name, value)
        save_podcast(show, by=request.user, written=form.validated_data)
        return self.answer()

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """409 while it is published: withdraw it first, so that apps are told."""
        delete_podcast(self.show(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PodcastPublish(PodcastView):
    area = Area.MEDIA
    parser_classes = (JsonParser, FormParser)

    @extend_schema(operation_id="podcast_publish", request=None, responses=PodcastSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Refused as `show_incomplete`, with the fields, while something is missing that Apple wants."""
        publish_podcast(self.show(), by=request.user)
        return self.answer()


class PodcastWithdraw(PodcastView):
    area = Area.MEDIA
    parser_classes = (JsonParser, FormParser)

    @extend_schema(operation_id="podcast_withdraw", request=None, responses=PodcastSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Apps are told that it is gone; it may be published again."""
        withdraw_podcast(self.show(), by=request.user)
        return self.answer()


class PodcastArtwork(PodcastView):
    area = Area.MEDIA
    parser_classes = (MultiPartParser, FormParser)

    @extend_schema(
        operation_id="podcast_artwork_set", request={"multipart/form-data": ArtworkSerializer},
        responses=PodcastSerializer,
    )  # fmt: skip
    def put(self, request: Request, **kwargs: Any) -> Response:
        form = ArtworkSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        set_artwork(self.show(), form.validated_data["file"], by=request.user)
        return self.answer()

    @extend_schema(operation_id="podcast_artwork_remove", responses=GONE)
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """409 while the show is published."""
        remove_artwork(self.show(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PodcastPeople(PodcastView):
    area = Area.MEDIA

    @extend_schema(operation_id="podcast_people", responses=PersonSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Those of the show, in order; an episode with people of its own is shown with these instead."""
        page = self.paginate_queryset(people_of(self.show()))
        return self.get_paginated_response(PersonSerializer(page, many=True).data)

    @extend_schema(operation_id="podcast_people_set", request=PeopleSerializer, responses=PeopleSerializer)
    def put(self, request: Request, **kwargs: Any) -> Response:
        form = PeopleSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        people = set_people(self.show(), form.validated_data["people"], by=request.user)
        return Response(PeopleSerializer({"people": people}).data)


class SeasonView(PodcastView):
    serializer_class = SeasonSerializer
    queryset = Season.objects.all()
    lookup_url_kwarg = "season_id"

    def get_queryset(self) -> QuerySet:
        return Season.objects.filter(podcast=self.show()).order_by("number")


@extend_schema_view(
    get=extend_schema(operation_id="podcast_season_list"), post=extend_schema(operation_id="podcast_season_create")
)
class SeasonList(SeasonView, ListCreateAPIView):
    area = Area.MEDIA

    def perform_create(self, serializer: Any) -> None:
        told = {"number": None, **serializer.validated_data}
        season = Season(podcast=self.show(), **told)
        serializer.instance = save_season(season, by=self.request.user)


class SeasonDetail(SeasonView):
    area = Area.MEDIA

    @extend_schema(operation_id="podcast_season_update")
    def patch(self, request: Request, season_id: UUID, **kwargs: Any) -> Response:
        season = self.get_object()
        form = self.get_serializer(season, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        for name, value in form.validated_data.items():
            setattr(season, name, value)
        return Response(self.get_serializer(save_season(season, by=request.user, written=form.validated_data)).data)

    @extend_schema(operation_id="podcast_season_delete", responses=GONE)
    def delete(self, request: Request, season_id: UUID, **kwargs: Any) -> Response:
        """Its episodes stay in the show."""
        delete_season(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
