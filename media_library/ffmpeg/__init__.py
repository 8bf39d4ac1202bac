"""FFmpeg, behind a wall: plain data in and out, every reading of a creator's file confined.

container = sniff(path)
found = probe(path, container)
ladder = plan_ladder(found, container)
run(remux_command(ladder.copied, path, container, folder), duration=ladder.duration, on_progress=…)
run(ladder_command(ladder.rest, path, container, folder), duration=ladder.duration, on_progress=…)
encoded = verify_ladder(folder, ladder)
write_master(folder, ladder, encoded)
"""

from .child import Confinement
from .errors import MediaError
from .hls import names_of, part_of
from .ladder import ladder_command
from .master import MASTER, write_master
from .mp4 import MP4_FILE, mp4_command, mp4_confinement, verify_mp4
from .picture import grab_frame, save_thumbnail, thumbnail_moment
from .plan import COPIED, ENCODED, Ladder, Rung, Sound, plan_ladder
from .probe import (
    AudioStream,
    Limits,
    Probe,
    Rhythm,
    SubtitleStream,
    VideoStream,
    keep_probe,
    probe,
    restore_probe,
)
from .remux import remux_command
from .run import run, time_limit_for
from .sniff import Container, sniff
from .subtitles import choose_subtitles, extract_subtitles
from .verify import Encoded, Written, verify_ladder

__all__ = [
    "COPIED",
    "ENCODED",
    "MASTER",
    "MP4_FILE",
    "AudioStream",
    "Confinement",
    "Container",
    "Encoded",
    "Ladder",
    "Limits",
    "MediaError",
    "Probe",
    "Rhythm",
    "Rung",
    "Sound",
    "SubtitleStream",
    "VideoStream",
    "Written",
    "choose_subtitles",
    "extract_subtitles",
    "grab_frame",
    "keep_probe",
    "ladder_command",
    "mp4_command",
    "mp4_confinement",
    "names_of",
    "part_of",
    "plan_ladder",
    "probe",
    "remux_command",
    "restore_probe",
    "run",
    "save_thumbnail",
    "sniff",
    "thumbnail_moment",
    "time_limit_for",
    "verify_ladder",
    "verify_mp4",
    "write_master",
]
