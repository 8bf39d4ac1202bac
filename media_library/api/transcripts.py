"""The words of a media item: read, replaced, corrected; their versions, and where they were looked for."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models.token import Area
from accounts.permissions import can
from core.errors import Refused
from core.parsers import JsonParser
from media_library.api.media import MediaView
from media_library.api.transcript_serializers import (
    CorrectionsSerializer,
    RungSerializer,
    TranscriptGivenSerializer,
    TranscriptSerializer,
    VersionSerializer,
)
from media_library.models import Media, Transcript
from media_library.services.giving import give_cues, give_file, give_text
from media_library.services.rung_record import rungs_tried
from media_library.services.transcribing import find_words_for
from media_library.services.transcripts import (
    choose_version,
    correct_transcript,
    delete_version,
    present_transcript,
    timed_texts,
)
from media_library.transcript_files import FILES, file_of

AS = OpenApiParameter("as", str, enum=["json", *FILES], description="A file instead of JSON.")
READ = {
    (200, "application/json"): TranscriptSerializer,
    **{(200, kind.type): OpenApiTypes.STR for kind in FILES.values()},
}
GONE = OpenApiResponse(description="It is gone.")


class AnyAccept(BaseContentNegotiation):
    """JSON, whatever is accepted: what else there is, the view answers itself."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return next((one for one in parsers if request.content_type.partition(";")[0] == one.media_type), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class TranscriptView(MediaView):
    finds_sounds = True
    content_negotiation_class = AnyAccept
    pagination_class = None
    filterset_class = None
    parser_classes = (JsonParser, MultiPartParser, FormParser)

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("transcript__by")

    def told(self, media: Media, transcript: Transcript, **options: Any) -> Response:
        tells = can(self.request.user, "content.view", self.member_organization)
        context = {"present": media.transcript_id, "tells": tells}
        return Response(TranscriptSerializer(transcript, context=context).data, **options)

    def versions(self, media: Media) -> QuerySet[Transcript]:
        return Transcript.objects.filter(media=media).select_related("by")

    def read(self, media: Media, transcript: Transcript) -> HttpResponseBase:
        """As JSON or as the file that `?as=` or the Accept header asks for."""
        kind = wanted_file(self.request)
        response = _sent(media, transcript, kind) if kind else self.told(media, transcript)
        patch_vary_headers(response, ["Accept"])
        return response


class MediaTranscriptView(TranscriptView):
    area = Area.MEDIA

    @extend_schema(operation_id="media_transcript", parameters=[AS], responses=READ)
    def get(self, request: Request, organization: str, media_id: Any) -> HttpResponseBase:
        """What is read now; 404 where there are no words yet."""
        media = self.get_object()
        return self.read(media, present_transcript(media))

    @extend_schema(
        operation_id="media_transcript_replace",
        request={"application/json": TranscriptGivenSerializer, "multipart/form-data": TranscriptGivenSerializer},
        responses=TranscriptSerializer,
    )
    def put(self, request: Request, organization: str, media_id: Any) -> Response:
        """Other words, as a new version; those there were stay as versions."""
        media = self.get_object()
        form = TranscriptGivenSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return self.told(media, _give(media, **form.validated_data, by=request.user))

    @extend_schema(
        operation_id="media_transcript_correct", request=CorrectionsSerializer, responses=TranscriptSerializer
    )
    def patch(self, request: Request, organization: str, media_id: Any) -> Response:
        """Correct some cues, as a new version; 409 `changed_meanwhile` where `base` is not read any more."""
        media = self.get_object()
        form = CorrectionsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        base = form.validated_data["base"]
        return self.told(media, correct_transcript(media, form.corrections(), base=base, by=request.user))


class MediaTranscriptVersionsView(TranscriptView):
    area = Area.MEDIA
    reads = "content.view"

    @extend_schema(operation_id="media_transcript_versions", responses=VersionSerializer(many=True))
    def get(self, request: Request, organization: str, media_id: Any) -> Response:
        """All versions, the newest first, without their cues."""
        media = self.get_object()
        context = {"present": media.transcript_id}
        return Response(VersionSerializer(self.versions(media), many=True, context=context).data)


class MediaTranscriptVersionView(TranscriptView):
    area = Area.MEDIA
    reads = "content.view"

    @extend_schema(operation_id="media_transcript_version", parameters=[AS], responses=READ)
    def get(self, request: Request, organization: str, media_id: Any, transcript_id: Any) -> HttpResponseBase:
        media = self.get_object()
        return self.read(media, get_object_or_404(self.versions(media), pk=transcript_id))

    @extend_schema(operation_id="media_transcript_version_delete", responses={204: GONE})
    def delete(self, request: Request, organization: str, media_id: Any, transcript_id: Any) -> Response:
        """Remove a version; 409 for the one that is read now."""
        version = get_object_or_404(self.versions(self.get_object()), pk=transcript_id)
        delete_version(version, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MediaTranscriptChoiceView(TranscriptView):
    area = Area.MEDIA

    @extend_schema(operation_id="media_transcript_choose", request=None, responses=VersionSerializer)
    def post(self, request: Request, organization: str, media_id: Any, transcript_id: Any) -> Response:
        """Read this version from now on."""
        version = get_object_or_404(self.versions(self.get_object()), pk=transcript_id)
        choose_version(version, by=request.user)
        return Response(VersionSerializer(version, context={"present": version.pk}).data)


class MediaRungsView(TranscriptView):
    area = Area.MEDIA
    reads = "content.view"

    @extend_schema(operation_id="media_transcript_search", responses=RungSerializer(many=True))
    def get(self, request: Request, organization: str, media_id: Any) -> Response:
        """Where the words were looked for, free places first, and how that ended."""
        return Response(RungSerializer(rungs_tried(self.get_object()), many=True).data)

    @extend_schema(
        operation_id="media_transcript_search_again", request=None, responses={202: RungSerializer(many=True)}
    )
    def post(self, request: Request, organization: str, media_id: Any) -> Response:
        """Look for words once more; 409 while that is under way."""
        media = self.get_object()
        find_words_for(media, by=request.user)
        return Response(RungSerializer(rungs_tried(media), many=True).data, status=status.HTTP_202_ACCEPTED)


def wanted_file(request: Request) -> str:
    """Which of FILES; empty for JSON. Raises Refused for a name that is none."""
    name = request.query_params.get("as", "")
    if name and name != "json" and name not in FILES:
        words = f"Ask for one of: json, {', '.join(FILES)}."
        raise Refused("invalid", words, fields={"as": [words]})
    accepted = request.headers.get("Accept", "")
    if name or "application/json" in accepted:
        return name.removeprefix("json")
    return next((key for key, kind in FILES.items() if kind.type in accepted), "")


def _sent(media: Media, transcript: Transcript, kind: str) -> HttpResponse:
    file = file_of(timed_texts(transcript), kind, title=media.title, language=transcript.language)
    response = HttpResponse(file.content, content_type=f"{file.type}; charset=utf-8")
    response["Content-Disposition"] = file.disposition
    return response


def _give(media: Media, *, language: str, by: Any, cues: Any = None, text: Any = None, file: Any = None) -> Transcript:
    if sum(one is not None for one in (cues, text, file)) != 1:
        words = "Give one of cues, text and file."
        raise Refused("invalid", words, fields={"cues": [words]})
    if file is not None:
        return give_file(media, file, filename=file.name or "", language=language, by=by)
    if text is not None:
        return give_text(media, text, language=language, by=by)
    return give_cues(media, cues, language=language, by=by)
