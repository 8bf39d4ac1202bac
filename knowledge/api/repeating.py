from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from knowledge.api.serializers import AnswerSerializer
from knowledge.api.views import answered
from knowledge.models import Passage
from knowledge.services.repeating import MAX_CHARACTERS, MEANING, SAME, WORDS, repetitions, said_before


class TextSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=MAX_CHARACTERS, help_text="A sentence, or a paragraph.")


class PassageSerializer(serializers.Serializer):
    media = serializers.UUIDField(source="media_id", allow_null=True)
    item = serializers.UUIDField(source="item_id", allow_null=True)
    start = serializers.FloatField(allow_null=True, help_text="Seconds.")
    page = serializers.IntegerField(allow_null=True)
    text = serializers.CharField()


class RepetitionSerializer(serializers.Serializer):
    first = PassageSerializer()
    second = PassageSerializer()
    known_by = serializers.ChoiceField([SAME, WORDS, MEANING], source="how")
    likeness = serializers.IntegerField(help_text="0–100.")


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
    """Passages of different media or items that say the same, the most alike first; at most a hundred."""

    area = Area.KNOWLEDGE
    reads = "content.view"
    queryset = Passage.objects.none()  # for the schema
    serializer_class = RepetitionSerializer
    pagination_class = None
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "search"

    @extend_schema(operation_id="repetitions", responses=RepetitionSerializer(many=True))
    def get(self, request: Request, organization: str) -> Response:
        return Response(RepetitionSerializer(repetitions(), many=True).data)
