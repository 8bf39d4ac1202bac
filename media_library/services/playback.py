"""Addresses that a host gives out for a while, handed to the one viewer who asked for them.

Only jobs go out to hosts, and such an address opens the video to whoever holds it. So a job fetches it, and leaves it
sealed in the shared cache for a minute, from where the session that asked takes it, once. It stands nowhere in the
clear, in no log and in no job.
"""

import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.utils.translation import gettext as _

from core.errors import Refused
from core.identifiers import uuid7
from core.jobs import JobError, JobPostponed, Run, enqueue
from core.secrets import digest_of, seal, unseal
from media_library.links import Audience
from media_library.models import Media
from media_library.services.attempts import media_to_work_on
from media_library.services.hosts import access_to, host_of, job_error, reference_of
from media_library.services.playing import hosted_playback
from media_library.sources import SourceError

LIES_SECONDS = 60  # in the cache, until it is taken
ASKED_SECONDS = 60  # until somebody who got nothing may ask anew
EVER = 24 * 3600.0  # after which an address is read again that never runs out


@dataclass(frozen=True)
class Opened:
    """An address that plays for so many seconds."""

    hls_url: str
    seconds: int


def ask_for_playback(media: Media, *, audience: Audience) -> Opened | None:
    """A fresh address, at once where it can be made here; None where a job asks the host for it.

    Raises Refused: not_hosted for what does not play at a host, not_playable.
    """
    hosted = hosted_playback(media)
    if hosted is None or hosted.playback.player:
        raise Refused("not_hosted", _("No host has an address for this."), status=409)
    if hosted.trouble:
        raise Refused("not_playable", hosted.trouble, status=409)
    if hosted.playback.hls_url:
        return Opened(hosted.playback.hls_url, int(hosted.playback.opens_for or EVER))
    place = _place(media.pk, audience)
    if cache.add(f"{place}:asked", True, ASKED_SECONDS):
        enqueue("read_playback", media.pk, key=f"read_playback:{media.pk}:{uuid7()}", payload={"place": place})
    return None


def take_playback(media: Media, *, audience: Audience) -> Opened | None:
    """What the host answered, once; None while it is not there. Raises Refused: not_asked, a host's refusal."""
    place = _place(media.pk, audience)
    sealed = cache.get(place)
    if sealed is not None and cache.delete(place):  # of two who take it at once only one deletes it
        cache.delete(f"{place}:asked")
        return _opened(json.loads(unseal(sealed)))
    if cache.get(f"{place}:asked") is None:
        raise Refused("not_asked", _("Ask for it first."), status=409)
    return None


def read_playback(media_id: UUID, *, run: Run) -> None:
    """Ask the host, and leave its answer for who asked. Nobody waits for a second attempt."""
    media = media_to_work_on(media_id)
    try:
        url, seconds = _read(media)
    except (JobError, JobPostponed) as error:
        _leave(run.payload["place"], {"code": error.code, "message": error.message})
        raise JobError(error.code, error.message, detail=error.detail, permanent=True) from error
    _leave(run.payload["place"], {"hls_url": url, "until": time.time() + seconds})


def _read(media: Media) -> tuple[str, float]:
    """An address, and for how many seconds it plays. Raises JobError, JobPostponed."""
    host = host_of(media)
    if host is None:
        raise JobError("not_hosted", _("No host has an address for this."), permanent=True)
    try:
        return host.playback_url(
            reference_of(media), access_to(host), facts=media.source_metadata.get("facts", {})
        )  # fmt: skip
    except SourceError as error:
        raise job_error(error, host) from error


def _leave(place: str, answer: dict[str, Any]) -> None:
    cache.set(place, seal(json.dumps(answer)), LIES_SECONDS)


def _opened(answer: dict[str, Any]) -> Opened:
    if "code" in answer:
        raise Refused(answer["code"], answer["message"], status=502)
    return Opened(answer["hls_url"], max(int(answer["until"] - time.time()), 1))


def _place(media_id: UUID, audience: Audience) -> str:
    """Where in the cache it lies for one session or token; the name gives neither away."""
    return f"playback:{digest_of(f'{media_id} {audience.words}')}"
