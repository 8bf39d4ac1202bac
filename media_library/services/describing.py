"""What a host tells about a media item: whether it plays, what it is called, how long it is."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from core.announcements import announce
from core.identifiers import uuid7
from core.jobs import JobError, JobPostponed, Run, enqueue
from media_library.models import Kind, Media, Publication
from media_library.models.media import TITLE_CHARACTERS, LengthSource
from media_library.services.attempts import media_to_work_on
from media_library.services.hosts import access_to, host_of, job_error, reference_of
from media_library.services.lengths import learn_length
from media_library.services.playable import hold
from media_library.sources import Description, Reference, Source, SourceError

#: Nobody here can watch it any more, whatever it was before.
GONE = frozenset(
    {"not_found", "private", "login_required", "age_restricted", "embed_disabled", "deleted", "unplayable"}
)
#: What a host's answer may change; anything else is other people's.
LEARNED = (
    "title", "description", "kind", "source_metadata", "duration", "duration_source", "described_at", "updated_at",
)  # fmt: skip
TOLD = "imported"  # in the source's metadata: what came with the address when it was imported
REFUSED = "refused_at"  # there too: since when its host refuses what it let play before
#: One bad answer takes nothing away: what played is gone when it is refused again so much later.
SURE_AFTER = timedelta(hours=20)  # a day, as schedules and pauses have it


def describe_media(media_id: UUID, *, run: Run) -> None:
    """Ask its host about it, and put in line what follows: its words and its picture.

    Once it plays it goes on playing until the host has refused it twice, about a day apart, or tells by a message of
    its own that something changed. Raises JobError with a code of `sources.errors`, JobPostponed.
    """
    media = media_to_work_on(media_id)
    host = host_of(media)
    if host is None:
        raise JobError("not_hosted", "This is a file of your own: no host knows it.", permanent=True)
    try:
        found = host.describe(reference_of(media), access_to(host))
    except SourceError as error:
        run.check()
        raise _refusal(media, host, error, is_sure="message" in run.payload) from error
    with run.publish():
        held = hold(media)
        if _is_what_was_asked_about(held, media, host):
            _learn(held, host, found)
            _enqueue_what_follows(held, found, run=run)


def look_again(media_id: UUID, *, run: Run) -> None:
    """Whether it still plays, without anybody having asked: nobody sees work on it unless there is news.

    Raises JobError or JobPostponed where its host could not be asked.
    """
    media = media_to_work_on(media_id)
    host = host_of(media)
    if host is None:
        return
    found = _still_there(media, host)
    with run.publish():
        held = hold(media)
        if not _is_what_was_asked_about(held, media, host):
            return
        if found is None or held.described_at is None or REFUSED in held.source_metadata:
            ask_host(held)
        else:
            _learn(held, host, found)


def ask_host(media: Media) -> None:
    """Put the question in line, as a step that people see."""
    enqueue("describe_media", media.pk, key=f"describe_media:{media.pk}:{uuid7()}")


@transaction.atomic
def correct_address(media: Media, address: str) -> None:
    """It is found at its host under another address than it was; the host is asked again."""
    held = hold(media)
    if held.title == placeholder(held.source_url):
        held.title = placeholder(address)
    held.source_url = address
    held.save(update_fields=["title", "source_url", "updated_at"])
    ask_host(held)


def is_opened_by(media: Media, reference: Reference) -> bool:
    """Whether an address names what opens a video that does not play, and that was not known so far."""
    host = host_of(media)
    if host is None or not reference.secret or media.publication == Publication.ARCHIVED:
        return False
    is_closed = media.described_at is None or REFUSED in media.source_metadata
    return is_closed and media.source_url != host.address(reference)


def placeholder(address: str) -> str:
    """What it is called until its host has told its title, or a person named it."""
    return address.partition("://")[2].removeprefix("www.")[:TITLE_CHARACTERS]


def _still_there(media: Media, host: Source) -> Description | None:
    try:
        return host.describe(reference_of(media), access_to(host))
    except SourceError as error:
        if error.code not in GONE:
            raise job_error(error, host) from error
        return None


def _refusal(media: Media, host: Source, error: SourceError, *, is_sure: bool) -> JobError | JobPostponed:
    """How the work ends, with what becomes of the media where people see it still."""
    if error.code not in GONE or not _stays(media, is_sure=is_sure):
        return job_error(error, host)
    stays = _("What is here stays as it is: it is asked about once more in a day.")
    return JobError(error.code, f"{error.message(host.label)} {stays}", detail=error.detail, permanent=True)


@transaction.atomic
def _stays(media: Media, *, is_sure: bool) -> bool:
    """Whether it counts as playing still, after its host refused it once more."""
    held = hold(media)
    if held.described_at is None:
        return False
    since = held.source_metadata.get(REFUSED, timezone.now().isoformat())
    if is_sure or timezone.now() - datetime.fromisoformat(since) >= SURE_AFTER:
        held.described_at = None
    held.source_metadata = {**held.source_metadata, REFUSED: since}
    held.save(update_fields=["described_at", "source_metadata", "updated_at"])
    return held.described_at is not None


def _is_what_was_asked_about(held: Media, media: Media, host: Source) -> bool:
    """It may have become a file of our own meanwhile, or another video; then that is looked at by work of its own."""
    names = ("source", "source_url", host.key_field)
    return all(getattr(held, name) == getattr(media, name) for name in names)


def _enqueue_what_follows(media: Media, found: Description, *, run: Run) -> None:
    enqueue("transcribe_media", media.pk, key=f"transcribe_media:{media.pk}:{run.job.pk}")
    picture = media.source_metadata.get(TOLD, {}).get("thumbnail") or found.thumbnail_url
    if picture and not media.is_thumbnail_chosen:
        payload = {"address": picture}
        enqueue("fetch_picture", media.pk, key=f"fetch_picture:{media.pk}:{run.job.pk}", payload=payload)


def _learn(media: Media, host: Source, found: Description) -> None:
    """What people wrote stays; what only we had made up becomes what the host says."""
    is_new = media.described_at is None
    if media.title == placeholder(media.source_url):
        media.title = found.title[:TITLE_CHARACTERS] or media.title
    media.description = media.description or found.description
    media.kind = Kind.AUDIO if found.is_audio else Kind.VIDEO
    media.source_metadata = _facts(media.source_metadata, found)
    own = _columns(media, found)
    for field, value in own.items():
        setattr(media, field, value)
    if found.duration:
        learn_length(media, found.duration, source=LengthSource.HOST)
    media.described_at = Now()
    media.save(update_fields=[*LEARNED, *own])
    media.refresh_from_db(fields=["described_at"])
    if is_new and media.publication != Publication.ARCHIVED:
        announce("media_described", media, source=host.name)


def _facts(kept: Mapping[str, Any], found: Description) -> dict[str, Any]:
    own = {name: value for name, value in kept.items() if name != REFUSED}
    author = {"author": found.author, "author_key": found.author_key} if found.author else {}
    return {**own, **author, "facts": dict(found.facts)}


def _columns(media: Media, found: Description) -> dict[str, str]:
    """The optional columns of requirement M1, of the host that has them."""
    names = {
        field.name: field.max_length
        for field in Media._meta.concrete_fields
        if field.name.startswith(f"{media.source}_")
    }
    told = {"channel_id": found.author_key, "channel_title": found.author, "asset_id": found.asset_key}
    return {
        name: value[: names[name]]
        for part, value in told.items()
        if value and (name := f"{media.source}_{part}") in names
    }
