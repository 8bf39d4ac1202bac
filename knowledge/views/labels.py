"""What media is about, for those who watch: its labels, what is related, and the media of a label."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.permissions import can
from knowledge.labels.reading import labels_seen_by, media_labelled, shown_labels
from knowledge.labels.related import lessons_or_pages, related_media
from media_library.models import Media
from media_library.podcasts.hearing import heard_as
from media_library.views.lookup import visible_media

LABELS_A_PAGE = 200
MEDIA_A_PAGE = 24


@dataclass(frozen=True)
class Card:
    """A media item, and where it opens; `start` in seconds, None: where the person left it."""

    media: Media
    url: str
    start: float | None = None


@require_safe
def around(request: HttpRequest, organization: str, media_id: UUID) -> HttpResponse:
    """Labels and related media of one media item: a page, and for the script of its own page the list alone."""
    here = request.organization  # type: ignore[attr-defined]
    media = visible_media(request, media_id, Media.objects.for_list())
    related = related_media(media, user=request.user, organization=here)
    places = lessons_or_pages([one.media.pk for one in related], user=request.user, organization=here)
    cards = [Card(one.media, f"{places[one.media.pk]}?t={int(one.start)}", one.start) for one in related]
    is_panel = request.headers.get("X-Requested-With") == "fetch"
    heard = heard_as(request.user, here, [media]).get(media.pk)
    title = heard.title if heard else media.title
    context = {
        "media": media,
        "title": title,
        "labels": list(shown_labels(media.pk)),
        "cards": cards,
        "is_panel": is_panel,
    }
    response = render(request, f"knowledge/around_{'panel' if is_panel else 'page'}.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def label_list(request: HttpRequest, organization: str) -> HttpResponse:
    """What the library speaks about, as far as this person may see it."""
    page = Paginator(_labels(request), LABELS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "knowledge/labels.html", {"page": page})


@require_safe
def label_page(request: HttpRequest, organization: str, label: str) -> HttpResponse:
    """The media of a label that this person may see now. A label that stands on none of them is not there."""
    found = get_object_or_404(_labels(request), slug=label)
    here = request.organization  # type: ignore[attr-defined]
    media = Media.objects.watchable_by(request.user, here).present().filter(media_labelled(label)).for_list()
    page = Paginator(media.order_by("-pk"), MEDIA_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "knowledge/label.html", {"label": found, "page": page, "cards": _cards(page, request)})


def _labels(request: HttpRequest) -> Any:
    here = request.organization  # type: ignore[attr-defined]
    if not can(request.user, "library.search", here):
        raise Http404
    return labels_seen_by(request.user, here)


def _cards(page: Page, request: HttpRequest) -> list[Card]:
    here = request.organization  # type: ignore[attr-defined]
    shown: list[Media] = list(page.object_list)
    places = lessons_or_pages([media.pk for media in shown], user=request.user, organization=here)
    return [Card(media, places[media.pk]) for media in shown]
