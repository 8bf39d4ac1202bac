from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle

from accounts.api.views import OrganizationView
from accounts.models import Organization
from accounts.models.token import Area
from knowledge.api.serializers import LibraryAnswerSerializer, QuestionSerializer
from knowledge.links import destinations
from knowledge.services.frame_notes import notes_beside
from knowledge.services.search import SearchResult, search


class SearchView(OrganizationView):
    """Moments in which the library says what is asked, best first."""

    area = Area.KNOWLEDGE
    reads = "library.search"
    serializer_class = LibraryAnswerSerializer
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "search"

    @extend_schema(operation_id="search", parameters=[QuestionSerializer], responses=LibraryAnswerSerializer)
    def get(self, request: Request, organization: str) -> Response:
        question = QuestionSerializer(data=request.query_params)
        question.is_valid(raise_exception=True)
        here = self.member_organization
        result = search(
            question.validated_data["q"], user=request.user, organization=here,
            limit=question.validated_data["limit"], filters=question.filters(),
            as_typed=question.validated_data["as_typed"],
        )  # fmt: skip
        notes = notes_beside(
            result, question.validated_data["q"], user=request.user, organization=here, filters=question.filters()
        )
        told = [{"note": note, "url": note.url(here)} for note in notes]
        answer = answered(result, user=request.user, organization=here) | {"notes": told}
        return Response(LibraryAnswerSerializer(answer).data)


def answered(result: SearchResult, *, user: Any, organization: Organization) -> dict[str, Any]:
    """A result as `AnswerSerializer` reads it."""
    places = destinations(result, user=user, organization=organization)
    return {
        "manner": result.manner,
        "corrected": result.corrected,
        "has_more": result.has_more,
        "moments": [{"moment": moment, "destination": places[moment]} for moment in result.moments],
        "readings": [{"reading": reading, "destination": places[reading]} for reading in result.readings],
    }
