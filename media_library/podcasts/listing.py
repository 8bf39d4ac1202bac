"""Shows and episodes as their pages list them, each with how far this listener is."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Organization
from accounts.permissions import can
from media_library.going_on import GoingOn, going_on
from media_library.models import Episode, EpisodeType, Podcast, PodcastPerson, Season, ShowType, WatchRecord
from media_library.podcasts.hearing import episodes_for, shows_for

TRAILERS_FIRST = Case(When(type=EpisodeType.TRAILER, then=Value(0)), default=Value(1))


def shows_with_counts(user: Any, organization: Organization) -> QuerySet[Podcast]:
    """Each with `latest_at` and `next_at`, when its last episode came out and when the next one does; one with new
    ones first. Only makers see one without an episode. One statement.
    """
    days = episodes_for(user, organization).filter(podcast=OuterRef("pk")).values("published_at")
    shows = shows_for(user, organization).annotate(
        latest_at=Subquery(days.filter(published_at__lte=Now()).order_by("-published_at")[:1]),
        next_at=Subquery(days.filter(published_at__gt=Now()).order_by("published_at")[:1]),
    )
    if not can(user, "content.view", organization):
        shows = shows.exclude(latest_at=None)
    return shows.order_by(F("latest_at").desc(nulls_last=True), "title")


def listed(episodes: QuerySet[Episode], show: Podcast, user: Any) -> QuerySet[Episode]:
    """Trailers, then the others as the show is heard: the newest first, or from the beginning. See `with_progress`."""
    order = ["-published_at", "-pk"]
    if show.type == ShowType.SERIAL:
        order = ["season__number", "number", "published_at", "pk"]
    rows = episodes.filter(podcast=show).select_related("media", "season")
    return with_progress(rows, user).order_by(TRAILERS_FIRST, *order)


def with_progress(episodes: QuerySet[Episode], user: Any) -> QuerySet[Episode]:
    """Each with `percent` (0–100), `position` (seconds) and `completed_at` of this person; None where never begun."""
    mine = WatchRecord.objects.filter(media=OuterRef("media"), user=user.pk)
    return episodes.annotate(
        percent=Subquery(mine.values("percent")[:1]),
        position=Subquery(mine.values("position")[:1]),
        completed_at=Subquery(mine.values("completed_at")[:1]),
    )


def seasons_of(show: Podcast, episodes: QuerySet[Episode]) -> QuerySet[Season]:
    """Those with an episode that is heard."""
    return Season.objects.filter(Exists(episodes.filter(season=OuterRef("pk"))), podcast=show)


def people_of(show: Podcast, episode: Episode | None = None) -> Sequence[PodcastPerson]:
    """Who is heard. Those of an episode stand instead of those of the show. One statement."""
    rows = list(PodcastPerson.objects.filter(Q(episode=None) | Q(episode=episode), podcast=show))
    own = [person for person in rows if episode is not None and person.episode_id == episode.pk]
    return own or [person for person in rows if person.episode_id is None]


def beside(episode: Episode, episodes: QuerySet[Episode]) -> tuple[Episode | None, Episode | None]:
    """The ones before and after it as its show is heard, like `listed`; none beside a draft. Two statements."""
    if episode.published_at is None:
        return None, None
    others = episodes.filter(podcast=episode.podcast_id).exclude(pk=episode.pk)
    same_time = Q(published_at=episode.published_at)
    before = others.filter(Q(published_at__lt=episode.published_at) | same_time & Q(pk__lt=episode.pk))
    after = others.filter(Q(published_at__gt=episode.published_at) | same_time & Q(pk__gt=episode.pk))
    older, newer = before.order_by("-published_at", "-pk").first(), after.order_by("published_at", "pk").first()
    return (older, newer) if episode.podcast.type == ShowType.SERIAL else (newer, older)


def plays_after(episode: Episode) -> bool:
    """Whether it may begin by itself where another one ends."""
    return episode.media_id is not None and is_out(episode)


def way_into(episode: Any) -> GoingOn:
    """Where this person goes on with an episode read `with_progress`."""
    length = episode.media.duration if episode.media else None
    return going_on(episode.position, length=length, is_completed=episode.completed_at is not None)


def is_out(episode: Episode) -> bool:
    """Its day has come."""
    return episode.published_at is not None and episode.published_at <= timezone.now()
