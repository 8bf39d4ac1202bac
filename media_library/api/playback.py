"""A fresh address of what plays at a host, for our own player."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models.token import Area
from core.parsers import JsonParser
from media_library.api.media import MediaView
from media_library.links import audience_of
from media_library.services.playback import Opened, ask_for_playback, take_playback


class OpenedSerializer(serializers.Serializer[Any]):
    """The address plays for `seconds`."""

    hls_url = serializers.CharField()
    seconds = serializers.IntegerField()


class WaitingSerializer(serializers.Serializer[Any]):
    """`state` is `waiting`: look again in a moment."""

    state = serializers.CharField()


class MediaPlaybackView(MediaView):
    area = Area.LEARNING
    finds_sounds = True
    writes = "course.learn"
    parser_classes = (JsonParser, FormParser)

    @extend_schema(
        operation_id="media_playback_ask", request=None, responses={200: OpenedSerializer, 202: WaitingSerializer}
    )
    def post(self, request: Request, organization: str, media_id: Any) -> Response:
        """Ask for an address of what lies at a host. Where the host has to be asked, GET has it a moment later."""
        return _answer(ask_for_playback(self.get_object(), audience=audience_of(request)))

    @extend_schema(operation_id="media_playback", responses={200: OpenedSerializer, 202: WaitingSerializer})
    def get(self, request: Request, organization: str, media_id: Any) -> Response:
        """What was asked for, once, and only to the session or token that asked."""
        return _answer(take_playback(self.get_object(), audience=audience_of(request)))


def _answer(opened: Opened | None) -> Response:
    headers = {"Cache-Control": "no-store"}
    if opened is None:
        return Response({"state": "waiting"}, status=status.HTTP_202_ACCEPTED, headers=headers)
    return Response(OpenedSerializer(opened).data, headers=headers)
