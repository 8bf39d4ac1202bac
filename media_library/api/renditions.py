"""What was made of a media item: streams and files, each with its address."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models.token import Area
from media_library.api.media import MediaView
from media_library.links import audience_of
from media_library.models import Rendition
from media_library.player import MediaAddresses


class RenditionSerializer(serializers.ModelSerializer):
    """`size_bytes` in bytes; `rungs` of a stream, largest first, with `bitrate` in bits a second; `facts` of sound:
    `loudness` and `loudness_before` in LUFS, `true_peak` in dBTP; of a stream `sounds`, each copied or encoded and why.
    `url` opens for a while.
    """

    url = serializers.SerializerMethodField()
    is_current = serializers.SerializerMethodField(help_text="Whether it is the newest of its kind.")

    class Meta:
        model = Rendition
        fields = ("id", "kind", "url", "size_bytes", "rungs", "facts", "is_current", "created_at")
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_url(self, rendition: Rendition) -> str:
        addresses: MediaAddresses = self.context["addresses"]
        return self.context["request"].build_absolute_uri(addresses.rendition(rendition))

    @extend_schema_field(serializers.BooleanField())
    def get_is_current(self, rendition: Rendition) -> bool:
        return rendition.pk in self.context["current"]


class MediaRenditionsView(MediaView):
    area = Area.MEDIA
    pagination_class = None

    @extend_schema(operation_id="media_renditions", responses=RenditionSerializer(many=True))
    def get(self, request: Request, organization: str, media_id: Any) -> Response:
        """The adaptive stream, MP4, MP3 and M4A, the newest first. Older ones go a day after they were replaced."""
        media = self.get_object()
        renditions = list(media.renditions.defer("command"))
        context = {
            **self.get_serializer_context(),
            "addresses": MediaAddresses(media, self.member_organization.slug, audience_of(request)),
            "current": _current(renditions, playing=media.rendition_id),
        }
        return Response(RenditionSerializer(renditions, many=True, context=context).data)


def _current(renditions: list[Rendition], *, playing: Any) -> set[Any]:
    """The newest of each kind; of streams the one that plays. Given newest first."""
    newest = {one.kind: one.pk for one in reversed(renditions)}
    return {playing if kind == "hls" else key for kind, key in newest.items()}
