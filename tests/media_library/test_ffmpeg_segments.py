"""Which part of a rendition shows a second."""

import pytest

from media_library.ffmpeg import MediaError
from media_library.ffmpeg.segments import Segment, read_segments

PLAYLIST = """#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:6
#EXT-X-MAP:URI="240p_init.mp4"
#EXTINF:6.000000,
240p_00000.m4s
#EXTINF:5.500000,
240p_00001.m4s
#EXT-X-ENDLIST
"""


@pytest.mark.parametrize(
    ("second", "file"),
    [(0, "240p_00000.m4s"), (5.9, "240p_00000.m4s"), (6, "240p_00001.m4s"), (99, "240p_00001.m4s")],
)
def test_segment_of_a_second(second, file):
    assert read_segments(PLAYLIST).at(second).file == file


def test_segments_follow_each_other():
    listed = read_segments(PLAYLIST)

    assert listed.segments[1] == Segment("240p_00001.m4s", 6.0, 5.5)
    assert (listed.duration, listed.files) == (11.5, ["240p_init.mp4", "240p_00000.m4s", "240p_00001.m4s"])


@pytest.mark.parametrize("playlist", ["", "#EXTM3U\n#EXT-X-ENDLIST\n", "#EXTM3U\n#EXTINF:6,\na.m4s\n"])
def test_playlist_without_segments_is_told(playlist):
    with pytest.raises(MediaError) as refusal:
        read_segments(playlist)

    assert refusal.value.code == "no_frames"
