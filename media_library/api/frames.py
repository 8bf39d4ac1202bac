"""Pictures taken out of video, for makers."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from accounts.scopes import SAFE_METHODS
from media_library.api.frame_serializers import (
    FrameAnnotationSerializer,
    FrameChapterSerializer,
    FrameChaptersSerializer,
    FrameExportQuerySerializer,
    FrameMoveSerializer,
    FrameOutcomesSerializer,
    FrameQuerySerializer,
    FramesAnnotationSerializer,
    FrameSerializer,
    ManyFramesSerializer,
    region_from,
)
from media_library.frames.annotating import KEPT, annotate_frame, annotate_frames
from media_library.frames.deleting import delete_frames
from media_library.frames.exporting import export_frames
from media_library.frames.finding import FrameFilter, frames_of
from media_library.frames.moving import move_frames
from media_library.frames.outcome import Outcome, refuse_too_many
from media_library.frames.using import begin_chapter, show_as_thumbnail
from media_library.models import Frame, UploadBatch

GONE = OpenApiResponse(description="It is gone, with its file.")
SHOWN = OpenApiResponse(description="It stands for its media now.")
ZIP = {(200, "application/zip"): OpenApiTypes.BINARY}


class FrameView(OrganizationView):
    reads = "content.view"
    serializer_class: Any = FrameSerializer
    lookup_url_kwarg = "frame_id"
    queryset = Frame.objects.none()  # for the schema

    def get_queryset(self) -> QuerySet[Frame]:
        return frames_of(FrameFilter()).select_related("media")

    def wanted(self, **more: Any) -> QuerySet[Frame]:
        """Those the query names. Raises ValidationError."""
        wanted = FrameFilter(**asdict(self.query(FrameQuerySerializer).wanted()) | more)
        return frames_of(wanted).select_related("media")

    def query(self, serializer: Any) -> Any:
        asked = serializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        return asked

    def listed(self, frames: QuerySet[Frame]) -> Response:
        page = self.paginate_queryset(frames)
        return self.get_paginated_response(self.told(page, many=True))

    def told(self, frames: Any, **options: Any) -> Any:
        context = {"request": self.request, "slug": self.member_organization.slug}
        return FrameSerializer(frames, context=context, **options).data

    def sent(self, serializer: Any) -> dict[str, Any]:
        form = serializer(data=self.request.data)
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)


class FrameListView(FrameView):
    area = Area.MEDIA

    @extend_schema(
        operation_id="frame_list", parameters=[FrameQuerySerializer], responses=FrameSerializer(many=True)
    )  # fmt: skip
    def get(self, request: Request, organization: str) -> Response:
        """Batch by batch, in the order of media and seconds."""
        return self.listed(self.wanted())


class BatchFramesView(FrameView):
    area = Area.MEDIA

    @extend_schema(operation_id="batch_frames", responses=FrameSerializer(many=True))
    def get(self, request: Request, organization: str, batch_id: UUID) -> Response:
        batch = get_object_or_404(UploadBatch, pk=batch_id)
        return self.listed(self.wanted(batch=batch.pk))


class FrameDetailView(FrameView):
    area = Area.MEDIA

    @extend_schema(operation_id="frame_retrieve", responses=FrameSerializer)
    def get(self, request: Request, organization: str, frame_id: UUID) -> Response:
        return Response(self.told(self.get_object()))

    @extend_schema(operation_id="frame_update", request=FrameAnnotationSerializer, responses=FrameSerializer)
    def patch(self, request: Request, organization: str, frame_id: UUID) -> Response:
        """Note what is to be seen, and where on the picture."""
        frame, sent = self.get_object(), self.sent(FrameAnnotationSerializer)
        region = region_from(sent["region"]) if "region" in sent else KEPT
        words = sent.get("annotation", KEPT)
        held = annotate_frame(frame, annotation=words, region=region, by=request.user, version=sent["version"])
        return Response(self.told(held))

    @extend_schema(operation_id="frame_delete", responses={204: GONE})
    def delete(self, request: Request, organization: str, frame_id: UUID) -> Response:
        delete_frames([self.get_object().pk], by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class FrameThumbnailView(FrameView):
    area = Area.MEDIA

    @extend_schema(operation_id="frame_as_thumbnail", request=None, responses={204: SHOWN})
    def post(self, request: Request, organization: str, frame_id: UUID) -> Response:
        """The picture itself stands for its media. 409 (`no_picture`) where its file is missing."""
        show_as_thumbnail(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class FrameChapterView(FrameView):
    area = Area.MEDIA

    @extend_schema(
        operation_id="frame_begin_chapter", request=FrameChapterSerializer, responses=FrameChaptersSerializer
    )
    def post(self, request: Request, organization: str, frame_id: UUID) -> Response:
        """A chapter of its media begins at its second; one that begins there already takes the title."""
        sent = self.sent(FrameChapterSerializer)
        chapters = begin_chapter(self.get_object(), title=sent["title"], by=request.user)
        return Response(FrameChaptersSerializer({"chapters": chapters}).data)


class FramesAnnotateView(FrameView):
    area = Area.MEDIA

    @extend_schema(
        operation_id="frames_annotate", request=FramesAnnotationSerializer, responses=FrameOutcomesSerializer
    )
    def post(self, request: Request, organization: str) -> Response:
        """The same text on each; their regions stay."""
        sent = self.sent(FramesAnnotationSerializer)
        return _outcomes(annotate_frames(sent["frames"], annotation=sent["annotation"], by=request.user))


class FramesMoveView(FrameView):
    area = Area.MEDIA

    @extend_schema(operation_id="frames_move", request=FrameMoveSerializer, responses=FrameOutcomesSerializer)
    def post(self, request: Request, organization: str) -> Response:
        """All into another batch, or none where they do not fit."""
        sent = self.sent(FrameMoveSerializer)
        batch = get_object_or_404(UploadBatch, pk=sent["batch"])
        return _outcomes(move_frames(sent["frames"], to=batch, by=request.user))


class FramesDeleteView(FrameView):
    area = Area.MEDIA

    @extend_schema(operation_id="frames_delete", request=ManyFramesSerializer, responses=FrameOutcomesSerializer)
    def post(self, request: Request, organization: str) -> Response:
        return _outcomes(delete_frames(self.sent(ManyFramesSerializer)["frames"], by=request.user))


class FramesExportView(FrameView):
    area = Area.MEDIA
    reading_methods = SAFE_METHODS | {"POST"}  # 500 ids are more than an address takes everywhere

    @extend_schema(operation_id="frames_export", parameters=[FrameExportQuerySerializer], responses=ZIP)
    def get(self, request: Request, organization: str) -> Any:
        """A zip of all frames the query names, such as those of a batch, with `manifest.json`."""
        named, found = self.query(FrameExportQuerySerializer).validated_data["frames"], self.wanted()
        if named is not None:
            found = found.filter(pk__in=refuse_too_many(named))
        return export_frames(found, name=f"{organization}-frames")

    @extend_schema(operation_id="frames_export_named", request=ManyFramesSerializer, responses=ZIP)
    def post(self, request: Request, organization: str) -> Any:
        """A zip of the frames that are named; whatever of them is gone is not in it."""
        named = refuse_too_many(self.sent(ManyFramesSerializer)["frames"])
        return export_frames(self.get_queryset().filter(pk__in=named), name=f"{organization}-frames")


def _outcomes(outcome: Outcome) -> Response:
    results = [{"id": key, "outcome": name} for name, keys in asdict(outcome).items() for key in keys]
    return Response(FrameOutcomesSerializer({"results": results}).data)
