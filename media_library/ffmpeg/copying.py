"""Whether a stream is good to play as it is: what need not be encoded again is watchable in seconds and loses nothing.

Each answer is a reason in words that creators can read, kept with the rendition.
"""

from collections.abc import Iterator

from .probe import AudioStream, Rhythm, VideoStream
from .sniff import Container

CONTAINERS = ("mp4", "mov", "m4a", "mkv")  # which keep the time of each frame, and H.264 as MP4 does
PROFILES = ("Baseline", "Constrained Baseline", "Main", "High")
HIGHEST_LEVEL = 42  # 4.2
SLOWEST, FASTEST = 5, 60
LARGEST_SIDES = (4096, 1080)
LONGEST_GROUP = 4.2  # seconds between keyframes: seeking and changing the quality wait for one
SHORTEST_GROUP = 0.5  # more of them than that cost every rendition its quality
HDR = ("smpte2084", "arib-std-b67")
#: Short side in pixels, and kilobits a second up to which it goes over ordinary lines at 30 frames a second.
CAPS = ((1080, 7500), (720, 4200), (480, 2100), (360, 1200), (240, 600), (0, 400))
LATEST_START = 0.06  # seconds: what is copied begins at once, as every rendition does
SOUND_RATES = (44_100, 48_000)


def video_objection(video: VideoStream, container: Container) -> str:
    """Why this picture has to be encoded; empty where it can be copied."""
    return next(objections(video, container), "")


def objections(video: VideoStream, container: Container) -> Iterator[str]:
    if video.codec != "h264":
        yield f"The source is {video.codec.upper()}; browsers everywhere play H.264."
    if container.name not in CONTAINERS:
        yield f"H.264 in {container.name.upper()} cannot be taken out unchanged."
    yield from picture_objections(video)
    yield from size_objections(video)
    if not starts_at_once(video):
        yield "Its first picture does not come at its very start."
    if video.rhythm is None:
        yield "Where its keyframes are could not be read."
    else:
        yield from rhythm_objections(video.rhythm, cap=cap_for(video))


def picture_objections(video: VideoStream) -> Iterator[str]:
    if video.transfer in HDR:
        yield "The picture is HDR; ordinary screens need it converted."
    if video.bit_depth != 8 or video.pix_fmt != "yuv420p":
        yield f"Its pixels ({video.pix_fmt}, {video.bit_depth} bits) are more than browsers everywhere can show."
    if video.profile not in PROFILES or not 0 < video.level <= HIGHEST_LEVEL:
        yield f"Its profile ({video.profile or 'unknown'} {video.level / 10}) is more than phones can decode."
    if video.interlaced:
        yield "The picture is interlaced."
    if video.rotation:
        yield f"The picture lies on its side ({video.rotation}°)."
    if not video.square_pixels:
        yield "Its pixels are not square."


def size_objections(video: VideoStream) -> Iterator[str]:
    if max(video.width, video.height) > LARGEST_SIDES[0] or min(video.width, video.height) > LARGEST_SIDES[1]:
        yield f"{video.width}×{video.height} pixels are more than the largest size here."
    if video.width % 2 or video.height % 2:
        yield f"{video.width}×{video.height} pixels are not an even number each way."
    if not SLOWEST <= video.fps <= FASTEST:
        yield f"{float(video.fps):.4g} pictures a second are not between {SLOWEST} and {FASTEST}."


def rhythm_objections(rhythm: Rhythm, *, cap: int) -> Iterator[str]:
    if not rhythm.is_steady:
        yield "Its frame rate varies."
    if not rhythm.groups_closed:
        yield "Pictures after a keyframe depend on pictures before it."
    if rhythm.longest_group > LONGEST_GROUP:
        yield f"Its keyframes are up to {rhythm.longest_group:.1f} s apart, too far for quick seeking."
    if rhythm.average_group < SHORTEST_GROUP:
        yield f"It has a keyframe every {rhythm.average_group:.2f} s, which wastes bandwidth."
    if rhythm.bit_rate > cap:
        yield f"Its {rhythm.bit_rate / 1e6:.1f} Mb/s are more than the {cap / 1e6:.1f} Mb/s for this size."


def starts_at_once(stream: VideoStream | AudioStream) -> bool:
    return stream.start is not None and abs(stream.start) <= LATEST_START


def cap_for(video: VideoStream) -> int:
    """Bits a second that a copy may have on average; half as many again above 30 frames a second."""
    short_side = min(video.width, video.height)
    kilobits = next(rate for side, rate in CAPS if short_side >= side)
    return kilobits * 1000 * 3 // 2 if video.fps > 30 else kilobits * 1000


def why_copied(video: VideoStream) -> str:
    group = video.rhythm.longest_group if video.rhythm else 0.0
    level, rate = video.level / 10, float(video.fps)
    return (
        f"H.264 {video.profile} {level}, {rate:.4g} pictures a second, a keyframe every {group:.1f} s: plays as it is."
    )


def sound_objection(track: AudioStream, container: Container) -> str:
    """Why this sound has to be encoded; empty where it can be copied."""
    if track.codec != "aac" or track.profile != "LC":
        return f"The source is {track.codec.upper()}; browsers everywhere play AAC-LC."
    if track.channels not in (1, 2):
        return f"Its {track.channels} channels are mixed down to two."
    if track.sample_rate not in SOUND_RATES:
        return f"Its sample rate is {track.sample_rate} Hz, not 44,100 or 48,000."
    if not starts_at_once(track):
        return "It does not begin together with its picture."
    return "" if container.name in CONTAINERS else f"AAC in {container.name.upper()} cannot be taken out unchanged."
