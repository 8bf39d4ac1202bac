"""Shows that come here from their feeds, and the sound of an episode from an address."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from core.parsers import JsonParser
from media_library.api.episodes import EpisodeView
from media_library.api.podcast_serializers import EpisodeDetailSerializer
from media_library.models import PodcastImport, ShowImportState
from media_library.podcasts.importing.ownership import may_start
from media_library.podcasts.importing.report import sounds_of
from media_library.podcasts.importing.shows import import_show, look_at_show, start_import
from media_library.podcasts.importing.sound import sound_from_url


class ProblemSerializer(serializers.Serializer[Any]):
    """What did not come, and why. `code` is empty in reports from before there were any."""

    about = serializers.CharField()
    code = serializers.CharField(default="")
    message = serializers.CharField()


class SoundsSerializer(serializers.Serializer[Any]):
    """How many of the episodes have a sound at an address, are here with it, and wait for it."""

    total = serializers.IntegerField()
    here = serializers.IntegerField()
    coming = serializers.IntegerField()
    problems = ProblemSerializer(many=True)


class PodcastImportSerializer(serializers.ModelSerializer[PodcastImport]):
    """`code` and `message` say why it was refused."""

    state = serializers.ChoiceField(choices=ShowImportState.choices)
    problems = ProblemSerializer(many=True)

    class Meta:
        model = PodcastImport
        fields = [
            "id", "url", "state", "podcast", "title", "is_locked", "locked_by", "pages", "episodes", "added", "changed",
            "problems", "code", "message", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class PodcastImportDetailSerializer(PodcastImportSerializer):
    """`may_start` is false where its feed is locked and whoever asks has not the address of its owner."""

    sounds = serializers.SerializerMethodField()
    may_start = serializers.SerializerMethodField()

    class Meta(PodcastImportSerializer.Meta):
        fields = [*PodcastImportSerializer.Meta.fields, "may_start", "sounds"]

    def get_may_start(self, row: PodcastImport) -> bool:
        return may_start(row, by=self.context["request"].user)

    @extend_schema_field(SoundsSerializer)
    def get_sounds(self, row: PodcastImport) -> Any:
        return SoundsSerializer(sounds_of(row)).data


class FeedAddressSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(max_length=1000, help_text="Of its feed.")
    look = serializers.BooleanField(default=False, help_text="Only tell what would come.")


class SoundAddressSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(max_length=1000)


class PodcastImportView(OrganizationView):
    reads = "content.view"
    serializer_class = PodcastImportDetailSerializer
    parser_classes = (JsonParser, FormParser)
    lookup_url_kwarg = "podcast_import_id"
    queryset = PodcastImport.objects.none()  # for the schema

    def get_queryset(self) -> QuerySet[PodcastImport]:
        return PodcastImport.objects.all()

    def told(self, row: PodcastImport, **options: Any) -> Response:
        return Response(PodcastImportDetailSerializer(row, context=self.get_serializer_context()).data, **options)


class PodcastImportList(PodcastImportView):
    area = Area.MEDIA

    @extend_schema(operation_id="podcast_import_list", responses=PodcastImportSerializer(many=True))
    def get(self, request: Request, organization: str) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(PodcastImportSerializer(page, many=True).data)

    @extend_schema(
        operation_id="podcast_import_start", request=FeedAddressSerializer,
        responses={202: PodcastImportDetailSerializer},
    )  # fmt: skip
    def post(self, request: Request, organization: str) -> Response:
        """Bring in a show by its feed, or up to date. Answers at once; jobs do the work, each sound one of its own."""
        form = FeedAddressSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        begin = look_at_show if form.validated_data["look"] else import_show
        return self.told(begin(form.validated_data["url"], by=request.user), status=status.HTTP_202_ACCEPTED)


class PodcastImportDetail(PodcastImportView):
    area = Area.MEDIA

    @extend_schema(operation_id="podcast_import_retrieve", responses=PodcastImportDetailSerializer)
    def get(self, request: Request, organization: str, podcast_import_id: UUID) -> Response:
        """How far it is."""
        return self.told(self.get_object())


class PodcastImportStart(PodcastImportView):
    area = Area.MEDIA

    @extend_schema(operation_id="podcast_import_go_on", request=None, responses={202: PodcastImportDetailSerializer})
    def post(self, request: Request, organization: str, podcast_import_id: UUID) -> Response:
        """Bring in what was looked at, or try again; what nothing was seen of yet is looked at. 409 while under way."""
        return self.told(start_import(self.get_object(), by=request.user), status=status.HTTP_202_ACCEPTED)


class EpisodeSoundFromUrl(EpisodeView):
    area = Area.MEDIA
    parser_classes = (JsonParser, FormParser)

    @extend_schema(
        operation_id="podcast_episode_sound", request=SoundAddressSerializer, responses={202: EpisodeDetailSerializer}
    )
    def post(self, request: Request, episode_id: UUID, **kwargs: Any) -> Response:
        """Have the sound of an episode without any fetched from an address."""
        form = SoundAddressSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        episode = sound_from_url(self.get_object(), form.validated_data["url"], by=request.user)
        return self.told(episode, status=status.HTTP_202_ACCEPTED)
