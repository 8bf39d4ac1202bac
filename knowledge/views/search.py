from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.permissions import can
from core.errors import Refused
from knowledge.links import Destination, destinations
from knowledge.question import MAX_CHARACTERS
from knowledge.services.search import FIRST_MOMENTS, MOST_MOMENTS, Moment, SearchResult, search
from media_library.wording import clock_time


@dataclass(frozen=True)
class Card:
    """A moment as the page shows it."""

    moment: Moment
    destination: Destination
    time: str


def search_page(request: HttpRequest, organization: str) -> HttpResponse:
    """One box and its moments; without scripts, every answer has an address that can be shared."""
    here = request.organization  # type: ignore[attr-defined]
    if not can(request.user, "library.search", here):
        raise Http404
    query = request.GET.get("q", "")
    wants_more = "more" in request.GET
    context = {"query": query, "query_length": MAX_CHARACTERS, "wants_more": wants_more, "asked": bool(query.strip())}
    try:
        limit = MOST_MOMENTS if wants_more else FIRST_MOMENTS
        result = search(query, user=request.user, organization=here, limit=limit)
    except Refused as refusal:
        return render(request, "knowledge/search.html", context | {"refusal": refusal.message}, status=refusal.status)
    return render(request, "knowledge/search.html", context | _answer(result, request))


def _answer(result: SearchResult, request: HttpRequest) -> dict[str, Any]:
    here = request.organization  # type: ignore[attr-defined]
    places = destinations(result.moments, user=request.user, organization=here)
    found = zip(result.moments, places, strict=True)
    cards = [Card(moment, destination, clock_time(moment.start)) for moment, destination in found]
    return {"result": result, "cards": cards}
