"""Recordings as cameras, phones and studios make them: what comes out is what every browser plays."""

import functools
from dataclasses import dataclass

import av
import pytest

from media_library.ffmpeg import (
    MASTER,
    ladder_command,
    plan_ladder,
    probe,
    remux_command,
    run,
    sniff,
    verify_ladder,
    write_master,
)


@dataclass
class Output:
    """What was made of a sample, and the frames of its largest rung."""

    folder: object
    ladder: object
    frames: list


@pytest.fixture(scope="module")
def make(samples, tmp_path_factory):
    @functools.cache
    def make(name):
        source, folder = samples[name], tmp_path_factory.mktemp("hls")
        container = sniff(source)
        ladder = plan_ladder(probe(source, container), container)
        for part, command in ((ladder.copied, remux_command), (ladder.rest, ladder_command)):
            if part.rungs or part.sounds:
                run(command(part, source, container, folder), duration=ladder.duration)
        write_master(folder, ladder, verify_ladder(folder, ladder))
        return Output(folder, ladder, frames_of(folder / f"{ladder.rungs[0].name}.m3u8"))

    return make


def frames_of(playlist) -> list:
    with av.open(str(playlist)) as container:
        return list(container.decode(video=0))


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("portrait.mp4", (360, 640)),
        ("sideways.mp4", (180, 320)),
        ("uneven.mp4", (320, 180)),
        ("odd.mp4", (320, 180)),
        ("silent.mp4", (320, 180)),
        ("bright_pq.mp4", (320, 180)),
        ("bright_hlg.mp4", (320, 180)),
        ("ten_bits.mp4", (320, 180)),
        ("interlaced.mp4", (320, 240)),
        ("anamorphic.mp4", (426, 240)),
        ("surround.mp4", (320, 180)),
    ],
)
def test_special_source_becomes_an_ordinary_film(make, name, size):
    frame = make(name).frames[0]

    assert ((frame.width, frame.height), frame.format.name) == (size, "yuv420p")
    assert (frame.rotation, frame.interlaced_frame) == (0, False)


def test_uneven_frame_rate_becomes_even(make):
    times = [frame.time for frame in make("uneven.mp4").frames]

    steps = {round(after - before, 3) for before, after in zip(times, times[1:], strict=False)}
    assert max(steps) - min(steps) <= 0.001


@pytest.mark.parametrize("name", ["bright_pq.mp4", "bright_hlg.mp4"])
def test_hdr_is_mapped_to_ordinary_screens(make, name):
    frame = make(name).frames[0]

    assert (frame.color_trc, frame.color_primaries, frame.colorspace) == (1, 1, 1)  # all three BT.709


def test_surround_sound_is_mixed_down(make):
    output = make("surround.mp4")

    with av.open(str(output.folder / "audio.m3u8")) as container:
        sound = container.streams.audio[0]
        assert (sound.codec_context.name, sound.channels, sound.sample_rate) == ("aac", 2, 48000)


def test_every_language_can_be_chosen_and_the_default_one_is_heard(make):
    master = (make("two_languages.mkv").folder / MASTER).read_text()

    assert [line for line in master.splitlines() if "TYPE=AUDIO" in line] == [
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,'
        'CHANNELS="2",URI="audio.m3u8"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Deutsch (2)",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,'
        'CHANNELS="2",URI="audio2.m3u8"',
    ]
