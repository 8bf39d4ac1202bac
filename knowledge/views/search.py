from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.permissions import can
from core.errors import Refused
from knowledge.forms import FilterForm
from knowledge.links import Destination, destinations
from knowledge.pictures import Picture, picture_of
from knowledge.question import MAX_CHARACTERS
from knowledge.services.frame_notes import notes_beside
from knowledge.services.moments import Group, Moment, Reading
from knowledge.services.search import FIRST_MOMENTS, MOST_MOMENTS, SearchResult, search
from knowledge.visible import Choices, Filters, choices_for
from media_library.links import audience_of
from media_library.wording import clock_time


@dataclass(frozen=True)
class Card:
    """A moment or reading as the page shows it."""

    found: Moment | Reading
    destination: Destination
    time: str = ""
    picture: Picture | None = None


@dataclass(frozen=True)
class Shelf:
    """What one media item says, or one item of a course; `within` is the address that searches in it alone."""

    group: Group
    cards: list[Card]
    within: str = ""

    @property
    def title(self) -> str:
        return self.cards[0].destination.title

    @property
    def course(self) -> str:
        return self.cards[0].destination.course


def search_page(request: HttpRequest, organization: str) -> HttpResponse:
    """One box and its moments; without scripts, every answer has an address that can be shared."""
    here = request.organization  # type: ignore[attr-defined]
    if not can(request.user, "library.search", here):
        raise Http404
    query = request.GET.get("q", "")
    asked = bool(query.strip())
    form = FilterForm(request.GET, choices=choices_for(request.user, here) if asked else Choices([], [], []))
    filters = form.filters()
    context = {"query": query, "query_length": MAX_CHARACTERS, "wants_more": "more" in request.GET, "asked": asked}
    context |= {"form": form, "filters": filters}
    try:
        as_typed = "as_typed" in request.GET
        limit = MOST_MOMENTS if "more" in request.GET else FIRST_MOMENTS
        result = search(query, user=request.user, organization=here, limit=limit, filters=filters, as_typed=as_typed)
    except Refused as refusal:
        return render(request, "knowledge/search.html", context | {"refusal": refusal.message}, status=refusal.status)
    context["notes"] = notes_beside(result, query, user=request.user, organization=here, filters=filters)
    return render(request, "knowledge/search.html", context | _answer(result, filters, request))


def _answer(result: SearchResult, filters: Filters, request: HttpRequest) -> dict[str, Any]:
    here = request.organization  # type: ignore[attr-defined]
    places = destinations(result, user=request.user, organization=here)
    shelves = [_shelf(group, places, filters, request) for group in result.groups]
    speakers = sorted({moment.speaker for moment in result.moments if moment.speaker} - {filters.speaker})
    return {
        "result": result,
        "shelves": shelves,
        "speakers": [(name, _address(request, speaker=name)) for name in speakers],
        "active": list(_active(shelves, filters, request)),
        "as_typed": _address(request, as_typed="1"),
        "more": _address(request, more="1"),
    }


def _shelf(group: Group, places: dict[Moment | Reading, Destination], filters: Filters, request: HttpRequest) -> Shelf:
    cards = [_card(found, places[found], request) for found in group.found]
    within = _address(request, media=str(group.media.pk)) if group.media and not filters.media else ""
    return Shelf(group, cards, within)


def _card(found: Moment | Reading, destination: Destination, request: HttpRequest) -> Card:
    if isinstance(found, Reading):
        return Card(found, destination)
    slug = request.organization.slug  # type: ignore[attr-defined]
    picture = None if destination.is_heard else picture_of(found, slug=slug, audience=audience_of(request))
    return Card(found, destination, clock_time(found.start), picture)


def _active(shelves: list[Shelf], filters: Filters, request: HttpRequest) -> Iterable[tuple[str, str]]:
    """What narrows though no field of the form shows it: its name, and the address without it."""
    if filters.speaker:
        yield filters.speaker, _address(request, speaker="")
    if filters.media:
        title = shelves[0].title if shelves else ""
        yield title, _address(request, media="")


def _address(request: HttpRequest, **changes: str) -> str:
    """This page with other filters; what is empty goes."""
    parameters = request.GET.copy()
    parameters.pop("more", None)
    for name, value in changes.items():
        parameters[name] = value
    kept = parameters.copy()
    for name in [name for name, value in parameters.items() if not value]:
        del kept[name]
    return f"?{kept.urlencode()}"
