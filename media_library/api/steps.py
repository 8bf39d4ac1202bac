"""The steps of a media item, as integrators see and handle them."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models.token import Area
from core.models.job import JobState
from core.parsers import JsonParser
from media_library.api.media import MediaView
from media_library.api.serializers import MediaDetailSerializer
from media_library.models import Media
from media_library.services.steps import TO_COME, cancel_media, cancel_step, retry_step, steps_of


class StepSerializer(serializers.Serializer[Any]):
    """One kind of work. `percent` 0–100, times in seconds; `code` and `reason` say why it failed or waits."""

    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    state = serializers.ChoiceField(choices=[*JobState.choices, (TO_COME, "To come")])
    required = serializers.BooleanField()  # type: ignore[assignment]
    percent = serializers.IntegerField()
    seconds_taken = serializers.FloatField(allow_null=True)
    seconds_left = serializers.FloatField(allow_null=True)
    attempts = serializers.IntegerField()
    max_attempts = serializers.IntegerField()
    code = serializers.CharField()
    reason = serializers.CharField()
    is_postponed = serializers.BooleanField()
    can_retry = serializers.BooleanField()
    can_cancel = serializers.BooleanField()


class OperatorsStepSerializer(StepSerializer):
    """What superusers see besides: the last program that was run for it, its exit code and its last lines."""

    command = serializers.CharField(required=False)
    exit_code = serializers.IntegerField(required=False, allow_null=True)
    detail = serializers.CharField(required=False)
    worker = serializers.CharField(required=False)


class StepView(MediaView):
    """Makers only, reading too."""

    parser_classes = (JsonParser, FormParser)
    pagination_class = None

    def told(self, media: Media, **options: Any) -> Response:
        chosen = OperatorsStepSerializer if self.request.user.is_superuser else StepSerializer
        return Response(chosen([asdict(step) for step in steps_of(media)], many=True).data, **options)


class MediaStepsView(StepView):
    area = Area.MEDIA
    reads = "content.view"

    @extend_schema(operation_id="media_steps", responses=OperatorsStepSerializer(many=True))
    def get(self, request: Request, organization: str, media_id: Any) -> Response:
        """What was, is and will be done to make it playable and readable."""
        return self.told(self.get_object())


class MediaStepRetryView(StepView):
    area = Area.MEDIA

    @extend_schema(operation_id="media_step_retry", request=None, responses={202: OperatorsStepSerializer(many=True)})
    def post(self, request: Request, organization: str, media_id: Any, kind: str) -> Response:
        """Give one failed or cancelled step its attempts again; 409 where it did not fail."""
        media = self.get_object()
        retry_step(media, kind, by=request.user)
        return self.told(media, status=status.HTTP_202_ACCEPTED)


class MediaStepCancelView(StepView):
    area = Area.MEDIA

    @extend_schema(operation_id="media_step_cancel", request=None, responses={202: OperatorsStepSerializer(many=True)})
    def post(self, request: Request, organization: str, media_id: Any, kind: str) -> Response:
        """Stop one step; what runs ends within ten seconds. 409 where it is not under way."""
        media = self.get_object()
        cancel_step(media, kind, by=request.user)
        return self.told(media, status=status.HTTP_202_ACCEPTED)


class MediaCancelView(StepView):
    area = Area.MEDIA

    @extend_schema(operation_id="media_cancel", request=None, responses={202: MediaDetailSerializer})
    def post(self, request: Request, organization: str, media_id: Any) -> Response:
        """Stop all work on it; 409 where none is under way."""
        media = self.get_object()
        cancel_media(media, by=request.user)
        return self.answer(media, status=status.HTTP_202_ACCEPTED)
