"""An upload becomes something that plays everywhere: all sizes of its picture, and one file to download."""

import shlex
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from core.jobs import Run
from media_library import ffmpeg
from media_library.models import Rendition
from media_library.services.attempts import (
    command_told,
    errors_told,
    media_to_work_on,
    progress_between,
    scratch_folder,
)
from media_library.services.playable import (
    Made,
    complete,
    draw_first_thumbnail,
    publish_file,
    publish_stream,
    renditions_moved,
    thumbnail_moved,
)
from media_library.services.recordings import Recording, recall
from media_library.services.remuxing import copy_streams
from media_library.services.room import ensure_room
from media_library.storage import link_files

SPACE_NEEDED = 2.5  # times the source's size, for all renditions and the file beside them
ENCODED = 97.0  # percent of the work that encoding is, about


@dataclass(frozen=True)
class File:
    """The progressive MP4 as it was written, beside the segments; `size` in bytes."""

    rung: ffmpeg.Rung
    size: int
    command: list[str]


def process_media(media_id: UUID, *, run: Run) -> None:
    """Make all renditions of an uploaded file, and what plays of them. Raises JobError, LeaseLost."""
    media = media_to_work_on(media_id)
    ensure_room(media.size_bytes)  # what will be kept is not known yet; about as much is likely
    with scratch_folder(run, needs=int(media.size_bytes * SPACE_NEEDED)) as scratch, errors_told(run):
        recording = recall(media, scratch, run=run)
        made = make_renditions(recording, scratch / "rendition", copied=media.rendition, run=run)
        file = put_together(made, run=run)
        thumbnail = None if media.thumbnail_path else draw_first_thumbnail(recording, scratch / "pictures")
        run.check()
        with ExitStack() as results:
            folder = results.enter_context(renditions_moved(media, made.folder, run=run))
            picture = results.enter_context(thumbnail_moved(media, thumbnail, run=run))
            results.enter_context(run.publish())
            media = publish_stream(media, recording, made, folder=folder, thumbnail=picture)
            if file is not None:
                publish_file(media, made, rung=file.rung, folder=folder, size=file.size, command=file.command)


def make_renditions(recording: Recording, folder: Path, *, copied: Rendition | None, run: Run) -> Made:
    """What was copied before, and beside it all that has to be encoded. Raises MediaError."""
    ladder, command = recording.ladder, _begin(copied, recording, folder, run=run)
    if ladder.rest.rungs or ladder.rest.sounds:
        command = ffmpeg.ladder_command(ladder.rest, recording.path, recording.container, folder)
        report = progress_between(run, 0, ENCODED)
        with command_told(run, command):
            ffmpeg.run(command, duration=ladder.duration, on_progress=report, should_stop=run.should_stop)
    return complete(folder, ladder, command)


def _begin(copy: Rendition | None, recording: Recording, folder: Path, *, run: Run) -> list[str]:
    """The new folder, and in it what is copied: from what plays already, where that is a copy. Answers the command."""
    if not recording.ladder.source_is_copied:
        folder.mkdir()
        return []
    if copy is None or not any(rung.get("made") == ffmpeg.COPIED for rung in copy.rungs):
        return list(copy_streams(recording, folder, run=run).command)
    folder.mkdir()
    parts = ffmpeg.names_of(recording.ladder.copied)
    link_files(copy.folder, folder, wanted=lambda name: ffmpeg.part_of(name) in parts)
    return shlex.split(copy.command)


def put_together(made: Made, *, run: Run) -> File | None:
    """The progressive MP4, of which nothing is encoded again; None for sound alone."""
    rung = made.ladder.mp4_rung
    if rung is None:
        return None
    target = made.folder / ffmpeg.MP4_FILE
    command = ffmpeg.mp4_command(made.folder, rung, made.ladder, target)
    confinement = ffmpeg.mp4_confinement(made.written(rung), made.encoded)
    report = progress_between(run, ENCODED, 100)
    with command_told(run, command):
        ffmpeg.run(
            command, duration=made.ladder.video_duration, on_progress=report, should_stop=run.should_stop,
            confinement=confinement,
        )  # fmt: skip
    return File(rung, ffmpeg.verify_mp4(target, made.ladder), command)
