"""Shows to listen to: which there are, one of them, and an episode, whose player goes on while one looks around."""

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.permissions import can
from core.content_policy import widen_policy
from media_library.chapter_marks import marks_in
from media_library.links import audience_of
from media_library.models import Episode, Media, Podcast, Referrer
from media_library.panels import MEDIA, panels_of
from media_library.player import PlayerContext, picture_version, player_context, referrer_named
from media_library.playlists.contents import Standing
from media_library.podcasts.channels import heard_episodes
from media_library.podcasts.hearing import episodes_for, shows_for
from media_library.podcasts.listing import (
    beside,
    is_out,
    listed,
    people_of,
    plays_after,
    seasons_of,
    shows_with_counts,
    way_into,
)
from media_library.podcasts.my_feeds import following_of
from media_library.views.pages import start_second
from media_library.views.playlists import standing_in, way_on
from media_library.views.sending import send_file

SHOWS_A_PAGE, EPISODES_A_PAGE = 24, 30


class Step(NamedTuple):
    """What plays before or after; `address` begins it at once."""

    title: str
    address: str


@login_not_required
@require_safe
def shows(request: Any, organization: str) -> HttpResponse:
    """The shows that this person may know of."""
    found = shows_with_counts(request.user, request.organization)
    page = Paginator(found, SHOWS_A_PAGE).get_page(request.GET.get("page"))
    cards = [(show, picture_of(show, organization)) for show in page]
    return render(request, "media_library/podcasts/shows.html", {"here": "podcasts", "cards": cards, "page": page})


@login_not_required
@require_safe
def show(request: Any, organization: str, podcast: str) -> HttpResponse:
    """A show and its episodes; `?season=` narrows them."""
    found = find_show(request, podcast)
    episodes = episodes_for(request.user, request.organization)
    seasons = list(seasons_of(found, episodes))
    season = next((one for one in seasons if str(one.number) == request.GET.get("season")), None)
    rows = listed(episodes if season is None else episodes.filter(season=season), found, request.user)
    page = Paginator(rows, EPISODES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "here": "podcasts", "show": found, "picture": picture_of(found, organization), "people": people_of(found),
        "seasons": seasons, "season": season, "kept": f"season={season.number}" if season else "", "page": page,
        "episodes": [(episode, is_out(episode), way_into(episode)) for episode in page],
        "following": following_of(found, user=request.user, organization=request.organization),
        "is_learner": can(request.user, "course.learn", request.organization),
    }  # fmt: skip
    return render(request, "media_library/podcasts/show.html", context)


@login_not_required
@require_safe
def episode(request: Any, organization: str, podcast: str, episode_id: UUID) -> HttpResponse:
    """What is said in it, and its player; `?t=` is the second to start at.

    `?list=` is the playlist that it is played through, `?play=1` begins at once.
    """
    episodes = episodes_for(request.user, request.organization)
    try:
        found = find_show(request, podcast)
        one = find_episode(found, episodes, episode_id)
    except Http404:
        if another := _way_on(request, episode_id):
            return another
        raise
    player = _player(request, one, organization)
    before, after = beside(one, episodes)
    through = standing_in(request, player.media_id) if player else {}
    context = {
        "here": "podcasts", "show": found, "episode": one, "is_out": is_out(one), "player": player,
        "picture": picture_of(one, organization) or picture_of(found, organization),
        "people": people_of(found, one), "before": before, "after": after,
        "marks": marks_in(one.media.chapters) if one.media else [],
        "panels": _panels(one, organization) if player else [],
        "is_heard": bool(player) or heard_episodes(found).filter(pk=one.pk).exists(),
        **through,
        **(_steps_in(through["standing"]) if through else _steps(found, before, after, organization)),
    }  # fmt: skip
    response = render(request, "media_library/podcasts/episode.html", context)
    if player:
        widen_policy(response, player.policy)
    return response


@login_not_required
@require_safe
def picture(request: Any, organization: str, podcast: str, episode_id: UUID | None = None) -> HttpResponseBase:
    """The artwork of a show or an episode, to whoever may know of it. Its address changes with it: browsers keep it."""
    row: Podcast | Episode = find_show(request, podcast)
    if episode_id is not None:
        row = find_episode(row, episodes_for(request.user, request.organization), episode_id)
    if not row.artwork_path:
        raise Http404
    kind = "image/png" if row.artwork_path.endswith(".png") else "image/jpeg"
    response = send_file(request, row.artwork_path, content_type=kind)
    response.headers.setdefault("Cache-Control", "private, max-age=86400")
    return response


def find_show(request: Any, slug: str) -> Podcast:
    """Raises Http404."""
    found = shows_for(request.user, request.organization).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def find_episode(show: Any, episodes: Any, episode_id: UUID) -> Episode:
    """With what its player needs. Raises Http404."""
    rows = episodes.select_related("season", "media__rendition", "media__transcript")
    found: Episode | None = rows.filter(podcast=show, pk=episode_id).first()
    if found is None:
        raise Http404
    found.podcast = show
    return found


def picture_of(row: Podcast | Episode, slug: str) -> str:
    """The address of its artwork; empty without one."""
    if not row.artwork_path:
        return ""
    show, names = (row, []) if isinstance(row, Podcast) else (row.podcast, [row.pk])
    address = reverse("media_library:podcast_picture", args=[slug, show.slug, *names])
    return f"{address}?v={picture_version(row.artwork_path)}"


def _player(request: Any, episode: Episode, slug: str) -> PlayerContext | None:
    """For members, whose listening counts; None also where its sound is not there yet."""
    media: Media | None = episode.media
    if media is None or not media.is_playable or not can(request.user, "course.learn", request.organization):
        return None
    return player_context(
        media,
        user=request.user,
        organization=request.organization,
        audience=audience_of(request),
        start=start_second(request),
        referrer=referrer_named(request.GET.get("ref", ""), otherwise=Referrer.DIRECT_LINK),
        as_sound=True,
    )


def _steps(show: Podcast, before: Episode | None, after: Episode | None, slug: str) -> dict[str, Step]:
    """What begins by itself where this one ends, and what stands before it, in the show."""
    steps = {"previous": before, "next": after}
    return {
        name: Step(one.title, f"{reverse('media_library:episode', args=[slug, show.slug, one.pk])}?play=1")
        for name, one in steps.items()
        if one and plays_after(one)
    }


def _steps_in(standing: Standing) -> dict[str, Step]:
    """The same in a playlist."""
    steps = {"previous": standing.previous, "next": standing.next}
    return {name: Step(row.title, f"{row.address}&play=1") for name, row in steps.items() if row}


def _way_on(request: Any, episode_id: UUID) -> HttpResponse | None:
    """For who plays a list through, and comes to an episode that is not theirs to hear any more."""
    media_id = Episode.objects.filter(pk=episode_id).values_list("media", flat=True).first()
    return way_on(request, media_id) if media_id else None


def _panels(episode: Episode, slug: str) -> list[tuple[Any, str]]:
    """What can be asked about it stands on the page of its media."""
    base = reverse("media_library:watch", args=[slug, episode.media_id])
    return [(panel.label, base + panel.address) for panel in panels_of(MEDIA)]
