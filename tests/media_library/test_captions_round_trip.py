"""Captions from bytes, captions back to a file, and captions that were damaged on the way."""

import random
import string

import pytest

from media_library.captions import MAX_FILE_BYTES, CaptionError, TimedText, decode, parse, to_webvtt

WHOLE_FILES = [
    "WEBVTT\n\n00:01.000 --> 00:02.500\nHello\n\n00:03.000 --> 00:04.000\nWorld\n",
    "1\n00:00:01,000 --> 00:00:02,500\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nWorld\n",
    "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ada>Who &amp; why?</v>\n<v Bob><i>Me.</i>\n",
    "WEBVTT\n\n00:01.000 --> 00:02.000\na\n\n00:02.000 --> 00:03.000\na\nb\n\n00:03.000 --> 00:04.000\nb\nc\n",
]


@pytest.fixture
def draw(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 (the same files in every run)


def outcome(text: str) -> tuple[list[TimedText], str]:
    try:
        return parse(text), ""
    except CaptionError as error:
        return [], error.code


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "latin-1"], ids=lambda encoding: encoding
)
def test_decode_finds_the_encoding(encoding):
    assert decode("WEBVTT é ü".encode(encoding)) == "WEBVTT é ü"


def test_decode_reads_big_endian_utf_16():
    assert decode(b"\xfe\xff" + "é".encode("utf-16-be")) == "é"


def test_decode_reads_bytes_that_are_in_no_other_encoding():
    assert decode(b"\xe9\x81") == "é\x81"


def test_decode_replaces_half_a_character():
    assert decode(b"\xff\xfea\x00b") == "a\ufffd"


def test_decode_refuses_a_large_file():
    with pytest.raises(CaptionError) as caught:
        decode(b"x" * (MAX_FILE_BYTES + 1))

    assert (caught.value.code, caught.value.message) == ("captions_too_large", "The caption file is larger than 5 MB.")


def test_to_webvtt_writes_valid_webvtt():
    cues = [
        TimedText(0.0, 1.5, "a < b & c --> d\n\nNOTE e", "Ada <A>\n& Co"),
        TimedText(3661.0015, 360_000.0, "late"),
        TimedText(5.0, 5.0, "no duration"),
        TimedText(6.0, 7.0, " "),
    ]

    assert to_webvtt(cues) == (
        "WEBVTT\n\n"
        "00:00:00.000 --> 00:00:01.500\n<v Ada &lt;A&gt; &amp; Co>a &lt; b &amp; c --&gt; d NOTE e\n\n"
        "01:01:01.002 --> 100:00:00.000\nlate\n\n"
        "00:00:05.000 --> 00:00:05.001\nno duration\n"
    )


def test_to_webvtt_of_nothing_is_a_valid_file():
    assert to_webvtt([]) == "WEBVTT\n"


@pytest.mark.parametrize("seed", range(20))
def test_to_webvtt_and_parse_are_inverse(draw):
    alphabet = string.ascii_letters + "  <>&{}\\'\"-.:0123456789é語"
    starts = sorted(draw.sample(range(10_000_000), 50))
    cues = [
        TimedText(start / 1000, (start + draw.randint(100, 9000)) / 1000, " ".join(words.split()) or "x", speaker)
        for start in starts
        for words in ["".join(draw.choices(alphabet, k=draw.randint(1, 200)))]
        for speaker in [draw.choice(["", "Ada", "B & <C>", "Ünal"])]
    ]

    assert parse(to_webvtt(cues)) == cues


@pytest.mark.parametrize("seed", range(40))
def test_parse_of_damaged_files_fails_only_in_words(draw):
    damaged = list(draw.choice(WHOLE_FILES))
    for _ in range(draw.randint(1, 30)):
        place = draw.randrange(len(damaged))
        damaged[place : place + draw.randint(0, 4)] = draw.choice(
            ["", "\n", "-->", "<v ", "&", "1", ":", "\x00", "0" * 9]
        )

    cues, code = outcome("".join(damaged))

    assert code in {"", "captions_empty", "captions_unreadable"}
    assert cues == sorted(cues, key=lambda cue: cue.start)
    assert all(cue.start < cue.end and cue.text == " ".join(cue.text.split()) != "" for cue in cues)
    assert outcome(to_webvtt(cues)) == (cues, "" if cues else "captions_empty")
