"""Where words come from and what they cost, in numbers."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from media_library.services.words_report import words_report

MONEY: dict[str, Any] = {"max_digits": 12, "decimal_places": 6}


class MethodCountSerializer(serializers.Serializer[Any]):
    method = serializers.CharField()
    media = serializers.IntegerField()
    percent = serializers.FloatField()


class SpentSerializer(serializers.Serializer[Any]):
    """`cost` in US dollars, `quantity` in seconds or tokens. Where no price is known, the cost is 0."""

    purpose = serializers.CharField()
    words = serializers.CharField(source="label", help_text="The purpose, in words.")
    provider = serializers.CharField()
    model = serializers.CharField()
    unit = serializers.CharField(help_text="seconds, tokens")
    calls = serializers.IntegerField()
    quantity = serializers.DecimalField(max_digits=17, decimal_places=3)
    cost = serializers.DecimalField(**MONEY)
    is_price_known = serializers.BooleanField()


class SubjectCostSerializer(serializers.Serializer[Any]):
    """`subject` is the key of a media item, a draft, a course draft or an answer; `name` says where that is gone."""

    subject = serializers.UUIDField()
    name = serializers.CharField(help_text="Such as the media or the course that a draft was made for.")
    purpose = serializers.CharField()
    words = serializers.CharField(help_text="The purpose, in words.")
    calls = serializers.IntegerField()
    cost = serializers.DecimalField(**MONEY)


class CostsSerializer(serializers.Serializer[Any]):
    """In US dollars; `spent` counts calls under way at their greatest cost, `ceiling` is null where there is none.

    `free_percent` of the media with words, now; null where none have any.
    """

    month = serializers.DateField(format="%Y-%m")
    spent = serializers.DecimalField(**MONEY)
    ceiling = serializers.DecimalField(max_digits=9, decimal_places=2, allow_null=True)
    percent = serializers.FloatField(allow_null=True, help_text="Of the ceiling, 0–100.")
    costs = SpentSerializer(many=True)
    subjects = SubjectCostSerializer(many=True, help_text="At most ten, the dearest first.")
    with_words = serializers.IntegerField()
    free = serializers.IntegerField()
    free_percent = serializers.FloatField(allow_null=True)
    methods = MethodCountSerializer(many=True)


class CostsView(OrganizationView):
    area = Area.MEDIA
    reads = "content.view"
    serializer_class = CostsSerializer

    @extend_schema(
        operation_id="costs",
        parameters=[OpenApiParameter("month", str, description="Such as 2026-11; the present one without it.")],
        responses=CostsSerializer,
    )
    def get(self, request: Request, organization: str) -> Response:
        """What paid services cost in a month, and how many transcripts cost nothing."""
        return Response(CostsSerializer(words_report(request.query_params.get("month", ""))).data)
