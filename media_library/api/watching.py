"""What players report. Asked every ten seconds by everyone who watches: as little as possible happens on the way."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import Http404, JsonResponse
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from core.errors import Refused
from core.parsers import JsonParser
from media_library.api.serializers import (
    WatchReportSerializer,
    WatchSessionSerializer,
    WatchStartSerializer,
    WatchStateSerializer,
)
from media_library.api.visit_key import VisitKey, key_of
from media_library.models import Media, WatchRecord
from media_library.services.watching import WatchState, end_session, report_watching, start_session, state_of


class AlwaysJson(BaseContentNegotiation):
    """There is nothing to negotiate."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class WatchView(OrganizationView):
    """For every member."""

    reads = writes = "course.learn"
    parser_classes = (JsonParser,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = AlwaysJson
    serializer_class = WatchStateSerializer


class SessionListView(WatchView):
    area = Area.LEARNING

    @extend_schema(
        operation_id="watch_session_start", request=WatchSessionSerializer, responses={201: WatchStartSerializer}
    )
    def post(self, request: Request, organization: str) -> JsonResponse:
        """A visit begins. Answers its id and how far this learner is."""
        form = WatchSessionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        visible = Media.objects.visible_to(request.user, self.member_organization)
        media = visible.filter(pk=wanted.pop("media")).defer("source_metadata", "description").first()
        if media is None:
            raise Http404
        session = start_session(media, user=request.user, context_id=wanted.pop("item"), **wanted)
        record = WatchRecord.objects.get(user=request.user, media=media)
        state = asdict(state_of(record))
        return JsonResponse({"id": session.pk, "key": key_of(session), **state}, status=201)


class ReportView(WatchView):
    authentication_classes = (VisitKey, *WatchView.authentication_classes)


class SessionProgressView(ReportView):
    area = Area.LEARNING

    @extend_schema(operation_id="watch_session_progress", request=WatchReportSerializer, responses=WatchStateSerializer)
    def post(self, request: Request, organization: str, session_id: UUID) -> JsonResponse:
        """Seconds that were played since the last report; telling some of them again changes nothing."""
        return _answer(session_id, report_watching(session_id, user=request.user, **_report(request)))

    @extend_schema(
        operation_id="watch_session_progress_put", request=WatchReportSerializer, responses=WatchStateSerializer
    )
    def put(self, request: Request, organization: str, session_id: UUID) -> JsonResponse:
        return self.post(request, organization, session_id)


class SessionEndView(ReportView):
    area = Area.LEARNING

    @extend_schema(operation_id="watch_session_end", request=WatchReportSerializer, responses=WatchStateSerializer)
    def post(self, request: Request, organization: str, session_id: UUID) -> JsonResponse:
        """The last report of a visit; ending it again changes nothing."""
        return _answer(session_id, end_session(session_id, user=request.user, **_report(request)))

    @extend_schema(operation_id="watch_session_end_put", request=WatchReportSerializer, responses=WatchStateSerializer)
    def put(self, request: Request, organization: str, session_id: UUID) -> JsonResponse:
        return self.post(request, organization, session_id)


def _report(request: Request) -> dict[str, Any]:
    data = request.data
    if not isinstance(data, dict):
        raise Refused("invalid_report", "This watch report could not be read.")
    return {
        "intervals": data.get("intervals", []), "position": data.get("position", 0), "speed": data.get("speed", 1),
        "duration": data.get("duration"),
    }  # fmt: skip


def _answer(session_id: UUID, state: WatchState) -> JsonResponse:
    return JsonResponse({"id": session_id, **asdict(state)})
