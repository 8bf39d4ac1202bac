"""The uploaded file as it was found when it was looked at, kept from one job to the next."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.jobs import Run
from media_library import ffmpeg
from media_library.models import Media
from media_library.services.attempts import stored_file


@dataclass(frozen=True)
class Recording:
    """The source: where it can be read, what it is, and what is to be made of it."""

    path: Path
    container: ffmpeg.Container
    probe: ffmpeg.Probe
    ladder: ffmpeg.Ladder


def examine(path: Path, *, should_stop: Callable[[], bool]) -> Recording:
    """Raises MediaError for what cannot be used, and `cancelled` where it should stop."""
    container = ffmpeg.sniff(path)
    probe = ffmpeg.probe(path, container, should_stop=should_stop)
    return Recording(path, container, probe, ffmpeg.plan_ladder(probe, container))


def recall(media: Media, scratch: Path, *, run: Run) -> Recording:
    """The source again, as the payload of a job tells it; examined anew where it does not.

    Raises MediaError, JobError `source_missing`.
    """
    return recall_file(media.source_path, scratch, run=run)


def recall_file(name: str, scratch: Path, *, run: Run) -> Recording:
    """The same of an uploaded file by its name in the storage, whichever media it belongs to."""
    path = stored_file(name, scratch)
    if "probe" not in run.payload:
        return examine(path, should_stop=run.should_stop)
    probe, container = ffmpeg.restore_probe(run.payload["probe"]), ffmpeg.sniff(path)
    ladder = ffmpeg.plan_ladder(probe, container, refused=run.payload.get("refused", ""))
    return Recording(path, container, probe, ladder)


def told(recording: Recording, *, refused: str = "") -> dict[str, Any]:
    """The payload for the next job; `refused` is why its source cannot be copied after all."""
    payload = {"probe": ffmpeg.keep_probe(recording.probe)}
    return {**payload, "refused": refused} if refused else payload


def facts_of(recording: Recording) -> dict[str, Any]:
    """What the file was, for creators and operators."""
    probe = recording.probe
    return {
        "container": recording.container.name,
        "video": _video_facts(probe.video) if probe.video else None,
        "audio": [_sound_facts(track) for track in probe.audio],
        "subtitles": [{"codec": track.codec, "language": track.language} for track in probe.subtitles],
    }


def _video_facts(video: ffmpeg.VideoStream) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "codec": video.codec,
        "width": video.width,
        "height": video.height,
        "fps": round(float(video.fps), 3),
    }
    noteworthy = {
        "profile": video.profile,
        "transfer": video.transfer,
        "rotation": video.rotation,
        "interlaced": video.interlaced,
        "bit_depth": video.bit_depth if video.bit_depth != 8 else 0,
    }
    rhythm = video.rhythm
    if rhythm:
        noteworthy |= {"bitrate": rhythm.bit_rate, "longest_group": round(rhythm.longest_group, 3)}
        noteworthy["variable_frame_rate"] = not rhythm.is_steady
    return facts | {name: fact for name, fact in noteworthy.items() if fact}


def _sound_facts(track: ffmpeg.AudioStream) -> dict[str, Any]:
    facts = {"codec": track.codec, "channels": track.channels, "language": track.language}
    return {**facts, "title": track.title} if track.title else facts
