from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from knowledge.api.serializers import AnswerSerializer
from knowledge.api.views import answered
from knowledge.models import KnownBy, Repetition
from knowledge.repeating.keeping import Standing, dismiss, list_again, look_again, repetitions_seen_by, standing
from knowledge.repeating.said_before import MAX_CHARACTERS, said_before


class TextSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=MAX_CHARACTERS, help_text="A sentence, or a paragraph.")


class PassageSerializer(serializers.Serializer):
    media = serializers.UUIDField(source="media_id", allow_null=True)
    item = serializers.UUIDField(source="item_id", allow_null=True)
    start = serializers.FloatField(allow_null=True, help_text="Seconds.")
    page = serializers.IntegerField(allow_null=True)
    text = serializers.CharField()


class RepetitionSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    first = PassageSerializer()
    second = PassageSerializer()
    known_by = serializers.ChoiceField(KnownBy.choices)
    likeness = serializers.IntegerField(help_text="0–100.")
    is_dismissed = serializers.BooleanField()


class RepetitionStandingSerializer(serializers.Serializer):
    """How the library was compared with itself last."""

    computed_at = serializers.DateTimeField(source="search.computed_at", default=None, allow_null=True)
    passages = serializers.IntegerField(source="search.passages", default=0)
    compared_by_words = serializers.IntegerField(source="search.compared_by_words", default=0)
    compared_by_meaning = serializers.IntegerField(
        source="search.compared_by_meaning", default=None, allow_null=True, help_text="Empty: no model is configured."
    )
    is_whole = serializers.BooleanField(
        source="search.is_whole", default=False, help_text="False: the time was not enough for all passages."
    )
    is_cut = serializers.BooleanField(source="search.is_cut", default=False, help_text="Only the most alike are kept.")
    is_stale = serializers.BooleanField(help_text="The library changed since.")
    is_running = serializers.BooleanField(help_text="It is being compared now.")


class RepetitionsSerializer(RepetitionStandingSerializer):
    repetitions = RepetitionSerializer(many=True, help_text="The most alike first.")


class DismissSerializer(serializers.Serializer):
    is_dismissed = serializers.BooleanField(help_text="It is there on purpose, and is not listed again.")


class SaidBeforeView(OrganizationView):
    """Where the whole library, drafts too, says something like a text."""

    area = Area.KNOWLEDGE
    reads = "content.view"
    serializer_class = AnswerSerializer
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "search"

    @extend_schema(operation_id="said_before", parameters=[TextSerializer], responses=AnswerSerializer)
    def get(self, request: Request, organization: str) -> Response:
        given = TextSerializer(data=request.query_params)
        given.is_valid(raise_exception=True)
        here = self.member_organization
        result = said_before(given.validated_data["text"], user=request.user, organization=here)
        return Response(AnswerSerializer(answered(result, user=request.user, organization=here)).data)


class RepetitionsView(OrganizationView):
    """Passages of different media or items that say the same, as they were found last."""

    area = Area.KNOWLEDGE
    reads = "content.view"
    queryset = Repetition.objects.none()  # for the schema
    serializer_class = RepetitionsSerializer
    pagination_class = None

    @extend_schema(operation_id="repetitions", responses=RepetitionsSerializer)
    def get(self, request: Request, organization: str) -> Response:
        return Response(RepetitionsSerializer(_told(standing(), request, self.member_organization)).data)

    @extend_schema(operation_id="repetitions_look_again", request=None, responses={202: RepetitionStandingSerializer})
    def post(self, request: Request, organization: str) -> Response:
        """Have the library compared anew, later."""
        look_again(by=request.user)
        return Response(RepetitionStandingSerializer(standing()).data, status=status.HTTP_202_ACCEPTED)


class RepetitionDetail(OrganizationView):
    """One pair, to be dismissed or listed again."""

    area = Area.KNOWLEDGE
    reads = "content.view"
    queryset = Repetition.objects.none()  # for the schema
    serializer_class = RepetitionSerializer
    lookup_url_kwarg = "repetition_id"

    def get_queryset(self) -> Any:
        here = self.member_organization
        return repetitions_seen_by(self.request.user, here, dismissed=None)

    @extend_schema(operation_id="repetition_judge", request=DismissSerializer, responses=RepetitionSerializer)
    def patch(self, request: Request, **kwargs: Any) -> Response:
        form = DismissSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        judge = dismiss if form.validated_data["is_dismissed"] else list_again
        judge(self.get_object(), by=request.user)
        return Response(RepetitionSerializer(self.get_object()).data)


def _told(now: Standing, request: Request, here: Any) -> dict[str, Any]:
    found = repetitions_seen_by(request.user, here)
    return {"search": now.search, "is_stale": now.is_stale, "is_running": now.is_running, "repetitions": found}
