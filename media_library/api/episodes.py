"""Episodes of a show, for makers."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models.token import Area
from core.errors import Refused
from core.parsers import JsonParser
from media_library.api.filters import EpisodeFilter
from media_library.api.podcast_serializers import (
    ArtworkSerializer,
    EpisodeDetailSerializer,
    EpisodeEditSerializer,
    EpisodeSerializer,
    PeopleSerializer,
    PersonSerializer,
    PublicationSerializer,
)
from media_library.api.podcasts import GONE, PodcastView
from media_library.models import Episode, Media, Season
from media_library.podcasts.artwork import remove_artwork, set_artwork
from media_library.podcasts.episodes import (
    delete_episode,
    publish_episode,
    save_episode,
    unpublish_episode,
    warnings_about,
)
from media_library.podcasts.importing.sound import sound_told
from media_library.podcasts.people import people_of, set_people
from media_library.podcasts.states import with_state

ROWS = {"media": Media, "season": Season}


class EpisodeView(PodcastView):
    serializer_class = EpisodeSerializer
    queryset = Episode.objects.none()  # for the schema
    lookup_url_kwarg = "episode_id"

    def get_queryset(self) -> QuerySet:
        episodes = with_state(Episode.objects.filter(podcast=self.show()))
        return episodes.select_related("season", "media", "podcast").order_by("-published_at", "-pk")

    def told(self, episode: Episode, **options: Any) -> Response:
        """It as it is now, with what is unusual about it, and how its sound is."""
        now = self.get_queryset().get(pk=episode.pk)
        now.warnings, now.sound_told = warnings_about(now), sound_told(now)
        return Response(EpisodeDetailSerializer(now).data, **options)


class EpisodeList(EpisodeView):
    area = Area.MEDIA
    filterset_class = EpisodeFilter

    @extend_schema(operation_id="podcast_episode_list", responses=EpisodeSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Drafts first, then the latest."""
        listed = self.filter_queryset(self.get_queryset())
        page = self.paginate_queryset(listed.defer("media__source_metadata", "media__description"))
        return self.get_paginated_response(EpisodeSerializer(page, many=True).data)

    @extend_schema(
        operation_id="podcast_episode_create", request=EpisodeEditSerializer,
        responses={201: EpisodeDetailSerializer},
    )  # fmt: skip
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Media becomes an episode; a video is heard. Its sound is made where there is none: until then it waits."""
        form = EpisodeEditSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        episode = Episode(podcast=self.show(), **_with_rows(form.validated_data))
        return self.told(save_episode(episode, by=request.user), status=status.HTTP_201_CREATED)


class EpisodeDetail(EpisodeView):
    area = Area.MEDIA

    @extend_schema(operation_id="podcast_episode_retrieve", responses=EpisodeDetailSerializer)
    def get(self, request: Request, episode_id: UUID, **kwargs: Any) -> Response:
        return self.told(self.get_object())

    @extend_schema(
        operation_id="podcast_episode_update", request=EpisodeEditSerializer, responses=EpisodeDetailSerializer
    )
    def patch(self, request: Request, episode_id: UUID, **kwargs: Any) -> Response:
        episode = self.get_object()
        form = EpisodeEditSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        for name, value in _with_rows(form.validated_data).items():
            setattr(episode, name, value)
        return self.told(save_episode(episode, by=request.user, written=form.validated_data))

    @extend_schema(operation_id="podcast_episode_delete", responses=GONE)
    def delete(self, request: Request, episode_id: UUID, **kwargs: Any) -> Response:
        delete_episode(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class EpisodePublish(EpisodeView):
    area = Area.MEDIA
    parser_classes = (JsonParser, FormParser)

    @extend_schema(
        operation_id="podcast_episode_publish", request=PublicationSerializer, responses=EpisodeDetailSerializer
    )
    def post(self, request: Request, episode_id: UUID, **kwargs: Any) -> Response:
        """From a moment on, also a future one; what is out already keeps its time unless another one is sent."""
        form = PublicationSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return self.told(publish_episode(self.get_object(), at=form.validated_data["at"], by=request.user))


class EpisodeUnpublish(EpisodeView):
    area = Area.MEDIA
    parser_classes = (JsonParser, FormParser)

    @extend_schema(operation_id="podcast_episode_unpublish", request=None, responses=EpisodeDetailSerializer)
    def post(self, request: Request, episode_id: UUID, **kwargs: Any) -> Response:
        """A draft again."""
        return self.told(unpublish_episode(self.get_object(), by=request.user))


class EpisodeArtwork(EpisodeView):
    area = Area.MEDIA
    parser_classes = (MultiPartParser, FormParser)

    @extend_schema(
        operation_id="podcast_episode_artwork_set", request={"multipart/form-data": ArtworkSerializer},
        responses=EpisodeDetailSerializer,
    )  # fmt: skip
    def put(self, request: Request, episode_id: UUID, **kwargs: Any) -> Response:
        form = ArtworkSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        episode = self.get_object()
        set_artwork(episode, form.validated_data["file"], by=request.user)
        return self.told(episode)

    @extend_schema(operation_id="podcast_episode_artwork_remove", responses=GONE)
    def delete(self, request: Request, episode_id: UUID, **kwargs: Any) -> Response:
        """It is shown with that of its show then."""
        remove_artwork(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class EpisodePeople(EpisodeView):
    area = Area.MEDIA

    @extend_schema(operation_id="podcast_episode_people", responses=PersonSerializer(many=True))
    def get(self, request: Request, episode_id: UUID, **kwargs: Any) -> Response:
        page = self.paginate_queryset(people_of(self.get_object()))
        return self.get_paginated_response(PersonSerializer(page, many=True).data)

    @extend_schema(operation_id="podcast_episode_people_set", request=PeopleSerializer, responses=PeopleSerializer)
    def put(self, request: Request, episode_id: UUID, **kwargs: Any) -> Response:
        """They stand instead of those of the show; nobody: those of the show."""
        form = PeopleSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        people = set_people(self.get_object(), form.validated_data["people"], by=request.user)
        return Response(PeopleSerializer({"people": people}).data)


def _with_rows(told: dict[str, Any]) -> dict[str, Any]:
    """Rows in place of keys. Raises Refused: unknown_media, unknown_season."""
    return {name: _row(name, value) if name in ROWS and value else value for name, value in told.items()}


def _row(name: str, key: UUID) -> Any:
    row = ROWS[name].objects.filter(pk=key).first()
    if row is None:
        words = _("There is no such row here.")
        raise Refused(f"unknown_{name}", words, fields={name: [words]})
    return row
