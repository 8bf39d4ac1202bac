"""A show or a part of it while it is written: nobody else changes it meanwhile, and what others changed stays.

Whoever writes holds the show first, then its part: two that wait for each other would never end.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.errors import Refused
from media_library.models import Episode, Podcast, PodcastPerson, Season

Part = Episode | Season | PodcastPerson


def hold_show(podcast: Podcast, *, written: Iterable[str] = ()) -> None:
    """Lock its row, and read all of it anew but the columns `written`. Raises Refused: podcast_gone (404)."""
    now = Podcast.objects.select_for_update(no_key=True).filter(pk=podcast.pk).first()
    if now is None:
        raise _gone(podcast)
    _read_anew(podcast, now, kept=set(written))


def hold_part(part: Part, *, written: Iterable[str] = ()) -> None:
    """The same with a part, after its show, as everybody does.

    Raises Refused (404): podcast_gone, and episode_gone, season_gone or person_gone.
    """
    hold_place(part)
    now = type(part).objects.select_for_update(no_key=True).filter(pk=part.pk).first()
    if now is None:
        raise _gone(part)
    _read_anew(part, now, kept=set(written))


def hold(row: Podcast | Part) -> None:
    """A show, or a part of one. Raises Refused like the two."""
    if isinstance(row, Podcast):
        hold_show(row)
    else:
        hold_part(row)


def hold_place(part: Part) -> None:
    """Its show: the same part twice at once. Raises Refused: podcast_gone (404)."""
    if not Podcast.objects.select_for_update(no_key=True).filter(pk=part.podcast_id):
        raise _gone(Podcast())


def _gone(row: Podcast | Part) -> Refused:
    code, words = {
        Podcast: ("podcast_gone", _("This show is gone.")),
        Episode: ("episode_gone", _("This episode is gone.")),
        Season: ("season_gone", _("This season is gone.")),
        PodcastPerson: ("person_gone", _("This person is gone.")),
    }[type(row)]
    return Refused(code, words, status=404)


def _read_anew(row: Podcast | Part, now: Podcast | Part, *, kept: set[str]) -> None:
    for column in row._meta.concrete_fields:
        if column.name not in kept:
            setattr(row, column.attname, getattr(now, column.attname))
