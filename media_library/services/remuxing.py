"""What browsers play as it is becomes watchable in seconds; smaller renditions follow (services.processing)."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

from core.jobs import Run, enqueue
from media_library import ffmpeg
from media_library.ffmpeg import MediaError
from media_library.models import Media
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
    publish_stream,
    renditions_moved,
    thumbnail_moved,
)
from media_library.services.recordings import Recording, recall, told
from media_library.services.room import ensure_room

SLACK = 1.1  # of the source's size: what segments and playlists add


def remux_media(media_id: UUID, *, run: Run) -> None:
    """Publish a compliant file as it is, cut into segments. One that resists is encoded instead.

    Raises JobError, LeaseLost.
    """
    media = media_to_work_on(media_id)
    needed = int(media.size_bytes * SLACK)
    ensure_room(needed)
    with scratch_folder(run, needs=needed) as scratch, errors_told(run):
        recording = recall(media, scratch, run=run)
        try:
            made, thumbnail = _make(recording, scratch, run=run)
        except MediaError as error:
            if error.code != "transcode_failed":
                raise
            _encode_instead(media, recording, error, run=run)
            return
        run.check()
        _publish(media, recording, made, thumbnail, run=run)


def _make(recording: Recording, scratch: Path, *, run: Run) -> tuple[Made, Path | None]:
    """The segments, and at the same time the first thumbnail."""
    with ThreadPoolExecutor(1) as pool:
        thumbnail = pool.submit(draw_first_thumbnail, recording, scratch / "pictures")
        made = copy_streams(recording, scratch / "rendition", run=run)
        return made, thumbnail.result()


def copy_streams(recording: Recording, folder: Path, *, run: Run) -> Made:
    """What the ladder copies, in a new folder. Raises MediaError."""
    folder.mkdir()
    ladder = recording.ladder.copied
    command = ffmpeg.remux_command(ladder, recording.path, recording.container, folder)
    with command_told(run, command):
        report = progress_between(run, 0, 95)
        ffmpeg.run(command, duration=ladder.duration, on_progress=report, should_stop=run.should_stop)
    return complete(folder, ladder, command)


def _publish(media: Media, recording: Recording, made: Made, thumbnail: Path | None, *, run: Run) -> None:
    with ExitStack() as results:
        folder = results.enter_context(renditions_moved(media, made.folder, run=run))
        picture = results.enter_context(thumbnail_moved(media, thumbnail, run=run))
        results.enter_context(run.publish())
        publish_stream(media, recording, made, folder=folder, thumbnail=picture)
        if recording.ladder.rungs:  # of sound alone there is nothing smaller to make
            enqueue("process_media", media.pk, key=f"process_media:{media.pk}", payload=told(recording))


def _encode_instead(media: Media, recording: Recording, error: MediaError, *, run: Run) -> None:
    refused = f"It could not be copied: {error.detail}"[:300]
    with run.publish():
        enqueue("process_media", media.pk, key=f"process_media:{media.pk}", payload=told(recording, refused=refused))
