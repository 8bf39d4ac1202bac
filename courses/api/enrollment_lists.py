"""Whole lists of learners through the API: CSV or JSON, one answer a row."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from core.api import says_yes
from core.parsers import JsonParser
from courses.api.enrolling_serializers import EnrollmentAnswersSerializer, ListSerializer
from courses.enrolling.rows import MOST_BYTES, Row, read_rows, read_told
from courses.services.enrollment_lists import chosen_course, enroll_list

PARAMETERS = [
    OpenApiParameter("dry_run", bool, description="Answer what would happen, and write nothing."),
    OpenApiParameter("course", str, description="Slug of the course of rows that name none."),
]


class CsvParser(BaseParser):
    """The bytes as they are, no more than a list may have and one, which is refused."""

    media_type = "text/csv"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return stream.read(MOST_BYTES + 1)


class EnrollmentList(OrganizationView):
    area = Area.LEARNING
    reads = "members.manage"
    writes = "members.manage"
    parser_classes = (JsonParser, CsvParser)
    serializer_class = ListSerializer

    @extend_schema(
        operation_id="enroll_list",
        parameters=PARAMETERS,
        request={"application/json": ListSerializer, "text/csv": OpenApiTypes.BINARY},
        responses=EnrollmentAnswersSerializer,
    )
    def post(self, request: Request, organization: str) -> Response:
        """Let in, ask in or shut out up to 5,000 people. A row that is refused loses none of the others."""
        dry_run = says_yes(request, "dry_run")
        rows, slug = self._told(request)
        slug = request.query_params.get("course", "").replace("\0", "") or slug
        answers = enroll_list(rows, by=request.user, course=chosen_course(slug), dry_run=dry_run)
        return Response(EnrollmentAnswersSerializer({"answers": answers}).data)

    def _told(self, request: Request) -> tuple[list[Row], str]:
        if isinstance(request.data, bytes):
            return read_rows(request.data), ""
        sent = ListSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        told: Mapping[str, Any] = sent.validated_data
        return read_told(told["rows"]), told.get("course", "")
