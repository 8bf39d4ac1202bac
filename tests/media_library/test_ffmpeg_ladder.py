import functools
import re
import shutil
from dataclasses import replace
from fractions import Fraction

import av
import pytest

from media_library.ffmpeg import (
    MASTER,
    MediaError,
    Probe,
    VideoStream,
    ladder_command,
    plan_ladder,
    probe,
    run,
    sniff,
    write_master,
)
from media_library.ffmpeg import verify_ladder as verify
from media_library.ffmpeg.sniff import MP4

FILE_NAME = re.compile(r"[a-z0-9_-]+\.(m3u8|m4s|mp4)")


def film(width, height, *, fps=Fraction(30)) -> Probe:
    video = VideoStream(0, "h264", width, height, 0, fps, "yuv420p", False, 60.0)
    return Probe(60.0, 1000, "video", video, (), ())


@pytest.mark.parametrize(
    ("width", "height", "sizes"),
    [
        (1920, 1080, [(1920, 1080), (1280, 720), (854, 480), (640, 360), (426, 240)]),
        (3840, 2160, [(1920, 1080), (1280, 720), (854, 480), (640, 360), (426, 240)]),
        (1080, 1920, [(1080, 1920), (720, 1280), (480, 854), (360, 640), (240, 426)]),
        (1600, 900, [(1280, 720), (854, 480), (640, 360), (426, 240)]),
        (640, 480, [(640, 480), (480, 360), (320, 240)]),
        (320, 180, [(320, 180)]),
        (321, 181, [(320, 180)]),
        (2, 2, [(16, 16)]),
        (8000, 1000, [(3840, 480), (2880, 360), (1920, 240)]),
        (8192, 400, [(4096, 200)]),
    ],
)
def test_ladder_has_no_rung_above_the_source(width, height, sizes):
    assert [(rung.width, rung.height) for rung in plan_ladder(film(width, height), MP4).rungs] == sizes


@pytest.mark.parametrize(
    ("fps", "planned"), [("30000/1001", "30000/1001"), ("120", "60"), ("100", "50"), ("1/5", "10")]
)
def test_ladder_keeps_the_frame_rate_within_bounds(fps, planned):
    assert plan_ladder(film(640, 360, fps=Fraction(fps)), MP4).fps == Fraction(planned)


def test_ladder_gives_fast_pictures_half_as_much_again():
    assert [plan_ladder(film(320, 240, fps=Fraction(fps)), MP4).rungs[0].maxrate for fps in (30, 60)] == [400, 600]


@pytest.fixture(scope="module")
def encode(samples, tmp_path_factory):
    """Encode a sample, once a module: its plan, its folder and the percentages heard on the way."""

    @functools.cache
    def encode(name):
        source, folder, heard = samples[name], tmp_path_factory.mktemp("hls"), []
        container = sniff(source)
        ladder = plan_ladder(probe(source, container), container, refused="To see how it is encoded.")
        run(ladder_command(ladder, source, container, folder), duration=ladder.duration, on_progress=heard.append)
        write_master(folder, ladder, verify(folder, ladder))
        return ladder, folder, heard

    return encode


def keyframe_seconds(playlist) -> list[float]:
    with av.open(str(playlist)) as container:
        stream = container.streams.video[0]
        return [round(float(p.pts * p.time_base), 3) for p in container.demux(stream) if p.is_keyframe and p.size]


def test_encoding_makes_rungs_with_the_same_keyframes_every_two_seconds(encode):
    ladder, folder, _ = encode("wide.mp4")

    keyframes = [keyframe_seconds(folder / f"{rung.name}.m3u8") for rung in ladder.rungs]

    assert [[t - times[0] for t in times] for times in keyframes] == [pytest.approx([0, 2, 4, 6], abs=0.001)] * 3
    assert [rung.keyframes for rung in verify(folder, ladder).rungs] == [pytest.approx((0, 2, 4, 6), abs=0.001)] * 3


def test_encoding_can_be_decoded_and_is_verified(encode):
    ladder, folder, _ = encode("wide.mp4")

    encoded = verify(folder, ladder)

    assert [(rung.name, rung.segments, rung.duration) for rung in encoded.rungs] == [
        ("480p", 2, 8.0),
        ("360p", 2, 8.0),
        ("240p", 2, 8.0),
    ]
    assert encoded.size == sum(path.stat().st_size for path in folder.iterdir() if path.name != MASTER)
    assert [(rung.width, rung.height) for rung in ladder.rungs] == [(854, 480), (640, 360), (428, 240)]
    for rung in ladder.rungs:
        with av.open(str(folder / f"{rung.name}.m3u8")) as container:
            frames = [(frame.width, frame.height, frame.format.name) for frame in container.decode(video=0)]
        assert frames == [(rung.width, rung.height, "yuv420p")] * 80


def test_encoding_writes_sound_once_for_all_rungs(encode):
    _, folder, _ = encode("wide.mp4")

    master = (folder / MASTER).read_text()

    assert [line for line in master.splitlines() if "TYPE=AUDIO" in line] == [
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio.m3u8"'
    ]
    assert re.findall(r'^#EXT-X-STREAM-INF:.*CODECS="avc1\.\w+,mp4a\.40\.2",AUDIO="audio"$', master, re.M) == (
        [line for line in master.splitlines() if line.startswith("#EXT-X-STREAM-INF")]
    )
    with av.open(str(folder / "audio.m3u8")) as container:
        sound = container.streams.audio[0]
        assert (sound.codec_context.name, sound.sample_rate, sound.channels) == ("aac", 48000, 2)


