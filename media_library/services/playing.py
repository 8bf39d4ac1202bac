"""How media plays that lies at a host, and whether watching it can be measured."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Subquery
from django.utils.translation import gettext as _

from media_library.models import Media, SourceAccount
from media_library.services.hosts import access_with, credentials_in, host_of, reference_of
from media_library.sources import Playback, Source, SourceError, Tells


@dataclass(frozen=True)
class Hosted:
    """Where it lies, and how a page plays it; `trouble` says why none can, and what to do about it."""

    label: str
    address: str
    playback: Playback = Playback("")
    trouble: str = ""


class ByHand(StrEnum):
    """Why watching cannot be measured, so that whoever watched it says so."""

    LENGTH = "length"  # nobody knows yet how long it is
    PLAYER = "player"  # its host's player tells nothing

    @property
    def words(self) -> str:
        """A sentence."""
        if self is ByHand.PLAYER:
            return _("Progress is by hand here: its player does not say what was watched.")
        return _("Progress is by hand here: nobody knows yet how long this is, so that no part of it can be measured.")


def hosted_playback(media: Media) -> Hosted | None:
    """None for what plays from here, or does not play. One statement for what a host plays."""
    host = _playing_host(media)
    if host is None:
        return None
    reference = reference_of(media)
    account = SourceAccount.objects.filter(source=host.name).values("sealed")[:1]
    found = Media.objects.filter(pk=media.pk).values_list("source_metadata__facts", Subquery(account))
    facts, sealed = found.get()
    try:
        playback = host.playback(reference, access_with(host, credentials_in(sealed)), facts=facts or {})
    except SourceError as error:
        return Hosted(host.label, host.address(reference), trouble=error.message(host.label))
    return Hosted(host.label, host.address(reference), playback)


def why_by_hand(media: Media) -> ByHand | None:
    """None where watching it is measured, and for what does not play at all."""
    if not media.is_playable:
        return None
    host = _playing_host(media)
    if host is not None and host.tells is Tells.NOTHING:
        return ByHand.PLAYER
    return ByHand.LENGTH if media.duration is None else None


def _playing_host(media: Media) -> Source | None:
    plays_from_here = media.rendition_id is not None or media.described_at is None
    return None if plays_from_here else host_of(media)
