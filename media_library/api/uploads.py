"""Uploads through the API: what is on its way, and those that go straight to the bucket. The words of tus: api.tus."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from core.errors import Refused
from media_library.api.upload_serializers import (
    AllowanceSerializer,
    CaptionsTakenSerializer,
    PartNumbersSerializer,
    SignedPartsSerializer,
    UploadSerializer,
)
from media_library.models import Upload
from media_library.services.allowance import allowance_of
from media_library.services.multiparts import ADDRESS_SECONDS, complete_upload, sign_parts
from media_library.services.sidecars import give_captions

BINARY = {"type": "string", "format": "binary"}


class UploadView(OrganizationView):
    """One's own uploads; those of others are nowhere."""

    reads = writes = "media.upload"
    serializer_class = UploadSerializer
    lookup_url_kwarg = "upload_id"
    queryset = Upload.objects.none()  # for the schema

    def get_queryset(self) -> Any:
        return Upload.objects.filter(owner=self.request.user).select_related("media", "owner")


class AllowanceView(UploadView):
    area = Area.MEDIA
    filterset_class = None

    @extend_schema(operation_id="upload_allowance", responses=AllowanceSerializer)
    def get(self, request: Request, organization: str) -> Response:
        """What you have used and may use this week, and when it counts anew. Sizes in bytes."""
        allowance = allowance_of(request.user, organization=self.member_organization)
        return Response(AllowanceSerializer(allowance).data)


class UploadPartsView(UploadView):
    area = Area.MEDIA

    @extend_schema(operation_id="upload_parts", request=PartNumbersSerializer, responses=SignedPartsSerializer)
    def post(self, request: Request, organization: str, upload_id: Any) -> Response:
        """Addresses to PUT parts to, straight into the bucket: exactly `size` bytes each, with the given headers."""
        form = PartNumbersSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        parts = sign_parts(self.get_object(), form.validated_data["numbers"], sha256=form.validated_data["sha256"])
        return Response(SignedPartsSerializer({"parts": parts, "expires_in": ADDRESS_SECONDS}).data)


class UploadCompleteView(UploadView):
    area = Area.MEDIA

    @extend_schema(operation_id="upload_complete", request=None, responses={201: UploadSerializer})
    def post(self, request: Request, organization: str, upload_id: Any) -> Response:
        """All parts have arrived: `media_url` is what they become. Once more answers the same."""
        upload = self.get_object()
        complete_upload(upload)
        return Response(self.get_serializer(upload).data, status=status.HTTP_201_CREATED)


class UploadCaptionsView(UploadView):
    area = Area.MEDIA
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="upload_captions",
        parameters=[OpenApiParameter("language", str, description="A tag such as `de`.")],
        request={"text/vtt": BINARY, "application/x-subrip": BINARY},
        responses=CaptionsTakenSerializer,
    )
    def put(self, request: Request, organization: str, upload_id: Any) -> Response:
        """Captions for an upload, before or after its end: WebVTT or SubRip, as the body or as `captions` of a form.

        Their language: `?language=de`, or as the name of the file says it (`talk.de.vtt`), or its header.
        """
        file = _captions_in(request)
        told = {"filename": getattr(file, "name", ""), "language": _language_in(request)}
        cues = give_captions(self.get_object(), file, **told, by=request.user)
        return Response(CaptionsTakenSerializer({"cues": cues}).data)


def _language_in(request: Request) -> str:
    return str(request.query_params.get("language", ""))


def _captions_in(request: Request) -> Any:
    if not request.content_type.startswith("multipart/"):
        return request._request
    if (file := request.FILES.get("captions")) is None:
        words = "No file was sent."
        raise Refused("invalid", words, fields={"captions": [words]})
    return file
