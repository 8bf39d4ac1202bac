"""The rungs of the ladder to the words of a media item that cost nothing (requirement T1), each on its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from core.jobs import JobError, Run
from core.tenancy import current_organization_id
from media_library import captions, ffmpeg
from media_library.captions import CaptionError, TimedText
from media_library.languages import UNKNOWN, language_tag
from media_library.models import Media
from media_library.models.hosts import Outcome
from media_library.models.transcript import Method
from media_library.services.attempts import errors_told, scratch_folder, source_file
from media_library.services.caption_language import TAG_CHARACTERS, language_of, usual_language
from media_library.services.hosts import access_to, host_of, job_error, reference_of
from media_library.sources import Source, SourceError
from media_library.sources.errors import NEXT_RUNG
from media_library.storage import sidecar_name

NOTHING_THERE = frozenset({"captions_absent", "captions_language_missing", "not_ready"})
PATIENCE, LONGEST_WAIT = timedelta(days=1), timedelta(hours=1)  # with captions that a host is preparing


@dataclass(frozen=True)
class Words:
    """Cues and what is known of them. `given_at`: when a person gave them in place of those that were read."""

    cues: Sequence[TimedText]
    language: str
    is_generated: bool = False
    given_at: datetime | None = None


class Missed(Exception):
    """There are no words here, and trying again would not help: the next rung may have them."""

    def __init__(self, outcome: Outcome, code: str = "", message: str = "", *, detail: str = "") -> None:
        super().__init__(code)
        self.outcome, self.code, self.message, self.detail = outcome, code, message, detail


#: Raises Missed, JobError or JobPostponed.
Rung = Callable[[Media, Run], Words]


def from_sidecar(media: Media, run: Run) -> Words:
    """The file that a person gave along."""
    name = sidecar_name(current_organization_id(), media.pk)
    if not default_storage.exists(name):
        raise Missed(Outcome.NONE)
    with default_storage.open(name) as file:
        text = captions.decode(file.read())
    given_at = run.payload.get("given_at")
    return Words(_parsed(text), language_of(text), given_at=given_at and datetime.fromisoformat(given_at))


def from_host(media: Media, run: Run) -> Words:
    """Its captions: text is asked for, never a film."""
    host = host_of(media)
    if host is None:
        raise Missed(Outcome.NONE)
    try:
        found = host.captions(reference_of(media), access_to(host))
    except SourceError as error:
        raise _without_captions(error, host, waited=timezone.now() - run.job.created_at) from error
    if not found.cues:
        raise _missed(SourceError("captions_absent"), host)
    if not all(0 <= cue.start < cue.end <= captions.MAX_SECONDS for cue in found.cues):
        raise _missed(SourceError("provider_changed", detail="cues where no recording is"), host)
    return Words(found.cues, found.language[:TAG_CHARACTERS], found.is_generated)


def from_track(media: Media, run: Run) -> Words:
    """A track of text inside the uploaded file. Which one stands in the job's payload, else it is looked for."""
    if not (run.payload.get("track") or media.source_metadata.get("subtitles")):
        raise Missed(Outcome.NONE)
    with scratch_folder(run) as scratch, errors_told(run):
        path = source_file(media, scratch)
        container = ffmpeg.sniff(path)
        track = _track_of(path, container, run)
        text = ffmpeg.extract_subtitles(path, container, track)
    if not text:
        raise Missed(Outcome.NONE)
    code = track.language.strip().lower()
    return Words(_parsed(text), usual_language() if code in UNKNOWN else language_tag(code)[:TAG_CHARACTERS])


def rungs_of(media: Media) -> list[tuple[Method, Rung]]:
    """Where words may be without anybody being paid, best first."""
    inside = (Method.HOST, from_host) if host_of(media) else (Method.EMBEDDED, from_track)
    return [(Method.SIDECAR, from_sidecar), inside]


def _track_of(path: Path, container: ffmpeg.Container, run: Run) -> ffmpeg.SubtitleStream:
    if facts := run.payload.get("track"):
        return ffmpeg.SubtitleStream(**facts)
    track = ffmpeg.choose_subtitles(ffmpeg.probe(path, container, should_stop=run.should_stop))
    if track is None:
        raise Missed(Outcome.NONE, "captions_are_pictures", _("Its subtitles are pictures of text."))
    return track


def _without_captions(error: SourceError, host: Source, *, waited: timedelta) -> Exception:
    """What is being prepared there is waited for, ever longer, and in the end no more."""
    if error.code != "not_ready":
        return _missed(error, host) if error.code in NEXT_RUNG else job_error(error, host)
    if waited >= PATIENCE:
        hint = _("Look for words once more when it is done, or add a file here.")
        return _missed(SourceError(error.code, detail=error.detail, hint=hint), host)
    delay = max(error.delay or 0, min(waited / 4, LONGEST_WAIT).total_seconds())
    return job_error(SourceError(error.code, delay=delay, detail=error.detail), host)


def _missed(error: SourceError, host: Source) -> Missed:
    return Missed(_outcome(error.code), error.code, error.message(host.label), detail=error.detail)


def _outcome(code: str) -> Outcome:
    if code in NOTHING_THERE:
        return Outcome.NONE
    return Outcome.FAILED if code == "provider_changed" else Outcome.REFUSED


def _parsed(text: str) -> list[TimedText]:
    """Captions without a word are none."""
    try:
        return captions.parse(text)
    except CaptionError as error:
        outcome = Outcome.NONE if error.code == "captions_empty" else Outcome.FAILED
        raise Missed(outcome, error.code, error.message) from error


def failed_for_good(error: JobError, run: Run) -> bool:
    """Whether the next rung should have its turn: another attempt at this one would end the same, or is the last."""
    if error.code == "cancelled":
        return False
    return error.permanent or run.job.attempt >= run.job.max_attempts
