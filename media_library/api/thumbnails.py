"""The picture of a media item, as integrators see and choose it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models.token import Area
from core.errors import Refused
from core.parsers import JsonParser
from media_library.api.media import MediaView
from media_library.links import audience_of
from media_library.models import Media
from media_library.player import MediaAddresses
from media_library.services.thumbnails import (
    choose_automatically,
    choose_moment,
    choose_thumbnail,
    upload_thumbnail,
)


class CandidateSerializer(serializers.Serializer[Any]):
    """A frame to choose; `at` in seconds. `url` opens for a while."""

    candidate = serializers.CharField()
    at = serializers.FloatField()
    url = serializers.CharField()


class ThumbnailSerializer(serializers.Serializer[Any]):
    """`url` is empty while there is no picture; `is_chosen`: by a person. The best of the candidates comes first."""

    url = serializers.CharField()
    is_chosen = serializers.BooleanField()
    candidates = CandidateSerializer(many=True)


class ThumbnailChoiceSerializer(serializers.Serializer[Any]):
    """Either a candidate by its name, or the second that the picture is taken from."""

    candidate = serializers.CharField(required=False, max_length=100)
    at = serializers.FloatField(required=False, min_value=0)


class ThumbnailUploadSerializer(serializers.Serializer[Any]):
    """JPEG, PNG or WebP."""

    file = serializers.FileField(allow_empty_file=True)  # the service refuses it in its own words


class MediaThumbnailView(MediaView):
    area = Area.MEDIA
    reads = "content.view"
    parser_classes = (JsonParser, MultiPartParser, FormParser)

    @extend_schema(operation_id="media_thumbnail", responses=ThumbnailSerializer)
    def get(self, request: Request, organization: str, media_id: Any) -> Response:
        """The present picture, and the frames to choose another one from."""
        return self._told(self.get_object())

    @extend_schema(
        operation_id="media_thumbnail_choose", request=ThumbnailChoiceSerializer, responses=ThumbnailSerializer
    )
    def put(self, request: Request, organization: str, media_id: Any) -> Response:
        """Choose a candidate or a second; jobs leave it alone from then on."""
        media = self.get_object()
        form = ThumbnailChoiceSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        _choose(media, by=request.user, **form.validated_data)
        return self._told(media)

    @extend_schema(
        operation_id="media_thumbnail_upload",
        request={"multipart/form-data": ThumbnailUploadSerializer},
        responses=ThumbnailSerializer,
    )
    def post(self, request: Request, organization: str, media_id: Any) -> Response:
        """Use a picture of your own."""
        media = self.get_object()
        form = ThumbnailUploadSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        upload_thumbnail(media, form.validated_data["file"], by=request.user)
        return self._told(media)

    @extend_schema(operation_id="media_thumbnail_reset", request=None, responses={200: ThumbnailSerializer})
    def delete(self, request: Request, organization: str, media_id: Any) -> Response:
        """Back to the one that is chosen automatically."""
        media = self.get_object()
        choose_automatically(media, by=request.user)
        return self._told(media)

    def _told(self, media: Media) -> Response:
        addresses = MediaAddresses(media, self.member_organization.slug, audience_of(self.request))
        candidates = media.storyboard.candidates if media.storyboard else []
        state = {
            "url": self._absolute(addresses.thumbnail),
            "is_chosen": media.is_thumbnail_chosen,
            "candidates": [
                {
                    "candidate": one["file"],
                    "at": one["at"],
                    "url": self._absolute(addresses.candidate(one["file"])),
                }
                for one in candidates
            ],
        }
        return Response(ThumbnailSerializer(state).data)

    def _absolute(self, path: str) -> str:
        return self.request.build_absolute_uri(path) if path else ""


def _choose(media: Media, *, by: Any, candidate: str | None = None, at: float | None = None) -> None:
    if (candidate is None) == (at is None):
        words = "Give either a candidate or a second."
        raise Refused("invalid", words, fields={"candidate": [words]})
    if candidate is not None:
        choose_thumbnail(media, candidate=candidate, by=by)
    elif at is not None:
        choose_moment(media, at=at, by=by)