def test_master_playlist_tells_measured_figures(encode):
    ladder, folder, _ = encode("wide.mp4")
    encoded, sound = verify(folder, ladder), verify(folder, ladder).sounds[0]

    told = re.findall(
        r"BANDWIDTH=(\d+),AVERAGE-BANDWIDTH=(\d+),RESOLUTION=(\S+),FRAME-RATE=(\S+),CODECS",
        (folder / MASTER).read_text(),
    )

    assert told == [
        (str(one.peak + sound.peak), str(one.average + sound.average), f"{rung.width}x{rung.height}", "10.000")
        for rung, one in zip(ladder.rungs, encoded.rungs, strict=True)
    ]
    assert [one.average <= one.peak for one in encoded.rungs] == [True] * 3


def test_encoding_shows_picture_and_sound_from_second_zero(encode):
    ladder, folder, _ = encode("wide.mp4")

    segments = [(folder / f"{name}_init.mp4").read_bytes() for name in ("480p", "audio")]

    assert [b"elst" in initial for initial in segments] == [False, False]
    assert [one.keyframes[0] for one in verify(folder, ladder).rungs] == [0.0] * 3


def test_encoding_names_files_safely(encode):
    _, folder, _ = encode("talk.mp4")

    assert [path.name for path in folder.iterdir() if not FILE_NAME.fullmatch(path.name)] == []


def test_encoding_progress_never_falls_and_ends_at_100(encode):
    _, _, heard = encode("wide.mp4")

    assert heard == sorted(heard)
    assert (heard[-1], heard.count(100.0), len(heard) > 1, heard[0] < 100) == (100.0, 1, True, True)


@pytest.mark.parametrize(
    ("name", "playlists"),
    [
        ("silent.mp4", ["180p.m3u8", "master.m3u8"]),
        ("tone.mp3", ["audio.m3u8", "master.m3u8"]),
        ("odd.mp4", ["180p.m3u8", "master.m3u8"]),
        ("portrait.mp4", ["240p.m3u8", "360p.m3u8", "audio.m3u8", "master.m3u8"]),
        ("talk.webm", ["180p.m3u8", "audio.m3u8", "master.m3u8"]),
        ("talk.avi", ["180p.m3u8", "audio.m3u8", "master.m3u8"]),
        ("sideways.mp4", ["180p.m3u8", "master.m3u8"]),
        ("interlaced.mp4", ["240p.m3u8", "master.m3u8"]),
        ("short_picture.mp4", ["180p.m3u8", "audio.m3u8", "master.m3u8"]),
    ],
)
def test_encoding_writes_what_the_source_has(encode, name, playlists):
    ladder, folder, _ = encode(name)

    verify(folder, ladder)

    assert sorted(path.name for path in folder.glob("*.m3u8")) == playlists
    assert [path.name for path in folder.iterdir() if not FILE_NAME.fullmatch(path.name)] == []


def test_encoding_stands_a_sideways_film_upright(encode):
    _, folder, _ = encode("sideways.mp4")

    with av.open(str(folder / "180p.m3u8")) as container:
        frame = next(container.decode(video=0))
        assert (frame.width, frame.height, frame.rotation) == (180, 320, 0)


def test_ladder_command_opens_nothing_but_the_file(samples, tmp_path):
    source = samples["talk.mp4"]
    container = sniff(source)

    argv = ladder_command(plan_ladder(probe(source, container), container), source, container, tmp_path, threads=1)

    safe = "-nostdin -hide_banner -v error -f mov -max_pixels 35389440 -max_streams 64 -protocol_whitelist file,pipe"
    assert " ".join(argv[1 : argv.index("-i")]) == f"{safe} -threads 1"
    assert argv[argv.index("-i") + 1] == f"file:{source}"
    assert (argv[argv.index("-map_metadata") + 1], "-sn" in argv, "-dn" in argv) == ("-1", True, True)


def test_ladder_command_deinterlaces_only_interlaced_film(samples, tmp_path):
    def filters(name):
        container = sniff(samples[name])
        ladder = plan_ladder(probe(samples[name], container), container)
        argv = ladder_command(ladder, samples[name], container, tmp_path)
        return argv[argv.index("-filter_complex") + 1]

    assert ["yadif" in filters(name) for name in ("interlaced.mp4", "talk.mp4")] == [True, False]


def without_first_keyframe(segment: bytes) -> bytes:
    """The flags of the first sample say now what those of the others say."""
    first_flags = segment.index(b"\x02\x00\x00\x00", segment.index(b"trun"))
    return segment[:first_flags] + b"\x01\x01\x00\x00" + segment[first_flags + 4 :]


@pytest.mark.parametrize("spoil", ["playlist", "segment", "playlist_end", "length", "keyframes", "stream"])
def test_verify_refuses_an_incomplete_encoding(encode, tmp_path, spoil):
    ladder, encoded, _ = encode("talk.mp4")
    folder = shutil.copytree(encoded, tmp_path / "hls")
    playlist = folder / "360p.m3u8"
    match spoil:
        case "playlist":
            playlist.unlink()
        case "segment":
            (folder / "360p_00000.m4s").write_bytes(b"")
        case "playlist_end":
            playlist.write_text(playlist.read_text().replace("#EXT-X-ENDLIST", ""))
        case "length":
            ladder = replace(ladder, video_duration=ladder.video_duration + 1.5)
        case "keyframes":
            segment = folder / "360p_00000.m4s"
            segment.write_bytes(without_first_keyframe(segment.read_bytes()))
        case "stream":
            shutil.copy(folder / "audio_init.mp4", folder / "360p_init.mp4")

    with pytest.raises(MediaError) as refusal:
        verify(folder, ladder)

    assert refusal.value.code == "transcode_failed"
