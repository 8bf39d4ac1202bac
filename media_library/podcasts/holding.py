"""A show or an episode while it is written: nobody else changes it meanwhile, and what others changed stays."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.errors import Refused
from media_library.models import Episode, Podcast


def hold_show(podcast: Podcast, *, written: Iterable[str] = ()) -> None:
    """Lock its row, and read all of it anew but the columns `written`. Raises Refused: podcast_gone (404)."""
    now = Podcast.objects.select_for_update(no_key=True).filter(pk=podcast.pk).first()
    if now is None:
        raise Refused("podcast_gone", _("This show is gone."), status=404)
    _read_anew(podcast, now, kept=set(written))


def hold_episode(episode: Episode, *, written: Iterable[str] = ()) -> None:
    """The same with an episode, after its show, as everybody does. Raises Refused: podcast_gone, episode_gone (404)."""
    hold_place(episode)
    now = Episode.objects.select_for_update(no_key=True).filter(pk=episode.pk).first()
    if now is None:
        raise Refused("episode_gone", _("This episode is gone."), status=404)
    _read_anew(episode, now, kept=set(written))


def hold_place(episode: Episode) -> None:
    """Its show: the same media twice at once. Raises Refused: podcast_gone (404)."""
    if not Podcast.objects.select_for_update(no_key=True).filter(pk=episode.podcast_id):
        raise Refused("podcast_gone", _("This show is gone."), status=404)


def _read_anew(row: Podcast | Episode, now: Podcast | Episode, *, kept: set[str]) -> None:
    for column in row._meta.concrete_fields:
        if column.name not in kept:
            setattr(row, column.attname, getattr(now, column.attname))
