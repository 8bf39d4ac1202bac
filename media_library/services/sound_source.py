"""The sound of a media item, where we are entitled to it, made ready to be heard by a model."""

from dataclasses import dataclass
from pathlib import Path

from core.jobs import Run
from media_library import ffmpeg
from media_library.ffmpeg import silences
from media_library.models import Media
from media_library.services.attempts import command_told, progress_between
from media_library.services.hosts import access_to, host_of, job_error, reference_of
from media_library.services.listening import BEGUN, Sound
from media_library.services.recordings import recall
from media_library.services.sounding import audio_of
from media_library.sources import SourceError
from media_library.storage import fetch_file

LISTENING_FILE = "listening.flac"


@dataclass(frozen=True)
class SoundSource:
    """A file with a sound track; `language` as the file itself says, ISO 639-2 or empty."""

    path: Path
    container: ffmpeg.Container
    track: ffmpeg.AudioStream
    language: str


def entitled_sound(media: Media, scratch: Path, *, run: Run) -> SoundSource | None:
    """None for a silent film, and where a host gives no sound. Raises MediaError, JobError, JobPostponed."""
    host = host_of(media)
    if host is None:
        return _of_upload(media, scratch, run=run)
    facts = media.source_metadata.get("facts", {})
    folder = scratch / "host"
    folder.mkdir()
    try:
        path = host.audio(reference_of(media), access_to(host), folder, facts=facts, should_stop=run.should_stop)
    except SourceError as error:
        raise job_error(error, host) from error
    return None if path is None else _examined(path, run=run)


def made_ready(source: SoundSource, scratch: Path, *, run: Run) -> Sound:
    """One channel of 16 kHz, and its silences. Raises MediaError."""
    target, duration = scratch / LISTENING_FILE, source.track.duration
    command = silences.listening_command(source.track, source.path, source.container, target)
    report = progress_between(run, 0, BEGUN)
    with command_told(run, command):
        ended = ffmpeg.run(command, duration=duration, on_progress=report, should_stop=run.should_stop)
    volume = silences.read_volume(ended.stderr)
    found = silences.find_silences(target, volume, duration=duration, should_stop=run.should_stop)
    return Sound(target, duration, found)


def _of_upload(media: Media, scratch: Path, *, run: Run) -> SoundSource | None:
    """The sound that was made to be listened to is much smaller than the film; the film itself where there is none."""
    said = media.source_metadata.get("audio") or [{}]
    for made in audio_of(media):
        try:
            found = _examined(fetch_file(made.path, scratch), run=run)
        except FileNotFoundError:
            continue
        if found is not None:
            return SoundSource(found.path, found.container, found.track, said[0].get("language", ""))
    recording = recall(media, scratch, run=run)
    tracks = recording.probe.audio
    return SoundSource(recording.path, recording.container, tracks[0], tracks[0].language) if tracks else None


def _examined(path: Path, *, run: Run) -> SoundSource | None:
    container = ffmpeg.sniff(path)
    tracks = ffmpeg.probe(path, container, should_stop=run.should_stop).audio
    return SoundSource(path, container, tracks[0], tracks[0].language) if tracks else None
