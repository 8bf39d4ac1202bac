"""Which renditions a source gets, and for each whether it is copied or encoded, and why.

The rules are Apple's HLS authoring specification's as far as they fit: H.264 and AAC in fragmented MP4, a keyframe
every 2 s at the same times in every rung, 6 s segments, natural frame rate up to 60, no rung above the source.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from .copying import HDR, cap_for, sound_objection, video_objection, why_copied
from .probe import AudioStream, Probe, VideoStream
from .sniff import Container

COPIED, ENCODED = "copied", "encoded"
# Short side in pixels, and kilobits a second that a rung may reach at 30 frames a second.
RUNGS = ((1080, 5000), (720, 2800), (480, 1400), (360, 800), (240, 400))
SMALLEST_RUNG_RATE = 250
LONGEST_SIDE = 4096  # what decoders in phones take
SMALLEST_SIDE = 16
FASTEST = 60
SLOWEST = 10  # a slide show of one picture in five seconds still gets a keyframe every two
MOST_SOUNDS = 8
LARGEST_MP4 = 720  # short side in pixels: for downloads and for players without streaming


@dataclass(frozen=True)
class Rung:
    """One picture size of the ladder; `maxrate` in kilobits a second, `name` such as '720p' begins its file names."""

    name: str
    width: int
    height: int
    maxrate: int
    made: str = ENCODED
    reason: str = ""


@dataclass(frozen=True)
class Sound:
    """One sound track, shared by all rungs; `index` of its stream, `language` an ISO 639-2 code or empty."""

    name: str
    index: int
    duration: float
    language: str = ""
    title: str = ""
    made: str = ENCODED
    reason: str = ""


@dataclass(frozen=True)
class Ladder:
    """Renditions of a source, largest first; durations in seconds, 0 where there is no such stream.

    `hdr` is the transfer that has to be mapped to ordinary screens, else empty. Where the `source_is_copied`, encoded
    rungs have their frames and keyframes exactly where it has them.
    """

    rungs: tuple[Rung, ...]
    sounds: tuple[Sound, ...]
    fps: Fraction
    deinterlace: bool
    hdr: str
    source_is_copied: bool
    video_index: int | None
    video_duration: float

    @property
    def duration(self) -> float:
        return max(self.video_duration, *(sound.duration for sound in self.sounds), 0.0)

    @property
    def copied(self) -> "Ladder":
        """What needs no encoding of pictures: the rung that is copied, and all sound. Empty where there is none."""
        if not self.source_is_copied:
            return replace(self, rungs=(), sounds=())
        return replace(self, rungs=tuple(rung for rung in self.rungs if rung.made == COPIED))

    @property
    def rest(self) -> "Ladder":
        """What is made beside `copied`."""
        if not self.source_is_copied:
            return self
        return replace(self, rungs=tuple(rung for rung in self.rungs if rung.made == ENCODED), sounds=())

    @property
    def mp4_rung(self) -> Rung | None:
        """What a progressive MP4 is made of; None for sound alone."""
        fitting = (rung for rung in self.rungs if min(rung.width, rung.height) <= LARGEST_MP4)
        return next(fitting, self.rungs[-1] if self.rungs else None)


def plan_ladder(probe: Probe, container: Container, *, refused: str = "") -> Ladder:
    """The renditions for a source: by its short side, so that portrait films get the same rungs.

    `refused` says why a copy turned out not to play: then nothing is copied.
    """
    video = probe.video
    objection = refused or (video_objection(video, container) if video else "")
    sounds = plan_sounds(probe.audio, container, may_copy=not objection)
    is_copied = not objection and (video is not None or any(sound.made == COPIED for sound in sounds))
    fps = even_frame_rate(video.fps) if video else Fraction(0)
    return Ladder(
        rungs=tuple(plan_rungs(video, fps, objection, is_copied)) if video else (),
        sounds=sounds,
        fps=video.fps if video and is_copied else fps,
        deinterlace=video is not None and video.interlaced,
        hdr=video.transfer if video and video.transfer in HDR else "",
        source_is_copied=is_copied,
        video_index=video.index if video else None,
        video_duration=video.duration if video else 0.0,
    )


def plan_sounds(tracks: Iterable[AudioStream], container: Container, *, may_copy: bool) -> tuple[Sound, ...]:
    """All tracks, the default one first. Beside an encoded picture nothing is copied: they would drift apart."""
    ordered = sorted(tracks, key=lambda track: not track.is_default)[:MOST_SOUNDS]
    return tuple(plan_sound(number, track, container, may_copy) for number, track in enumerate(ordered, start=1))


def plan_sound(number: int, track: AudioStream, container: Container, may_copy: bool) -> Sound:
    objection = sound_objection(track, container)
    reason = objection or ("AAC-LC: plays as it is." if may_copy else "Encoded together with its picture.")
    return Sound(
        name="audio" if number == 1 else f"audio{number}",
        index=track.index,
        duration=track.duration,
        language=track.language,
        title=track.title,
        made=COPIED if may_copy and not objection else ENCODED,
        reason=reason,
    )


def even_frame_rate(fps: Fraction) -> Fraction:
    """The source's rate, halved until at most 60 (so that motion stays even), and at least 10."""
    while fps > FASTEST:
        fps /= 2
    return max(fps, Fraction(SLOWEST))


def plan_rungs(video: VideoStream, fps: Fraction, objection: str, is_copied: bool) -> list[Rung]:
    width, height = fit_longest_side(video)
    short_side = min(width, height)
    steps = [(Fraction(side), rate) for side, rate in RUNGS if side <= short_side]
    if is_copied:
        smaller = [(side, rate) for side, rate in steps if side < short_side]
        return [copied_rung(video), *encoded_rungs(width, height, smaller, fps, "")]
    return encoded_rungs(width, height, steps or [(short_side, SMALLEST_RUNG_RATE)], fps, objection)


def copied_rung(video: VideoStream) -> Rung:
    name = f"{min(video.width, video.height)}p"
    return Rung(name, video.width, video.height, cap_for(video) // 1000, COPIED, why_copied(video))


def encoded_rungs(
    width: Fraction, height: Fraction, steps: list[tuple[Fraction, int]], fps: Fraction, objection: str
) -> list[Rung]:
    """The first one for the reason that the source is not copied, the others because slow lines need them."""
    reasons = [objection] if objection else []
    reasons += ["Made smaller, for slower lines and smaller screens."] * len(steps)
    return [
        replace(build_rung(width, height, side, rate * 3 // 2 if fps > 30 else rate), reason=reason)
        for (side, rate), reason in zip(steps, reasons, strict=False)
    ]


def fit_longest_side(video: VideoStream) -> tuple[Fraction, Fraction]:
    """The size of the source, made smaller where a very long picture passes 4096 pixels."""
    scale = min(Fraction(1), Fraction(LONGEST_SIDE, max(video.width, video.height)))
    return video.width * scale, video.height * scale


def build_rung(width: Fraction, height: Fraction, short_side: Fraction, maxrate: int) -> Rung:
    """The rung of this short side, with the even dimensions that H.264 wants."""
    scale = short_side / min(width, height)
    columns, rows = (max(round(length * scale / 2) * 2, SMALLEST_SIDE) for length in (width, height))
    return Rung(f"{min(columns, rows)}p", columns, rows, maxrate)
