import socket
import time
from fractions import Fraction

import pytest

from media_library.ffmpeg import Limits, MediaError, SubtitleStream, probe, sniff
from media_library.ffmpeg.errors import DETAIL_BYTES
from media_library.ffmpeg.sniff import MATROSKA, MP4


def probe_file(path, **options):
    return probe(path, sniff(path), **options)


def refusal_of(path, container=None, **options) -> MediaError:
    with pytest.raises(MediaError) as refusal:
        probe(path, container or sniff(path), **options)
    return refusal.value


def test_probe_describes_video(samples):
    found = probe_file(samples["talk.mp4"])

    video = found.video
    assert (found.kind, found.duration, found.size) == ("video", 6.0, samples["talk.mp4"].stat().st_size)
    assert (video.codec, video.width, video.height, video.rotation) == ("h264", 640, 360, 0)
    assert (video.fps, video.pix_fmt, video.interlaced, video.duration) == (Fraction(10), "yuv420p", False, 6.0)
    assert [(track.codec, track.channels) for track in found.audio] == [("aac", 1)]


@pytest.mark.parametrize("name", ["tone.mp3", "tone.wav", "tone.flac", "tone.ogg", "tone.m4a"])
def test_probe_describes_sound(samples, name):
    found = probe_file(samples[name])

    assert (found.kind, found.video, len(found.audio), round(found.duration, 1)) == ("audio", None, 1, 6.0)


@pytest.mark.parametrize(("name", "duration"), [("talk.webm", 4.0), ("talk.mkv", 6.0), ("talk.avi", 6.0)])
def test_probe_measures_duration_of_other_containers(samples, name, duration):
    assert probe_file(samples[name]).duration == pytest.approx(duration, abs=0.1)


@pytest.mark.parametrize(
    ("name", "size", "rotation"),
    [
        ("portrait.mp4", (360, 640), 0),
        ("sideways.mp4", (180, 320), 90),
        ("odd.mp4", (321, 181), 0),
        ("anamorphic.mp4", (512, 288), 0),
    ],
)
def test_probe_gives_the_size_as_displayed(samples, name, size, rotation):
    video = probe_file(samples[name]).video

    assert ((video.width, video.height), video.rotation) == (size, rotation)


def test_probe_stops_when_asked(samples):
    assert refusal_of(samples["talk.mp4"], should_stop=lambda: True).code == "cancelled"


def test_probe_tells_interlaced_video(samples):
    assert probe_file(samples["interlaced.mp4"]).video.interlaced is True


def test_probe_lists_subtitle_tracks(samples):
    assert probe_file(samples["captioned.mkv"]).subtitles == (
        SubtitleStream(index=1, codec="subrip", language="eng", forced=False),
        SubtitleStream(index=2, codec="subrip", language="ger", forced=False),
    )


def test_probe_gives_each_stream_its_own_end(samples):
    found = probe_file(samples["short_picture.mp4"])

    assert [found.duration, found.video.duration, found.audio[0].duration] == pytest.approx([6.0, 2.0, 6.0], abs=0.05)


@pytest.mark.parametrize(
    "name",
    [
        "talk.mp4",
        "table_last.mp4",
        "talk.webm",
        "talk.mkv",
        "talk.avi",
        "tone.mp3",
        "tone.wav",
        "tone.flac",
        "tone.m4a",
    ],
)
@pytest.mark.parametrize("share", [0.33, 0.7])
def test_probe_refuses_a_cut_file_as_truncated(samples, tmp_path, name, share):
    whole = samples[name].read_bytes()
    cut = tmp_path / name
    cut.write_bytes(whole[: int(len(whole) * share)])

    assert refusal_of(cut).code == "truncated"


def test_probe_refuses_video_without_frames(samples, tmp_path):
    # What comes before the first fragment describes the tracks and holds no frame.
    fragmented = samples["fragmented.mp4"].read_bytes()
    path = tmp_path / "frameless.mp4"
    path.write_bytes(fragmented[: fragmented.index(b"moof") - 4])

    assert refusal_of(path).code == "no_frames"


def test_probe_refuses_file_without_picture_and_sound(samples):
    assert refusal_of(samples["captions_only.mp4"]).code == "no_streams"


@pytest.mark.parametrize(
    ("name", "limits", "code"),
    [
        ("talk.mp4", Limits(duration=5), "too_long"),
        ("talk.mp4", Limits(size=1000), "file_too_large"),
        ("talk.mp4", Limits(long_side=600), "too_large_picture"),
        ("portrait.mp4", Limits(long_side=600), "too_large_picture"),
        ("huge_picture.mkv", Limits(), "too_large_picture"),
        ("many_frames.mp4", Limits(), "too_many_frames"),
    ],
)
def test_probe_refuses_what_passes_a_limit(samples, name, limits, code):
    refusal = refusal_of(samples[name], limits=limits)

    assert (refusal.code, refusal.permanent) == (code, True)


def test_probe_takes_a_portrait_picture_by_its_long_side(samples):
    limits = Limits(long_side=640, short_side=360)

    assert probe_file(samples["portrait.mp4"], limits=limits).video.height == 640


def test_probe_refuses_rubbish_behind_a_good_beginning(tmp_path):
    path = tmp_path / "film.mkv"
    path.write_bytes(b"\x1a\x45\xdf\xa3" + bytes(range(256)) * 40)

    assert refusal_of(path).code == "unsupported_format"


PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{}\n#EXT-X-ENDLIST\n"
CONCAT = "ffconcat version 1.0\nfile '{}'\n"


@pytest.mark.parametrize("playlist", [PLAYLIST, CONCAT])
@pytest.mark.parametrize("container", [MP4, MATROSKA])
def test_probe_of_a_disguised_playlist_opens_no_connection(tmp_path, playlist, container):
    path = tmp_path / "film.mp4"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        path.write_text(playlist.format(f"http://127.0.0.1:{listener.getsockname()[1]}/a.ts"))

        # Even if the sniffer had been talked into believing the name.
        refusal = refusal_of(path, container)

        with pytest.raises(BlockingIOError):
            listener.accept()
    assert refusal.code in {"truncated", "unsupported_format"}


@pytest.mark.parametrize("playlist", [PLAYLIST, CONCAT])
def test_probe_of_a_disguised_playlist_reads_no_other_file(tmp_path, playlist):
    path = tmp_path / "film.mp4"
    path.write_text(playlist.format("file:///etc/passwd"))

    refusal = refusal_of(path, MP4)

    assert (refusal.code, "root:" in refusal.detail) == ("truncated", False)


def test_probe_that_lasts_too_long_is_ended(samples):
    started = time.monotonic()

    refusal = refusal_of(samples["talk.mp4"], time_limit=0)

    assert (refusal.code, time.monotonic() - started < 5) == ("timed_out", True)


def test_media_error_bounds_its_detail():
    error = MediaError("truncated", detail="ä" * DETAIL_BYTES)

    assert len(error.detail.encode()) == DETAIL_BYTES
