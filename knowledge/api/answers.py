"""What is asked in an organization, for those who make the content; never by whom."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from knowledge.asking.reviewing import about_what, answers_for_makers
from knowledge.models import Answer
from knowledge.models.conversation import Reach


class AskedFilter(filters.FilterSet):
    """`?thumb=down`, `?state=not_held`, `?reach=course`."""

    reach = filters.ChoiceFilter(field_name="conversation__reach", choices=Reach.choices)

    class Meta:
        model = Answer
        fields = ["thumb", "state", "manner"]


class AskedSerializer(serializers.ModelSerializer):
    reach = serializers.ChoiceField(Reach.choices, source="conversation.reach")
    about = serializers.SerializerMethodField(help_text="Such as “This lesson: Tides”.")
    cost = serializers.DecimalField(max_digits=12, decimal_places=6, help_text="US dollars.")

    class Meta:
        model = Answer
        fields = [
            "id", "question", "text", "reach", "about", "state", "manner", "problem", "thumb", "model", "prompt",
            "cost", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_about(self, answer: Answer) -> str:
        return about_what(answer)


class AskedList(OrganizationView):
    """Questions of everybody and how they were answered, the last one first. Who asked is not told."""

    area = Area.KNOWLEDGE
    reads = "content.view"
    queryset = Answer.objects.none()  # for the schema
    serializer_class = AskedSerializer
    filterset_class = AskedFilter

    @extend_schema(operation_id="asked_questions", responses=AskedSerializer(many=True))
    def get(self, request: Request, **kwargs: object) -> Response:
        page = self.paginate_queryset(self.filter_queryset(answers_for_makers()))
        return self.get_paginated_response(AskedSerializer(page, many=True).data)
