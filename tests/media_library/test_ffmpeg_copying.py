"""What is copied and what is encoded, and the words that say why."""

from dataclasses import replace
from fractions import Fraction

import av
import pytest

from media_library.ffmpeg import (
    AudioStream,
    Probe,
    Rhythm,
    VideoStream,
    ladder_command,
    plan_ladder,
    probe,
    remux_command,
    run,
    sniff,
    verify_ladder,
    write_master,
)
from media_library.ffmpeg.sniff import AVI, MP4

RHYTHM = Rhythm(bit_rate=2_900_000, is_steady=True, longest_group=2.0, average_group=2.0, groups_closed=True)
FILM = VideoStream(
    0, "h264", 1920, 1080, 0, Fraction(30), "yuv420p", False, 60.0, profile="High", level=40, rhythm=RHYTHM
)
SOUND = AudioStream(1, "aac", 2, 48000, "eng", 60.0, profile="LC")


def planned(video=FILM, *sounds, container=MP4, **options):
    found = Probe(60.0, 1000, "video" if video else "audio", video, sounds or (SOUND,), ())
    return plan_ladder(found, container, **options)


def test_compliant_film_keeps_its_picture_and_sound():
    ladder = planned()

    assert [(rung.name, rung.made) for rung in ladder.rungs] == [
        ("1080p", "copied"), ("720p", "encoded"), ("480p", "encoded"), ("360p", "encoded"), ("240p", "encoded"),
    ]  # fmt: skip
    assert ladder.rungs[0].reason == "H.264 High 4.0, 30 pictures a second, a keyframe every 2.0 s: plays as it is."
    assert {rung.reason for rung in ladder.rungs[1:]} == {"Made smaller, for slower lines and smaller screens."}
    assert [(sound.made, sound.reason) for sound in ladder.sounds] == [("copied", "AAC-LC: plays as it is.")]
    assert (len(ladder.copied.rungs), len(ladder.copied.sounds)) == (1, 1)
    assert (len(ladder.rest.rungs), len(ladder.rest.sounds)) == (4, 0)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"codec": "hevc"}, "The source is HEVC; browsers everywhere play H.264."),
        ({"transfer": "smpte2084"}, "The picture is HDR; ordinary screens need it converted."),
        (
            {"pix_fmt": "yuv420p10le", "bit_depth": 10},
            "Its pixels (yuv420p10le, 10 bits) are more than browsers everywhere can show.",
        ),
        ({"profile": "High 4:2:2"}, "Its profile (High 4:2:2 4.0) is more than phones can decode."),
        ({"level": 51}, "Its profile (High 5.1) is more than phones can decode."),
        ({"interlaced": True}, "The picture is interlaced."),
        ({"rotation": 90}, "The picture lies on its side (90°)."),
        ({"square_pixels": False}, "Its pixels are not square."),
        ({"width": 3840, "height": 2160}, "3840×2160 pixels are more than the largest size here."),
        ({"width": 641, "height": 360}, "641×360 pixels are not an even number each way."),
        ({"fps": Fraction(100)}, "100 pictures a second are not between 5 and 60."),
        ({"start": 0.5}, "Its first picture does not come at its very start."),
        ({"start": None}, "Its first picture does not come at its very start."),
        ({"rhythm": None}, "Where its keyframes are could not be read."),
        ({"rhythm": replace(RHYTHM, is_steady=False)}, "Its frame rate varies."),
        ({"rhythm": replace(RHYTHM, groups_closed=False)}, "Pictures after a keyframe depend on pictures before it."),
        (
            {"rhythm": replace(RHYTHM, longest_group=10)},
            "Its keyframes are up to 10.0 s apart, too far for quick seeking.",
        ),
        ({"rhythm": replace(RHYTHM, average_group=0.04)}, "It has a keyframe every 0.04 s, which wastes bandwidth."),
        (
            {"rhythm": replace(RHYTHM, bit_rate=12_000_000)},
            "Its 12.0 Mb/s are more than the 7.5 Mb/s for this size.",
        ),
    ],
)
def test_film_that_does_not_fit_is_encoded_and_says_why(change, reason):
    ladder = planned(replace(FILM, **change))

    assert (ladder.source_is_copied, ladder.rungs[0].made, ladder.rungs[0].reason) == (False, "encoded", reason)
    assert [(sound.made, sound.reason) for sound in ladder.sounds] == [
        ("encoded", "Encoded together with its picture.")
    ]
    assert (ladder.copied.rungs, ladder.rest) == ((), ladder)


