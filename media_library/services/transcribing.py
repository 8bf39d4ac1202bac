"""The words of an upload (requirement T1): the caption file given with it, else the text track inside it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.files.storage import default_storage

from core.jobs import JobError, Run
from core.tenancy import current_organization_id
from media_library import captions, ffmpeg
from media_library.captions import CaptionError, TimedText
from media_library.languages import DEFAULT, language_tag
from media_library.models import Media
from media_library.models.transcript import Method
from media_library.services.attempts import errors_told, media_to_work_on, scratch_folder, source_file
from media_library.services.site import site_configuration
from media_library.services.transcripts import publish_transcript
from media_library.storage import sidecar_name


@dataclass(frozen=True)
class Words:
    """Cues and where they came from."""

    cues: Sequence[TimedText]
    language: str
    method: Method


def transcribe_media(media_id: UUID, *, run: Run) -> None:
    """Publish the words there are; none is no failure. The track to read stands in the job's payload.

    Captions that somebody gave are always read, a track only where the site's configuration wants transcripts.
    """
    started = time.monotonic()
    media = media_to_work_on(media_id)
    with errors_told(run):
        words = _from_sidecar(media) or _from_track(media, run=run)
    with run.publish():
        if words is not None:
            taken = round(time.monotonic() - started, 3)
            publish_transcript(media, words.cues, language=words.language, method=words.method, seconds_taken=taken)


def _from_sidecar(media: Media) -> Words | None:
    name = sidecar_name(current_organization_id(), media.pk)
    if not default_storage.exists(name):
        return None
    with default_storage.open(name) as file:
        cues = _parsed(captions.decode(file.read()))
    return Words(cues, DEFAULT, Method.SIDECAR) if cues else None


def _from_track(media: Media, *, run: Run) -> Words | None:
    if not (facts := run.payload.get("track")) or not site_configuration().transcribes:
        return None
    track = ffmpeg.SubtitleStream(**facts)
    with scratch_folder(run) as scratch:
        path = source_file(media, scratch)
        text = ffmpeg.extract_subtitles(path, ffmpeg.sniff(path), track)
    cues = _parsed(text) if text else []
    return Words(cues, language_tag(track.language), Method.EMBEDDED) if cues else None


def _parsed(text: str) -> list[TimedText]:
    """Captions without a word are none. Raises JobError for those that cannot be read."""
    try:
        return captions.parse(text)
    except CaptionError as error:
        if error.code == "captions_empty":
            return []
        raise JobError(error.code, error.message, permanent=True) from error
