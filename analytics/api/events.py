"""Events told by other systems, and read back by them. Hundreds come at once: little happens on the way."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any, ClassVar

from django.conf import settings
from django.http import JsonResponse
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import OrganizationView
from accounts.models.token import Area
from analytics.api.event_serializers import (
    EventAnswersSerializer,
    EventPageSerializer,
    EventQuerySerializer,
    EventTypeSerializer,
    NewEventsSerializer,
    described_types,
)
from analytics.services.ingest import take_events
from analytics.services.reading import read_events
from core.errors import RETRY_SECONDS, Refused, error_body
from core.parsers import PackedJsonParser
from media_library.api.watching import AlwaysJson

#: Of this process. While the database is slow each call holds a thread, and some have to stay for everybody else.
SLOTS = BoundedSemaphore(settings.EVENT_CALLS_AT_ONCE)
BUSY = ("events_busy", "Many events are arriving just now. Please send these again in a moment.")


class EventView(OrganizationView):
    reads = "analytics.view"
    writes = "events.send"
    parser_classes = (PackedJsonParser,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = AlwaysJson
    filter_backends: ClassVar[list[Any]] = []
    pagination_class = None


class EventListView(EventView):
    area = Area.ANALYTICS
    serializer_class = EventPageSerializer

    @extend_schema(operation_id="event_list", parameters=[EventQuerySerializer], responses=EventPageSerializer)
    def get(self, request: Request, organization: str) -> Response:
        """What happened, oldest first. A page looks at `limit` events, so it may hold fewer, or none, and go on."""
        query = EventQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        return Response(EventPageSerializer(read_events(**query.validated_data)).data)

    @extend_schema(
        operation_id="event_send",
        request=NewEventsSerializer,
        responses={200: EventAnswersSerializer, 413: None, 415: None, 429: None, 503: None},
    )
    def post(self, request: Request, organization: str) -> JsonResponse:
        """Tell 1 to 1,000 events. Each is answered by itself: those that are right are kept when others are refused.

        May be packed (`Content-Encoding: gzip`). Events that came with an id can be sent again: they are `known` then.
        After 429 and 503 send the whole call again, `Retry-After` seconds later.
        """
        with slot() as is_free:
            if not is_free:
                return JsonResponse(error_body(*BUSY), status=429, headers={"Retry-After": RETRY_SECONDS})
            events, sent_at = _told(request.data)
            results = take_events(events, sent_at=sent_at)
        counts = Counter(answer["status"] for answer in results)
        return JsonResponse({"results": results, **{name: counts[name] for name in ("stored", "known", "refused")}})


class EventTypeListView(EventView):
    area = Area.ANALYTICS
    serializer_class = EventTypeSerializer

    @extend_schema(operation_id="event_types", responses=EventTypeSerializer(many=True))
    def get(self, request: Request, organization: str) -> Response:
        """Every type of event, what it means, and what its metadata must be."""
        return Response(EventTypeSerializer(described_types(), many=True).data)


@contextmanager
def slot() -> Iterator[bool]:
    """Whether this call may go on; it holds one of the few places meanwhile."""
    is_free = SLOTS.acquire(blocking=False)
    try:
        yield is_free
    finally:
        if is_free:
            SLOTS.release()


def _told(body: Any) -> tuple[list[Any], datetime | None]:
    """Raises Refused: invalid."""
    if not isinstance(body, dict):
        raise Refused("invalid", 'This is no {"events": […]}.')
    if unknown := body.keys() - {"events", "sent_at"}:
        raise _invalid({str(name)[:40]: "There is no such entry here." for name in sorted(unknown)})
    if not isinstance(body.get("events"), list):
        raise _invalid({"events": "This must be a list of events."})
    return body["events"], _sent_at(body.get("sent_at"))


def _sent_at(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _invalid({"sent_at": "This must be a time with its zone, as ISO 8601 writes it."})
    return moment


def _invalid(reasons: dict[str, str]) -> Refused:
    fields = {name: [reason] for name, reason in reasons.items()}
    return Refused("invalid", "Some of this could not be accepted.", fields=fields)
