"""Pages about one media item."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import Organization
from accounts.permissions import can
from core.content_policy import widen_policy
from media_library.chapter_marks import marks_in
from media_library.links import audience_of
from media_library.models import Media, Referrer
from media_library.panels import MEDIA, panels_of
from media_library.player import player_context, referrer_named
from media_library.podcasts.hearing import heard_instead
from media_library.services.status import status_of
from media_library.views.playlists import standing_in, way_on


@require_safe
def watch(request: HttpRequest, organization: str, media_id: UUID) -> HttpResponse:
    """The player and the transcript, outside of any course; `?t=` is the second to start at.

    `?list=` is the playlist that it is played through, `?play=1` begins at once.
    """
    here: Organization = request.organization  # type: ignore[attr-defined]
    media = Media.objects.for_player().watchable_by(request.user, here).filter(pk=media_id).first()
    if media is None:
        return _elsewhere(request, media_id)
    player = player_context(
        media,
        user=request.user,
        organization=here,
        audience=audience_of(request),
        start=start_second(request),
        referrer=referrer_named(request.GET.get("ref", ""), otherwise=Referrer.DIRECT_LINK),
    )
    about = {"credits": media.credits.all(), "tags": media.tags.all(), "marks": marks_in(media.chapters)}
    context = {"media": media, "player": player, "extra": panels_of(MEDIA), **about, **standing_in(request, media.pk)}
    response = render(request, "media_library/watch.html", context)
    widen_policy(response, player.policy)
    return response


def _elsewhere(request: HttpRequest, media_id: UUID) -> HttpResponse:
    """Who may only hear it is led to where it is heard, who plays a list to what follows. Raises Http404."""
    here = request.organization  # type: ignore[attr-defined]
    if heard := heard_instead(request.user, here, media_id):
        query = request.GET.urlencode()
        return redirect(heard.page(here.slug) + (f"?{query}" if query else ""))
    if another := way_on(request, media_id):
        return another
    raise Http404


@require_safe
def status(request: HttpRequest, organization: str, media_id: UUID) -> HttpResponse:
    """A fragment: where processing stands, asked again every two seconds while it is under way."""
    media = Media.objects.filter(pk=media_id).first()
    if media is None or not can(request.user, "content.view", request.organization):  # type: ignore[attr-defined]
        raise Http404
    response = render(request, "media_library/status.html", {"media": media, "status": status_of(media)})
    response["Cache-Control"] = "no-store"
    return response


def start_second(request: HttpRequest) -> float | None:
    """The second that `?t=` names; None where it names none."""
    try:
        second = float(request.GET.get("t", ""))
    except ValueError:
        return None
    return second if 0 <= second < float("inf") else None
