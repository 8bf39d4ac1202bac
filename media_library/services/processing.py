"""An upload becomes something that plays: checked, encoded in an attempt's folder, published by one pointer flip."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from core.jobs import Run, enqueue
from core.tenancy import current_organization_id
from media_library import ffmpeg
from media_library.models import Media, Rendition
from media_library.models.media import LengthSource
from media_library.services.attempts import (
    errors_told,
    media_to_work_on,
    scratch_folder,
    source_file,
    tell_progress,
)
from media_library.storage import adopt_folder, remove_folder, renditions_folder, subfolders

THUMBNAIL = "thumbnail.jpg"
#: The fields of media that processing fills.
LEARNED = (
    "rendition", "kind", "duration", "duration_source", "size_bytes", "source_metadata", "thumbnail_path", "updated_at",
)  # fmt: skip


@dataclass(frozen=True)
class Recording:
    """The source as it was found."""

    path: Path
    container: ffmpeg.Container
    probe: ffmpeg.Probe


@dataclass(frozen=True)
class Encoding:
    """What was made of it, complete and checked, in a folder of this attempt."""

    folder: Path
    command: list[str]
    encoded: ffmpeg.Encoded
    has_thumbnail: bool


def inspect_media(media_id: UUID, *, run: Run) -> None:
    """Look at an uploaded file before it waits behind others: one that cannot be used is told so within seconds.

    Raises JobError for such a file, LeaseLost.
    """
    media = media_to_work_on(media_id)
    with scratch_folder(run) as scratch, errors_told(run):
        _inspect(source_file(media, scratch))
        with run.publish():
            enqueue("process_media", media.pk, key=f"process_media:{media.pk}")


def process_media(media_id: UUID, *, run: Run) -> None:
    """Make an uploaded file playable. Raises JobError for one that cannot be used, LeaseLost."""
    media = media_to_work_on(media_id)
    with scratch_folder(run) as scratch, errors_told(run):
        recording = _inspect(source_file(media, scratch))
        encoding = _encode(recording, scratch / "rendition", run=run)
        run.check()
        with _moved_into_storage(media, encoding, run=run) as folder, run.publish():
            _publish(media, recording, encoding, folder)


def _inspect(path: Path) -> Recording:
    container = ffmpeg.sniff(path)
    return Recording(path, container, ffmpeg.probe(path, container))


def _encode(recording: Recording, folder: Path, *, run: Run) -> Encoding:
    folder.mkdir()
    ladder = ffmpeg.plan_ladder(recording.probe)
    command = ffmpeg.ladder_command(ladder, recording.path, recording.container, folder)
    report = partial(tell_progress, run)
    ffmpeg.run(command, duration=ladder.duration, on_progress=report, should_stop=run.should_stop)
    encoded = ffmpeg.verify_ladder(folder, ladder)
    return Encoding(folder, command, encoded, _draw_thumbnail(recording, folder / THUMBNAIL))


def _draw_thumbnail(recording: Recording, target: Path) -> bool:
    if recording.probe.video is None:
        return False
    moment = ffmpeg.thumbnail_moment(recording.probe.duration)
    ffmpeg.grab_frame(recording.path, recording.container, at=moment, to=target)
    return True


@contextmanager
def _moved_into_storage(media: Media, encoding: Encoding, *, run: Run) -> Iterator[str]:
    """The attempt's folder in the storage; gone again unless a rendition was published from it."""
    renditions = renditions_folder(current_organization_id(), media.pk)
    for name in subfolders(renditions):
        if name.startswith(str(run.job.pk)):  # an attempt that was killed before it could publish
            _remove_unpublished(f"{renditions}/{name}")
    folder = f"{renditions}/{run.attempt_name}"
    try:
        adopt_folder(encoding.folder, folder)
        yield folder
    except BaseException:
        _remove_unpublished(folder)
        raise


def _remove_unpublished(folder: str) -> None:
    """A commit whose answer got lost may have succeeded: the database is asked."""
    if not Rendition.objects.filter(folder=folder).exists():
        remove_folder(folder)


def _publish(media: Media, recording: Recording, encoding: Encoding, folder: str) -> None:
    probe = recording.probe
    media.rendition = Rendition.objects.create(
        media=media,
        folder=folder,
        rungs=[_rung_facts(rung) for rung in encoding.encoded.rungs],
        size_bytes=encoding.encoded.size,
        command=shlex.join(encoding.command),
    )
    media.kind, media.duration, media.duration_source = probe.kind, probe.duration, LengthSource.FILE
    media.size_bytes, media.source_metadata = probe.size, _source_facts(recording)
    media.thumbnail_path = f"{folder}/{THUMBNAIL}" if encoding.has_thumbnail else ""
    media.save(update_fields=LEARNED)
    track = ffmpeg.choose_subtitles(probe)
    payload = {"track": asdict(track)} if track else {}
    enqueue("transcribe_media", media.pk, key=f"transcribe_media:{media.rendition.pk}", payload=payload)


def _rung_facts(rung: ffmpeg.EncodedRung) -> dict[str, Any]:
    """`bitrate` in bits a second, as measured."""
    bitrate = round(rung.size * 8 / rung.duration) if rung.duration else 0
    return {"name": rung.name, "width": rung.width, "height": rung.height, "bitrate": bitrate}


def _source_facts(recording: Recording) -> dict[str, Any]:
    """What the file was, for creators and operators."""
    probe = recording.probe
    return {
        "container": recording.container.name,
        "video": _video_facts(probe.video) if probe.video else None,
        "audio": [{"codec": a.codec, "channels": a.channels, "language": a.language} for a in probe.audio],
        "subtitles": [{"codec": s.codec, "language": s.language} for s in probe.subtitles],
    }


def _video_facts(video: ffmpeg.VideoStream) -> dict[str, Any]:
    return {"codec": video.codec, "width": video.width, "height": video.height, "fps": round(float(video.fps), 3)}
