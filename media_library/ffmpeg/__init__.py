"""FFmpeg, behind a wall: plain data in and out, every reading of a creator's file confined.

container = sniff(path)
found = probe(path, container)
ladder = plan_ladder(found)
run(ladder_command(ladder, path, container, folder), duration=ladder.duration, on_progress=…)
encoded = verify_ladder(folder, ladder)
"""

from .child import Confinement
from .errors import MediaError
from .ladder import MASTER, Ladder, Rung, ladder_command, plan_ladder
from .picture import grab_frame, save_thumbnail, thumbnail_moment
from .probe import AudioStream, Limits, Probe, SubtitleStream, VideoStream, probe
from .run import run, time_limit_for
from .sniff import Container, sniff
from .subtitles import choose_subtitles, extract_subtitles
from .verify import Encoded, EncodedRung, verify_ladder

__all__ = [
    "MASTER",
    "AudioStream",
    "Confinement",
    "Container",
    "Encoded",
    "EncodedRung",
    "Ladder",
    "Limits",
    "MediaError",
    "Probe",
    "Rung",
    "SubtitleStream",
    "VideoStream",
    "choose_subtitles",
    "extract_subtitles",
    "grab_frame",
    "ladder_command",
    "plan_ladder",
    "probe",
    "run",
    "save_thumbnail",
    "sniff",
    "thumbnail_moment",
    "time_limit_for",
    "verify_ladder",
]
