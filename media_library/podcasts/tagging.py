"""Chapters inside the MP3 of media: some apps read them there only."""

import hashlib
import json
import shlex
from pathlib import Path
from typing import Any
from uuid import UUID

from core.jobs import Run, enqueue
from core.tenancy import current_organization_id
from media_library import ffmpeg
from media_library.chapter_marks import marks_in
from media_library.ffmpeg import loudness, tags
from media_library.models import Media, Rendition, RenditionKind
from media_library.podcasts.changes import touch_shows_of
from media_library.podcasts.sounds import sound_file
from media_library.services.attempts import (
    command_told,
    errors_told,
    media_to_work_on,
    moved_into_storage,
    progress_between,
    scratch_folder,
    stored_file,
)
from media_library.services.playable import hold
from media_library.services.room import ensure_room
from media_library.storage import renditions_folder


class Overtaken(Exception):
    """Sound or chapters are others by now, and a job of their own is in line."""


def tag_audio_later(media: Media) -> None:
    """Put it in line after the chapters of media or its sound have changed; without sound there is nothing to do.

    Two queries, four where there is something to do.
    """
    file = sound_file(media, "mp3")
    if file is None or _told_in(file) == _wanted(media):
        return
    version = hashlib.sha256(json.dumps([str(file.pk), _wanted(media)]).encode()).hexdigest()[:16]
    enqueue("tag_audio", media.pk, key=f"tag_audio:{media.pk}:{version}")


def tag_audio(media_id: UUID, *, run: Run) -> None:
    """Write title and chapters into a copy of the newest MP3, which then is the newest. Raises JobError, LeaseLost.

    What was there before stays until it is cleaned away.
    """
    media = media_to_work_on(media_id)
    file = sound_file(media, "mp3")
    if file is None or _told_in(file) == _wanted(media):
        with run.publish():
            return
    ensure_room(file.size_bytes)
    with scratch_folder(run, needs=file.size_bytes) as scratch, errors_told(run):
        folder, command = _write(media, file, scratch, run=run)
        run.check()
        _publish(media, file, folder, command, run=run)


def _write(media: Media, file: Rendition, scratch: Path, *, run: Run) -> tuple[Path, list[str]]:
    """A folder with the file, checked, and the command that made it."""
    folder = scratch / "tagged"
    folder.mkdir()
    source = stored_file(file.path, scratch)
    container = ffmpeg.sniff(source)
    seconds = ffmpeg.probe(source, container, should_stop=run.should_stop).duration
    told, target = scratch / "tags.txt", folder / loudness.MP3
    tags.write_tags(told, _names(media), marks_in(media.chapters), seconds=seconds)
    command = tags.tags_command(source, container, told, target)
    report = progress_between(run, 0, 100)
    with command_told(run, command):
        ffmpeg.run(command, duration=seconds, on_progress=report, should_stop=run.should_stop)
    loudness.verify_sound(target, duration=seconds)
    return folder, command


def _publish(media: Media, file: Rendition, folder: Path, command: list[str], *, run: Run) -> None:
    parent = renditions_folder(current_organization_id(), media.pk)
    size, facts = (folder / loudness.MP3).stat().st_size, {**file.facts, "chapters": _wanted(media)}
    try:
        with moved_into_storage(folder, parent, run=run, is_published=_is_published) as name, run.publish():
            _refuse_overtaken(media, file)
            Rendition.objects.create(
                media=media, kind=RenditionKind.MP3, folder=name, main_file=loudness.MP3, facts=facts, size_bytes=size,
                command=shlex.join(command),
            )  # fmt: skip
            touch_shows_of(media.pk)  # its address is the same, its length is not
    except Overtaken:
        with run.publish():
            tag_audio_later(media_to_work_on(media.pk))


def _refuse_overtaken(media: Media, file: Rendition) -> None:
    """Holds the media, so that its chapters stay as they are until this is published."""
    now = hold(media)
    if _wanted(now) != _wanted(media) or sound_file(now, "mp3") != file:
        raise Overtaken


def _names(media: Media) -> dict[str, str]:
    return {"title": media.title, "artist": media.organization.name}


def _wanted(media: Media) -> list[Any]:
    """As JSON has it."""
    return [list(mark) for mark in marks_in(media.chapters)]


def _told_in(file: Rendition) -> list[Any]:
    """The chapters that stand among the facts of an MP3."""
    return list(file.facts.get("chapters", []))


def _is_published(folder: str) -> bool:
    return Rendition.objects.filter(folder=folder).exists()
