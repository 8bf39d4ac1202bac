"""What an attempt made, on its way to being what plays: moved into the storage, published by one pointer flip."""

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.jobs import JobError, Run, enqueue
from core.tenancy import current_organization_id
from media_library import ffmpeg
from media_library.models import Media, Rendition
from media_library.models.media import LengthSource
from media_library.models.rendition import RenditionKind
from media_library.services.attempts import moved_into_storage
from media_library.services.recordings import Recording, facts_of, told
from media_library.storage import pictures_folder, renditions_folder

THUMBNAIL = "thumbnail.jpg"
#: The fields of media that a publication fills.
LEARNED = (
    "rendition", "kind", "duration", "duration_source", "size_bytes", "source_metadata", "thumbnail_path", "updated_at",
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """Renditions of a ladder, complete and checked, in a folder of this attempt; `size` in bytes with the master."""

    folder: Path
    ladder: ffmpeg.Ladder
    encoded: ffmpeg.Encoded
    size: int
    command: Sequence[str]

    def written(self, rung: ffmpeg.Rung) -> ffmpeg.Written:
        return next(one for one in self.encoded.rungs if one.name == rung.name)


def complete(folder: Path, ladder: ffmpeg.Ladder, command: Sequence[str]) -> Made:
    """Check what was written and put the master playlist above it. Raises MediaError `transcode_failed`."""
    encoded = ffmpeg.verify_ladder(folder, ladder)
    master = ffmpeg.write_master(folder, ladder, encoded)
    return Made(folder, ladder, encoded, encoded.size + master, command)


def draw_first_thumbnail(recording: Recording, folder: Path) -> Path | None:
    """The frame at second 1 as the only file of a new folder, until better ones are chosen from; None for sound."""
    if recording.probe.video is None:
        return None
    folder.mkdir()
    moment = ffmpeg.thumbnail_moment(recording.probe.duration)
    ffmpeg.grab_frame(recording.path, recording.container, at=moment, to=folder / THUMBNAIL)
    return folder


@contextmanager
def renditions_moved(media: Media, made: Path, *, run: Run) -> Iterator[str]:
    parent = renditions_folder(current_organization_id(), media.pk)
    with moved_into_storage(made, parent, run=run, is_published=_has_rendition) as folder:
        yield folder


@contextmanager
def thumbnail_moved(media: Media, drawn: Path | None, *, run: Run) -> Iterator[str]:
    """Yields where the picture lies in the storage; empty where none was drawn."""
    if drawn is None:
        yield ""
        return
    parent = pictures_folder(current_organization_id(), media.pk)
    with moved_into_storage(drawn, parent, run=run, is_published=_has_thumbnail) as folder:
        yield f"{folder}/{THUMBNAIL}"


def _has_rendition(folder: str) -> bool:
    return Rendition.objects.filter(folder=folder).exists()


def _has_thumbnail(folder: str) -> bool:
    return Media.objects.filter(thumbnail_path=f"{folder}/{THUMBNAIL}").exists()


def publish_stream(media: Media, recording: Recording, made: Made, *, folder: str, thumbnail: str) -> Media:
    """It plays from now on. Once something does, its sound, its pictures and its words are put in line."""
    held = hold(media)
    held.rendition = stream_of(held, made, folder=folder)
    _learn(held, recording)
    if thumbnail and not held.is_thumbnail_chosen:
        held.thumbnail_path = thumbnail
    held.save(update_fields=LEARNED)
    enqueue_what_follows(held, recording)
    return held


def stream_of(media: Media, made: Made, *, folder: str) -> Rendition:
    """The row of what lies in this folder of the storage."""
    rendition: Rendition = Rendition.objects.create(
        media=media,
        folder=folder,
        rungs=[rung_facts(*pair) for pair in zip(made.ladder.rungs, made.encoded.rungs, strict=True)],
        facts={"sounds": [_sound_facts(*pair) for pair in zip(made.ladder.sounds, made.encoded.sounds, strict=True)]},
        size_bytes=made.size,
        command=shlex.join(made.command),
    )
    return rendition


def publish_file(
    media: Media, made: Made, *, rung: ffmpeg.Rung, folder: str, size: int, command: Sequence[str]
) -> None:
    """The progressive MP4, put together from a rung; `size` in bytes."""
    facts = {
        **rung_facts(rung, made.written(rung)),
        "made": ffmpeg.COPIED,
        "reason": "Put together from the adaptive stream.",
    }
    Rendition.objects.create(
        media=media, kind=RenditionKind.MP4, folder=folder, main_file=ffmpeg.MP4_FILE, rungs=[facts],
        size_bytes=size, command=shlex.join(command),
    )  # fmt: skip


def hold(media: Media) -> Media:
    """The row as it is now, locked: a person may be choosing a thumbnail. Raises JobError `gone`."""
    held: Media | None = Media.objects.select_for_update(no_key=True, of=("self",)).filter(pk=media.pk).first()
    if held is None:
        raise JobError("gone", "This was removed while work on it was under way.", permanent=True)
    return held


def _learn(media: Media, recording: Recording) -> None:
    probe = recording.probe
    media.kind, media.duration, media.duration_source = probe.kind, probe.duration, LengthSource.FILE
    media.size_bytes, media.source_metadata = probe.size, facts_of(recording)


def enqueue_what_follows(media: Media, recording: Recording, *, file: str = "", **words: Any) -> None:
    """Each once: the same key a second time changes nothing. `file` tells a later file of the media from its first one,
    `words` go along to the search for words.
    """
    key = f"{media.pk}:{file}" if file else str(media.pk)
    track = ffmpeg.choose_subtitles(recording.probe)
    payload = {**({"track": asdict(track)} if track else {}), **words}
    enqueue("transcribe_media", media.pk, key=f"transcribe_media:{key}", payload=payload)
    enqueue("make_audio", media.pk, key=f"make_audio:{key}", payload=told(recording))
    if recording.probe.video is not None:
        enqueue("draw_pictures", media.pk, key=f"draw_pictures:{key}")


def rung_facts(rung: ffmpeg.Rung, written: ffmpeg.Written) -> dict[str, Any]:
    """`bitrate` in bits a second, as measured."""
    size = {"name": rung.name, "width": rung.width, "height": rung.height}
    return {**size, "bitrate": written.average, "made": rung.made, "reason": rung.reason}


def _sound_facts(sound: ffmpeg.Sound, written: ffmpeg.Written) -> dict[str, Any]:
    facts = {"name": sound.name, "language": sound.language, "title": sound.title}
    return {**facts, "bitrate": written.average, "made": sound.made, "reason": sound.reason}
