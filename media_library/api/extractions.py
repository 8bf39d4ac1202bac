"""Frames taken out of media by job, for makers."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from core.models.job import JobState
from media_library.api.filters import ExtractionFilter
from media_library.api.limits import LimitedNumber
from media_library.batches.extracting import (
    LONGEST_INTERVAL,
    MOST_FRAMES,
    SHORTEST_INTERVAL,
    Asked,
    estimate,
    extract_frames,
    progress_of,
    stop_extraction,
)
from media_library.models import ExtractionMode, FrameExtraction, Media, UploadBatch

INTERVAL = {"minimum": SHORTEST_INTERVAL, "maximum": LONGEST_INTERVAL}


class ExtractionProgressSerializer(serializers.Serializer[Any]):
    """`percent` 0–100; `code` and `message` say why it failed."""

    state = serializers.ChoiceField(choices=JobState.choices)
    percent = serializers.IntegerField()
    code = serializers.CharField()
    message = serializers.CharField()


class ExtractionSerializer(serializers.ModelSerializer):
    """`most` frames come of it at most; `skipped` showed nothing new."""

    media = serializers.UUIDField(source="media_id")
    batch = serializers.UUIDField(source="batch_id")
    created_by = serializers.UUIDField(source="created_by_id", allow_null=True)
    progress = serializers.SerializerMethodField()

    class Meta:
        model = FrameExtraction
        fields = (
            "id", "media", "batch", "mode", "interval", "at", "most", "made", "skipped", "progress", "created_by",
            "created_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ExtractionProgressSerializer)
    def get_progress(self, extraction: FrameExtraction) -> dict[str, Any]:
        return ExtractionProgressSerializer(self.context["progress"][extraction.pk]).data


class NewExtractionSerializer(serializers.Serializer[Any]):
    """`interval` seconds with `every`, `at` a second with `moment`."""

    batch = serializers.UUIDField()
    mode = serializers.ChoiceField(choices=ExtractionMode.choices)
    interval = LimitedNumber(required=False, allow_null=True, default=None, limits=INTERVAL)
    at = LimitedNumber(required=False, allow_null=True, default=None, limits={"minimum": 0})

    @property
    def asked(self) -> Asked:
        sent = self.validated_data
        mode = ExtractionMode(sent["mode"])
        interval = sent["interval"] if mode == ExtractionMode.EVERY else None
        return Asked(mode, interval, sent["at"] if mode == ExtractionMode.MOMENT else None)


class EstimateSerializer(serializers.Serializer[Any]):
    most = serializers.IntegerField()
    there = serializers.IntegerField(help_text="So many of them the batch has already.")
    left = serializers.IntegerField(help_text=f"So many the batch takes, of {MOST_FRAMES}.")
    words = serializers.CharField()


class ExtractionView(OrganizationView):
    reads = "content.view"
    serializer_class = ExtractionSerializer
    queryset = FrameExtraction.objects.all()
    lookup_url_kwarg = "extraction_id"

    def told(self, extractions: list[FrameExtraction]) -> Any:
        context = {**self.get_serializer_context(), "progress": progress_of(extractions)}
        return ExtractionSerializer(extractions, many=True, context=context).data


class MediaExtractions(ExtractionView):
    area = Area.MEDIA
    filterset_class = ExtractionFilter

    @extend_schema(operation_id="media_extractions", responses=ExtractionSerializer(many=True))
    def get(self, request: Request, media_id: Any, **kwargs: Any) -> Response:
        """What was asked for of this media, the latest first."""
        media = get_object_or_404(Media, pk=media_id)
        asked_for = self.filter_queryset(FrameExtraction.objects.filter(media=media))
        page = self.paginate_queryset(asked_for.order_by("-pk"))
        return self.get_paginated_response(self.told(page or []))

    @extend_schema(
        operation_id="media_extract_frames",
        request=NewExtractionSerializer,
        responses={202: ExtractionSerializer},
    )
    def post(self, request: Request, media_id: Any, **kwargs: Any) -> Response:
        """Take frames into a batch; 409 (`too_many_frames`) says which interval fits."""
        extraction = extract_frames(*_wanted(media_id, request.data), by=request.user)
        return Response(self.told([extraction])[0], status=status.HTTP_202_ACCEPTED)


class ExtractionEstimate(ExtractionView):
    area = Area.MEDIA

    @extend_schema(
        operation_id="media_frames_estimate", parameters=[NewExtractionSerializer], responses=EstimateSerializer
    )
    def get(self, request: Request, media_id: Any, **kwargs: Any) -> Response:
        """How many there will be, before anything begins; refused as the work would be."""
        return Response(EstimateSerializer(estimate(*_wanted(media_id, request.query_params))).data)


class ExtractionDetail(ExtractionView):
    area = Area.MEDIA

    @extend_schema(operation_id="extraction_retrieve", responses=ExtractionSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(self.told([self.get_object()])[0])

    @extend_schema(operation_id="extraction_stop", responses={204: OpenApiResponse(description="Nothing comes of it.")})
    def delete(self, request: Request, **kwargs: Any) -> Response:
        """Stop it; 409 where it has ended."""
        stop_extraction(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _wanted(media_id: Any, sent: Any) -> tuple[Media, UploadBatch, Asked]:
    """Raises Http404, ValidationError."""
    media = get_object_or_404(Media.objects.select_related("rendition"), pk=media_id)
    form = NewExtractionSerializer(data=sent)
    form.is_valid(raise_exception=True)
    return media, get_object_or_404(UploadBatch, pk=form.validated_data["batch"]), form.asked
