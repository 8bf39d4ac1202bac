from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from accounts.permissions import can
from core.errors import Refused
from knowledge.links import Destination, destinations
from knowledge.services.moments import Moment, Reading
from knowledge.services.search import suggest
from media_library.wording import clock_time


@require_safe
def suggestions(request: HttpRequest, organization: str) -> JsonResponse:
    """What is found while somebody types: `{"found": [{url, text, title, time}]}`; nothing for what is no question."""
    here = request.organization  # type: ignore[attr-defined]
    if not can(request.user, "library.search", here):
        raise Http404
    try:
        result = suggest(request.GET.get("q", ""), user=request.user, organization=here)
    except Refused:
        return JsonResponse({"found": []})
    places = destinations(result, user=request.user, organization=here)
    found = [one for group in result.groups for one in group.found]
    return JsonResponse({"found": [_shown(one, places[one]) for one in found]})


def _shown(found: Moment | Reading, place: Destination) -> dict[str, str]:
    time = clock_time(found.start) if isinstance(found, Moment) else ""
    return {"url": place.url, "text": found.text, "title": place.title, "time": time}
