"""Fresh addresses of a media item's files, for players whose own have run out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models.token import Area
from core.api import says_yes
from media_library.api.media import MediaView
from media_library.links import audience_of, seconds_left
from media_library.models import Media
from media_library.player import SOUND, MediaAddresses, stream_of


@dataclass(frozen=True)
class Links:
    hls_url: str
    previews_url: str
    thumbnail_url: str
    captions_url: str
    seconds: int
    expires_at: datetime


class LinksSerializer(serializers.Serializer[Any]):
    """Addresses are empty where there is nothing to fetch; they open for `seconds`, for whoever asked: a browser's
    only in that session, a token's wherever they are held while the token works.
    """

    hls_url = serializers.CharField()
    previews_url = serializers.CharField(help_text="WebVTT: which part of which picture shows which seconds.")
    thumbnail_url = serializers.CharField(help_text="In a browser, for as long as one is logged in.")
    captions_url = serializers.CharField(help_text="WebVTT. As `thumbnail_url`.")
    seconds = serializers.IntegerField()
    expires_at = serializers.DateTimeField()


class MediaLinksView(MediaView):
    area = Area.MEDIA
    finds_sounds = True

    @extend_schema(
        operation_id="media_links",
        parameters=[OpenApiParameter(SOUND, bool, description="Of a film only its sound.")],
        responses=LinksSerializer,
    )
    def get(self, request: Request, organization: str, media_id: Any) -> Response:
        """Signed addresses that open for a while; ask again when they have run out."""
        media = self.get_object()
        as_sound = says_yes(request, SOUND) or not self._may_be_seen(media)
        address = MediaAddresses(media, organization, audience_of(request), as_sound=as_sound)
        stream = stream_of(address)
        paths = (stream.hls_url, address.storyboard, address.thumbnail, address.captions)
        hls, previews, thumbnail, captions = (path and request.build_absolute_uri(path) for path in paths)
        seconds = min(filter(None, (seconds_left(address.audience), stream.opens_for)))
        end = timezone.now() + timedelta(seconds=seconds)
        links = Links(hls, previews, thumbnail, captions, seconds, expires_at=end)
        return Response(LinksSerializer(links).data, headers={"Cache-Control": "no-store"})

    def _may_be_seen(self, media: Media) -> bool:
        watchable = Media.objects.watchable_by(self.request.user, self.member_organization)
        return watchable.filter(pk=media.pk).exists()
