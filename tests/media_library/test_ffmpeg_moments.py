"""The picture of one moment: exact to the frame, from the keyframe before it on."""

import subprocess

import pytest
from PIL import Image, ImageStat

from media_library.ffmpeg import sniff
from media_library.ffmpeg.frames import moment_command

RATE = 30000 / 1001
COUNT = 179  # of frames: six seconds, less a bit
STEP = 27 * 255 / 219  # of brightness, from one frame to the next


@pytest.fixture(scope="module")
def film(tmp_path_factory, ffmpeg_binary):
    """At the rate of American television, a keyframe every two seconds, frames stored in another order than shown."""
    film = tmp_path_factory.mktemp("moments") / "counted.mp4"
    drawn = "nullsrc=s=160x90:r=30000/1001,geq=lum='16+27*mod(N,8)':cb=128:cr=128,format=yuv420p"
    command = [
        ffmpeg_binary, "-v", "error", "-nostdin", "-f", "lavfi", "-i", drawn, "-frames:v", str(COUNT), "-c:v",
        "libx264", "-preset", "medium", "-bf", "3", "-crf", "12", "-force_key_frames", "expr:gte(t,n_forced*2)",
        "-movflags", "+frag_keyframe+empty_moov+negative_cts_offsets", "-use_editlist", "0", str(film),
    ]  # fmt: skip
    subprocess.run(command, check=True)
    return film


def shown(film, at, folder):
    """Which of eight frames in turn; None where nothing was written."""
    folder.mkdir()
    subprocess.run(moment_command(film, sniff(film), folder, at=at), check=True, stdout=subprocess.DEVNULL)
    (picture,) = folder.iterdir()
    with Image.open(picture) as opened:
        return round(ImageStat.Stat(opened.convert("L")).mean[0] / STEP)


def test_moment_shows_the_frame_that_began_last(film, tmp_path):
    """At the beginning of frames, just before it and between two; around keyframes (60, 120) and behind the end."""
    numbers = [0, 1, 7, 58, 59, 60, 61, 100, 119, 120, 177, 178]
    moments = [max(number / RATE + off, 0.0) for number in numbers for off in (0, -0.0007, 0.03)] + [5.99, 6.5, 100.0]
    wanted = [min(int((at + 0.0005) * RATE + 1e-6), COUNT - 1) % 8 for at in moments]

    assert [shown(film, at, tmp_path / str(number)) for number, at in enumerate(moments)] == wanted
