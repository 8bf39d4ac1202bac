"""Sound to listen to without the film: one loudness for everything, as MP3 and as M4A."""

import math
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from core.jobs import Run
from core.tenancy import current_organization_id
from media_library import ffmpeg
from media_library.ffmpeg import loudness
from media_library.models import Media, Rendition
from media_library.models.rendition import RenditionKind
from media_library.podcasts.tagging import tag_audio_later
from media_library.services.attempts import (
    command_told,
    errors_told,
    media_to_work_on,
    moved_into_storage,
    progress_between,
    scratch_folder,
)
from media_library.services.playable import hold
from media_library.services.recordings import Recording, recall
from media_library.services.room import ensure_room
from media_library.storage import renditions_folder

KINDS = {RenditionKind.MP3: loudness.MP3, RenditionKind.M4A: loudness.M4A}
MEASURED = 25.0  # percent of the work that the first pass is, about
SHORTEST_MEASURED = 0.4  # seconds


@dataclass(frozen=True)
class Track:
    """The sound of a file as it was found."""

    path: Path
    container: ffmpeg.Container
    stream: ffmpeg.AudioStream

    @property
    def duration(self) -> float:
        return self.stream.duration


@dataclass(frozen=True)
class Recorded:
    """What was made of it, complete and checked; sizes in bytes by kind."""

    folder: Path
    command: list[str]
    facts: dict[str, Any]
    sizes: dict[RenditionKind, int]


def make_audio(media_id: UUID, *, run: Run) -> None:
    """MP3 and M4A of the first sound track, at -16 LUFS where that can be measured. Nothing is made of a silent film.

    Chapters are written into the MP3 by a job of its own. What was made before stays until it is cleaned away; the
    newest counts. Raises JobError, LeaseLost.
    """
    media = media_to_work_on(media_id)
    needed = _bytes_needed(media)
    ensure_room(needed)
    with scratch_folder(run, needs=needed) as scratch, errors_told(run):
        track = _first_track(recall(media, scratch, run=run))
        if track is None:
            with run.publish():
                return
        recorded = _record(track, scratch / "sound", run=run)
        run.check()
        renditions = renditions_folder(current_organization_id(), media.pk)
        moved = moved_into_storage(recorded.folder, renditions, run=run, is_published=_is_published)
        with moved as folder, run.publish():
            _publish(hold(media), recorded, folder)


def audio_of(media: Media) -> list[Rendition]:
    """The newest sound of each kind, MP3 last. One query."""
    renditions = Rendition.objects.filter(media=media, kind__in=KINDS)
    return list(renditions.order_by("kind", "-id").distinct("kind"))


def _bytes_needed(media: Media) -> int:
    """Of both files; 0 where nobody knows the length yet."""
    return int((media.duration or 0) * len(KINDS) * loudness.SOUND_RATE * 1000 / 8)


def _first_track(recording: Recording) -> Track | None:
    streams = recording.probe.audio
    return Track(recording.path, recording.container, streams[0]) if streams else None


def _record(track: Track, folder: Path, *, run: Run) -> Recorded:
    folder.mkdir()
    measured = _measure(track, run=run)
    command = loudness.sound_command(track.stream, track.path, track.container, folder, measured=measured)
    report = progress_between(run, MEASURED, 100)
    with command_told(run, command):
        ended = ffmpeg.run(command, duration=track.duration, on_progress=report, should_stop=run.should_stop)
    normalization = loudness.read_normalization(ended.stderr, measured=measured)
    sizes = {kind: loudness.verify_sound(folder / file, duration=track.duration) for kind, file in KINDS.items()}
    return Recorded(folder, command, _facts(track, measured, normalization), sizes)


def _measure(track: Track, *, run: Run) -> loudness.Loudness:
    command = loudness.measure_command(track.stream, track.path, track.container)
    report = progress_between(run, 0, MEASURED)
    with command_told(run, command):
        ended = ffmpeg.run(command, duration=track.duration, on_progress=report, should_stop=run.should_stop)
    return loudness.read_loudness(ended.stderr)


def _facts(track: Track, measured: loudness.Loudness, normalization: loudness.Normalization) -> dict[str, Any]:
    """Loudness in LUFS, `true_peak` in dBTP, `bitrate` in bits a second; `unmeasured` says why nothing was done."""
    facts = {
        "loudness_before": measured.integrated if measured.is_measured else None,
        "true_peak_before": measured.true_peak if math.isfinite(measured.true_peak) else None,
        "loudness": normalization.loudness,
        "true_peak": normalization.true_peak,
        "normalization": normalization.type,
        "bitrate": loudness.SOUND_RATE * 1000,
        "duration": round(track.duration, 3),
    }
    if measured.is_measured:
        return facts
    return {**facts, "unmeasured": "too_short" if track.duration < SHORTEST_MEASURED else "silent"}


def _is_published(folder: str) -> bool:
    return Rendition.objects.filter(folder=folder).exists()


def _publish(media: Media, recorded: Recorded, folder: str) -> None:
    for kind, file in KINDS.items():
        Rendition.objects.create(
            media=media, kind=kind, folder=folder, main_file=file, facts=recorded.facts,
            size_bytes=recorded.sizes[kind], command=shlex.join(recorded.command),
        )  # fmt: skip
    tag_audio_later(media)
