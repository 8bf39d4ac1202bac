"""Seasons of a show."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from core.errors import Refused
from core.lines import one_line
from media_library.models import Season
from media_library.models.podcasts import LARGEST_NUMBER
from media_library.podcasts.changes import touch
from media_library.podcasts.holding import hold_part, hold_place

WRITTEN = ("number", "name")


@transaction.atomic
def save_season(season: Season, *, by: Any, written: Iterable[str] = WRITTEN) -> Season:
    """Write a new season, or of one there is the columns `written`: what others change meanwhile stays. Without a
    number it is the next one.

    Raises Refused, with the field `number`: season_taken, invalid. podcast_gone and season_gone (404) have none.
    """
    if season._state.adding:
        hold_place(season)
    else:
        hold_part(season, written=set(written).intersection(WRITTEN))
    others = Season.objects.filter(podcast=season.podcast_id).exclude(pk=season.pk)
    if season.number is None:
        season.number = (others.aggregate(last=Max("number"))["last"] or 0) + 1
    if season.number < 1:
        raise _refusal("invalid", _("Seasons are counted from 1."))
    refuse_large(season.number)
    if others.filter(number=season.number).exists():
        raise _refusal("season_taken", _("The show has this season already."))
    season.name = one_line(season.name)
    season.save()
    touch(season.podcast)
    return season


def refuse_large(number: int) -> None:
    """Raises Refused `invalid`, with the field `number`."""
    if number > LARGEST_NUMBER:
        raise _refusal("invalid", _("The largest number is %(most)d.") % {"most": LARGEST_NUMBER})


def make_way(seasons: Sequence[Season]) -> None:
    """Seasons of one show that get other numbers step aside, so that two may swap theirs. Inside the transaction that
    then writes each with `save_season`. Raises Refused: podcast_gone (404).
    """
    hold_place(seasons[0])
    rows = Season.objects.filter(pk__in=[one.pk for one in seasons])
    last = Season.objects.filter(podcast__in=rows.values("podcast")).aggregate(last=Max("number"))["last"]
    rows.update(number=F("number") + (last or 0))


@transaction.atomic
def delete_season(season: Season, *, by: Any) -> None:
    """Its episodes stay in the show. Raises Refused (404): podcast_gone, season_gone."""
    hold_part(season)
    podcast = season.podcast
    season.delete()
    touch(podcast)


def _refusal(code: str, words: str) -> Refused:
    return Refused(code, words, fields={"number": [words]})
