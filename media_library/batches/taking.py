"""The work: frames are read out of what plays, repeats are left out, and the rest is stored and told at once."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from core.errors import Refused
from core.jobs import JobError, Run
from media_library import ffmpeg
from media_library.batches.batches import lock_batch
from media_library.batches.extracting import FRAME_BYTES, MOST_FRAMES, pictures_every, same_second
from media_library.batches.frame_files import folder_of, next_number, stored
from media_library.ffmpeg import frames
from media_library.ffmpeg.frames import Shot
from media_library.models import ExtractionMode, Frame, FrameExtraction, Publication, Rendition
from media_library.services.attempts import command_told, errors_told, progress_between, scratch_folder
from media_library.services.frames import join_files, picture_rung, segments_of
from media_library.services.room import ensure_room

READ = 95.0  # percent of the work that reading the film is, about
#: Scenes that are read, before those that repeat or stand in the batch already are left out of them.
MOST_SCENES = 5 * MOST_FRAMES


@dataclass(frozen=True)
class Film:
    """What is read: a file whose first second is second `start` of the media; `duration` of the whole in seconds."""

    path: Path
    start: float
    duration: float


def take_frames(extraction_id: UUID, *, run: Run) -> None:
    """All of them, or none. Raises JobError, JobPostponed, LeaseLost."""
    extraction = _extraction(extraction_id)
    if extraction.media.publication == Publication.ARCHIVED:
        raise JobError("archived", "The film was archived. Ask for its frames again when it is back.", permanent=True)
    rendition = extraction.media.rendition
    if rendition is None or not rendition.rungs:
        raise JobError("no_frames", "There are no moving pictures to take frames of.", permanent=True)
    needs = rendition.size_bytes + _written(extraction) * FRAME_BYTES
    with scratch_folder(run, needs=needs) as scratch, errors_told(run):
        ensure_room(extraction.most * FRAME_BYTES)
        shots = _read(extraction, rendition, scratch, run=run)
        differing = _differing(extraction, shots)
        run.check()
        with run.publish():
            store_frames(extraction, differing, repeats=len(shots) - len(differing))


def _written(extraction: FrameExtraction) -> int:
    """So many pictures may lie in the scratch folder, before those that repeat are left out."""
    if extraction.mode == ExtractionMode.SCENES:
        return MOST_SCENES
    if extraction.interval is None:
        return 1
    return pictures_every(extraction.interval, duration=extraction.media.duration or 0.0)


def _extraction(extraction_id: UUID) -> FrameExtraction:
    rows = FrameExtraction.objects.select_related("batch", "media__rendition")
    found: FrameExtraction | None = rows.filter(pk=extraction_id).first()
    if found is None:
        raise _gone()
    return found


def _gone() -> JobError:
    return JobError("gone", "What the frames were asked for was removed meanwhile.", permanent=True)


def _read(extraction: FrameExtraction, rendition: Rendition, scratch: Path, *, run: Run) -> list[Shot]:
    try:
        film = _film(extraction, rendition, scratch)
    except FileNotFoundError as error:
        message = "What had been made playable is not there any more. Please make it playable again."
        raise JobError("rendition_missing", message, detail=str(error), permanent=True) from error
    folder = scratch / "frames"
    folder.mkdir()
    command = _command(extraction, film, folder)
    limit = ffmpeg.time_limit_for(film.duration)
    report = progress_between(run, 0, READ)
    with command_told(run, command):  # a film without a change is silent to its end: that is no stall
        ffmpeg.run(
            command, duration=film.duration, stall_limit=limit, on_progress=report, should_stop=run.should_stop
        )  # fmt: skip
    shots = frames.read_shots(folder)
    if not shots:
        raise JobError("no_frames", "No picture could be read.", permanent=True)
    if extraction.mode == ExtractionMode.MOMENT:
        return [Shot(shots[0].path, extraction.at or 0.0)]
    return [shot for shot in shots if shot.second < film.duration]


def _film(extraction: FrameExtraction, rendition: Rendition, scratch: Path) -> Film:
    """The whole film as it plays; of one moment, the segment that shows it."""
    segments = segments_of(rendition, picture_rung(rendition))
    to, duration = scratch / "film.mp4", segments.duration
    if extraction.mode != ExtractionMode.MOMENT:
        return Film(join_files(rendition, segments.files, to), 0.0, duration)
    segment = segments.at(extraction.at or 0.0)
    return Film(join_files(rendition, [segments.initial, segment.file], to), segment.start, duration)


def _command(extraction: FrameExtraction, film: Film, folder: Path) -> list[str]:
    container = ffmpeg.sniff(film.path)
    if extraction.mode == ExtractionMode.EVERY:
        interval = extraction.interval or 1.0
        return frames.every_command(film.path, container, folder, interval=interval, most=_written(extraction))
    if extraction.mode == ExtractionMode.SCENES:
        return frames.scenes_command(film.path, container, folder, most=_written(extraction))
    return frames.moment_command(film.path, container, folder, at=(extraction.at or 0.0) - film.start)


def _differing(extraction: FrameExtraction, shots: list[Shot]) -> list[Shot]:
    """Without what shows nothing new; a moment is asked for whatever it shows."""
    return shots if extraction.mode == ExtractionMode.MOMENT else frames.without_repeats(shots)


def _new(extraction: FrameExtraction, shots: list[Shot]) -> list[Shot]:
    """Without what the batch has of the same second of this media already. Runs while the batch is held."""
    standing = Frame.objects.filter(batch=extraction.batch_id, media=extraction.media_id)
    there = list(standing.order_by().values_list("second", flat=True))
    return [shot for shot in shots if not any(same_second(shot.second, second) for second in there)]


def store_frames(extraction: FrameExtraction, differing: list[Shot], *, repeats: int) -> None:
    """Behind the fence of the job. Raises JobPostponed where there is no room."""
    _hold(extraction)
    new = _new(extraction, differing)
    shots = new[: extraction.most]
    ensure_room(sum(shot.path.stat().st_size for shot in shots))
    _refuse_overflow(extraction, len(shots))
    first = next_number(extraction)
    with stored(shots, folder_of(extraction), first) as names:
        Frame.objects.bulk_create(
            [_frame(extraction, shot, name) for shot, name in zip(shots, names, strict=True)]
        )  # fmt: skip
        facts = {"first_number": first, "made": len(shots), "skipped": repeats + len(differing) - len(new)}
        FrameExtraction.objects.filter(pk=extraction.pk).update(**facts)


def _hold(extraction: FrameExtraction) -> None:
    try:
        lock_batch(extraction.batch)
    except Refused as refusal:
        raise _gone() from refusal
    if not FrameExtraction.objects.select_for_update(no_key=True, of=("self",)).filter(pk=extraction.pk).exists():
        raise _gone()


def _refuse_overflow(extraction: FrameExtraction, coming: int) -> None:
    """Others may have put frames into the batch meanwhile."""
    if Frame.objects.filter(batch=extraction.batch_id).count() + coming > MOST_FRAMES:
        words = f"With these the batch would have more than {MOST_FRAMES} frames."
        raise JobError("too_many_frames", words, permanent=True)


def _frame(extraction: FrameExtraction, shot: Shot, name: str) -> Frame:
    width, height = frames.size_of(shot.path)
    return Frame(
        batch=extraction.batch, media=extraction.media, second=shot.second, path=name, width=width, height=height,
        size_bytes=shot.path.stat().st_size,
    )  # fmt: skip