def test_film_in_an_old_container_is_encoded():
    assert planned(container=AVI).rungs[0].reason == "H.264 in AVI cannot be taken out unchanged."


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"codec": "mp3", "profile": ""}, "The source is MP3; browsers everywhere play AAC-LC."),
        ({"profile": "HE-AAC"}, "The source is AAC; browsers everywhere play AAC-LC."),
        ({"channels": 6}, "Its 6 channels are mixed down to two."),
        ({"sample_rate": 22_050}, "Its sample rate is 22050 Hz, not 44,100 or 48,000."),
        ({"start": 1.0}, "It does not begin together with its picture."),
    ],
)
def test_sound_that_does_not_fit_is_encoded_beside_a_copied_picture(change, reason):
    ladder = planned(FILM, replace(SOUND, **change))

    assert [(part.made, part.reason) for part in ladder.sounds] == [("encoded", reason)]
    assert (ladder.rungs[0].made, len(ladder.copied.sounds)) == ("copied", 1)


def test_refused_copy_is_encoded_for_the_reason_given():
    ladder = planned(refused="It could not be copied.")

    assert (ladder.rungs[0].made, ladder.rungs[0].reason) == ("encoded", "It could not be copied.")


def test_default_track_comes_first_and_all_are_kept():
    tracks = [replace(SOUND, language="ger"), replace(SOUND, index=2, is_default=True)]

    ladder = planned(FILM, *tracks)

    assert [(sound.name, sound.index, sound.language) for sound in ladder.sounds] == [
        ("audio", 2, "eng"), ("audio2", 1, "ger"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "start_of_reason"),
    [
        ("compliant.mp4", "H.264 High"),
        ("talk.mp4", "Its keyframes are up to 5.9 s apart"),
        ("all_keyframes.mp4", "It has a keyframe every 0.04 s"),
        ("open_groups.mp4", "Pictures after a keyframe depend"),
        ("uneven.mp4", "Its frame rate varies"),
        ("sideways.mp4", "The picture lies on its side (90°)"),
        ("odd.mp4", "Its pixels (yuv444p, 8 bits)"),
        ("anamorphic.mp4", "Its pixels are not square"),
        ("interlaced.mp4", "The picture is interlaced"),
        ("ten_bits.mp4", "Its pixels (yuv420p10le, 10 bits)"),
        ("bright_pq.mp4", "The source is HEVC"),
        ("talk.webm", "The source is VP8"),
    ],
)
def test_files_are_judged_by_what_is_in_them(samples, name, start_of_reason):
    container = sniff(samples[name])

    rung = plan_ladder(probe(samples[name], container), container).rungs[0]

    assert rung.reason[: len(start_of_reason)] == start_of_reason


def test_copy_holds_every_picture_unchanged_and_smaller_ones_fit_it(samples, tmp_path):
    source = samples["compliant.mp4"]
    container = sniff(source)
    ladder = plan_ladder(probe(source, container), container)

    for part, command in ((ladder.copied, remux_command), (ladder.rest, ladder_command)):
        run(command(part, source, container, tmp_path), duration=ladder.duration)

    encoded = verify_ladder(tmp_path, ladder)
    write_master(tmp_path, ladder, encoded)
    assert [rung.keyframes for rung in encoded.rungs] == [(0.0, 2.0, 4.0, 6.0)] * 2
    assert packets_of(tmp_path / "360p.m3u8") == packets_of(source)


def packets_of(path) -> list[int]:
    with av.open(str(path)) as container:
        return [hash(bytes(packet)) for packet in container.demux(container.streams.video[0]) if packet.size]
