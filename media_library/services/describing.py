"""What a host tells about a media item: whether it plays, what it is called, how long it is."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from core.announcements import announce
from core.identifiers import uuid7
from core.jobs import JobError, Run, enqueue
from media_library.models import Kind, Media, Publication
from media_library.models.media import LengthSource
from media_library.services.attempts import media_to_work_on
from media_library.services.hosts import access_to, host_of, job_error, reference_of
from media_library.services.lengths import learn_length
from media_library.sources import Description, Source, SourceError

TITLE_CHARACTERS, NAME_CHARACTERS, KEY_CHARACTERS = 200, 200, 40
#: Nobody here can watch it any more, whatever it was before.
GONE = frozenset(
    {"not_found", "private", "login_required", "age_restricted", "embed_disabled", "deleted", "unplayable"}
)
UNTITLED = "untitled"  # in the source's metadata: nobody but us has named it so far
TOLD = "imported"  # there too: what came with the address when it was imported


def describe_media(media_id: UUID, *, run: Run) -> None:
    """Ask its host about it, and put in line what follows: its words and its picture.

    Once it plays it goes on playing until the host says that it does not. Raises JobError with a code of
    `sources.errors`, JobPostponed.
    """
    media = media_to_work_on(media_id)
    host = host_of(media)
    if host is None:
        raise JobError("not_hosted", "This is a file of your own: no host knows it.", permanent=True)
    try:
        found = host.describe(reference_of(media), access_to(host))
    except SourceError as error:
        if error.code in GONE:
            mark_gone(media)
        raise job_error(error, host) from error
    with run.publish():
        _learn(media, host, found)
        enqueue("transcribe_media", media.pk, key=f"transcribe_media:{media.pk}:{run.job.pk}")
        picture = media.source_metadata.get(TOLD, {}).get("thumbnail") or found.thumbnail_url
        if picture and not media.is_thumbnail_chosen:
            payload = {"address": picture}
            enqueue("fetch_picture", media.pk, key=f"fetch_picture:{media.pk}:{run.job.pk}", payload=payload)


def look_again(media_id: UUID) -> None:
    """Whether it still plays, without anybody having asked: nobody sees work on it unless there is news.

    Raises JobError or JobPostponed where its host could not be asked.
    """
    media = media_to_work_on(media_id)
    host = host_of(media)
    if host is None:
        return
    try:
        found = host.describe(reference_of(media), access_to(host))
    except SourceError as error:
        if error.code not in GONE:
            raise job_error(error, host) from error
        ask_host(media)
    else:
        _learn(media, host, found)


def ask_host(media: Media) -> None:
    """Put the question in line, as a step that people see."""
    enqueue("describe_media", media.pk, key=f"describe_media:{media.pk}:{uuid7()}")


def mark_gone(media: Media) -> None:
    """Its host says that it cannot be played any more."""
    Media.objects.filter(pk=media.pk).update(described_at=None)


def _learn(media: Media, host: Source, found: Description) -> None:
    """What people wrote stays; what only we had made up becomes what the host says."""
    is_new = media.described_at is None
    if media.source_metadata.get(UNTITLED):
        media.title = found.title[:TITLE_CHARACTERS] or media.title
    media.description = media.description or found.description
    media.kind = Kind.AUDIO if found.is_audio else Kind.VIDEO
    media.source_metadata = _facts(media.source_metadata, found)
    for field, value in _columns(media, found).items():
        setattr(media, field, value)
    if found.duration:
        learn_length(media, found.duration, source=LengthSource.HOST)
    media.described_at = Now()
    media.save()
    media.refresh_from_db(fields=["described_at"])
    if is_new and media.publication != Publication.ARCHIVED:
        announce("media_described", media, source=host.name)


def _facts(kept: Mapping[str, Any], found: Description) -> dict[str, Any]:
    own = {name: value for name, value in kept.items() if name != UNTITLED}
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
