"""One loudness for everything, measured by FFmpeg on what was written, not by what was meant."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from media_library.ffmpeg import MediaError, probe, run, sniff
from media_library.ffmpeg.loudness import (
    M4A,
    MP3,
    Loudness,
    Normalization,
    measure_command,
    read_loudness,
    read_normalization,
    sound_command,
    verify_sound,
)


@dataclass(frozen=True)
class Made:
    before: Loudness
    normalization: Normalization
    files: dict[str, Path]


def measure(path: Path) -> Loudness:
    container = sniff(path)
    found = probe(path, container)
    return read_loudness(run(measure_command(found.audio[0], path, container), duration=found.duration).stderr)


def make(path: Path, folder: Path) -> Made:
    container = sniff(path)
    track = probe(path, container).audio[0]
    before = measure(path)
    ended = run(sound_command(track, path, container, folder, measured=before), duration=track.duration)
    files = {name: folder / name for name in (MP3, M4A)}
    return Made(before, read_normalization(ended.stderr, measured=before), files)


@pytest.mark.parametrize(
    ("name", "channels"), [("quiet.wav", 2), ("loud.wav", 2), ("mono.wav", 1), ("surround.wav", 2)]
)
def test_everything_ends_at_the_same_loudness(samples, tmp_path, name, channels):
    made = make(samples[name], tmp_path)

    assert abs(made.before.integrated + 16) > 4
    assert (made.normalization.type, round(made.normalization.loudness)) == ("linear", -16)
    for file in made.files.values():
        after = measure(file)
        assert abs(after.integrated + 16) < 1, file.name
        assert after.true_peak <= -1.5, file.name
        assert probe(file, sniff(file)).audio[0].channels == channels


def test_one_gain_keeps_the_range(samples, tmp_path):
    made = make(samples["quiet.wav"], tmp_path)

    gain = -16 - made.before.integrated
    assert made.normalization.true_peak == pytest.approx(made.before.true_peak + gain, abs=0.01)


def test_peaks_are_kept_below_the_edge(samples, tmp_path):
    made = make(samples["clicks.wav"], tmp_path)

    assert made.before.true_peak - 16 - made.before.integrated > 0  # one gain for all would be too much
    assert made.normalization.type == "dynamic"
    assert made.normalization.true_peak <= -1.4
    assert [measure(file).true_peak < 0 for file in made.files.values()] == [True, True]


@pytest.mark.parametrize(("name", "length"), [("mute.wav", 2.0), ("blip.wav", 0.3)])
def test_what_cannot_be_measured_stays_as_it_is(samples, tmp_path, name, length):
    made = make(samples[name], tmp_path)

    assert (made.before.is_measured, made.normalization) == (False, Normalization("none"))
    assert [verify_sound(file, duration=length) > 0 for file in made.files.values()] == [True, True]


def test_film_gives_its_sound_alone(samples, tmp_path):
    made = make(samples["talk.mp4"], tmp_path)

    found = [probe(file, sniff(file)) for file in made.files.values()]
    assert [(one.kind, one.audio[0].codec, one.audio[0].sample_rate) for one in found] == [
        ("audio", "mp3", 48000),
        ("audio", "aac", 48000),
    ]


def test_m4a_can_be_played_before_all_of_it_is_there(samples, tmp_path):
    content = make(samples["blip.wav"], tmp_path).files[M4A].read_bytes()

    assert (content.index(b"moov") < content.index(b"mdat"), content[8:12]) == (True, b"M4A ")


@pytest.mark.parametrize("duration", [0.5, 20.0])
def test_sound_of_another_length_is_refused(samples, duration):
    with pytest.raises(MediaError) as refusal:
        verify_sound(samples["tone.mp3"], duration=duration)

    assert (refusal.value.code, refusal.value.permanent) == ("transcode_failed", False)


def test_verified_sound_tells_its_size(samples):
    assert verify_sound(samples["tone.mp3"], duration=6.0) == samples["tone.mp3"].stat().st_size


WORDS = """
  Duration: 00:00:10.00, Summary: {{"normalization_type" : "dynamic"}}
[Parsed_ebur128_2 @ 0x1] Summary:

  Integrated loudness:
    I:         {loudness} LUFS
    Threshold: -45.3 LUFS

  Loudness range:
    LRA:         4.1 LU
    Threshold: -55.3 LUFS
    LRA low:   -35.4 LUFS
    LRA high:  -35.2 LUFS

  True peak:
    Peak:      {peak} dBFS
[out#0/null @ 0x2] video:0KiB audio:22500KiB
"""


def test_loudness_is_read_from_the_last_words():
    words = WORDS.format(loudness="-35.3", peak="-28.2")

    assert read_loudness(words) == Loudness(-35.3, -45.3, 4.1, -28.2)


def test_silence_is_read_as_not_measured():
    silence = read_loudness(WORDS.format(loudness="-70.0", peak="-inf"))

    assert (silence.is_measured, silence.true_peak) == (False, float("-inf"))


@pytest.mark.parametrize("words", ["", "Summary: nothing", "I: -16.0 LUFS"])
def test_words_without_figures_are_a_failure(words):
    with pytest.raises(MediaError) as refusal:
        read_loudness(words)

    assert refusal.value.code == "transcode_failed"


def test_words_without_statistics_are_a_failure():
    with pytest.raises(MediaError) as refusal:
        read_normalization("frame", measured=Loudness(-20.0, -30.0, 1.0, -3.0))

    assert refusal.value.code == "transcode_failed"
