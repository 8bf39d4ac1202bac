"""Captions as the world writes them."""

import pytest

from media_library.captions import (
    MAX_CUE_CHARACTERS,
    MAX_CUES,
    MAX_FILE_BYTES,
    CaptionError,
    TimedText,
    parse,
)

WEBVTT = "WEBVTT\n\n00:01.000 --> 00:02.500\nHello\n\n00:03.000 --> 00:04.000\nWorld\n"
SUBRIP = "1\n00:00:01,000 --> 00:00:02,500\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nWorld\n"
HELLO_WORLD = [TimedText(1.0, 2.5, "Hello"), TimedText(3.0, 4.0, "World")]

# As YouTube serves its automatic captions: a line appears, stands alone for 10 ms, then rolls up above the next.
ROLLING = """WEBVTT
Kind: captions
Language: en

00:00:00.160 --> 00:00:02.470 align:start position:0%
 
so<00:00:00.480><c> today</c><00:00:00.900><c> we</c>

00:00:02.470 --> 00:00:02.480 align:start position:0%
so today we
 

00:00:02.480 --> 00:00:04.390 align:start position:0%
so today we
look<00:00:03.000><c> at</c><00:00:03.400><c> tides</c>

00:00:04.390 --> 00:00:04.400 align:start position:0%
look at tides
 

00:00:04.400 --> 00:00:06.000 align:start position:0%
look at tides
and<00:00:05.000><c> the</c><00:00:05.300><c> moon</c>
"""  # noqa: W291 (the lines of one blank are YouTube's)


def one(text: str) -> TimedText:
    (cue,) = parse(text)
    return cue


def webvtt_of(payload: str) -> str:
    return f"WEBVTT\n\n00:01.000 --> 00:02.000\n{payload}\n"


def code_of(text: str) -> str:
    with pytest.raises(CaptionError) as caught:
        parse(text)
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    [
        WEBVTT,
        SUBRIP,
        "\ufeff" + WEBVTT,
        "\ufeff" + SUBRIP,
        WEBVTT.replace("\n", "\r\n"),
        SUBRIP.replace("\n", "\r\n"),
        WEBVTT.replace("\n", "\r"),
        "\n\n" + WEBVTT,
        WEBVTT.replace(".", ","),
        SUBRIP.replace(",", "."),
        SUBRIP.replace("00:00:0", "0:0"),
        SUBRIP.replace(",500", ",5").replace(",000", ",0"),
        SUBRIP.replace(",000", ""),
        SUBRIP.replace("1\n0", "0").replace("2\n0", "0"),
        SUBRIP.replace("2\n0", "2\n\n0"),
        SUBRIP.replace("Hello\n\n", "Hello\n"),
        SUBRIP.replace(",500", ",500  X1:10 X2:20"),
        "A line that belongs to nothing\n\n" + SUBRIP,
        WEBVTT.replace("WEBVTT", "WEBVTT - made by hand\nKind: captions"),
        WEBVTT.replace("02.500", "02.500 align:start position:0%"),
        WEBVTT.replace("WEBVTT", "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:a\n\nNOTE\nnot said"),
        WEBVTT.replace("00:03", "intro-2\n00:03"),
        "WEBVTT\n\n00:03.000 --> 00:04.000\nWorld\n\n00:01.000 --> 00:02.500\nHello\n",
        WEBVTT + "\n00:05.000 --> 00:06.000\n \n\n00:07.000 --> 00:08.000\n<i></i>\u200b&nbsp;\n",
        WEBVTT + "\n00:03.000 --> 00:04.000\nWorld\n",
    ],
    ids=[
        "webvtt",
        "subrip",
        "webvtt with mark",
        "subrip with mark",
        "webvtt crlf",
        "subrip crlf",
        "webvtt cr",
        "blank lines first",
        "webvtt with commas",
        "subrip with dots",
        "subrip with short times",
        "subrip with short fractions",
        "subrip without fractions",
        "subrip without numbers",
        "subrip with blank lines after numbers",
        "subrip without blank lines",
        "subrip with coordinates",
        "subrip after a stray line",
        "header with text",
        "settings",
        "style, region, note",
        "identifiers",
        "unsorted",
        "cues without words",
        "a cue given twice",
    ],
)
def test_parse_reads_what_people_write(text):
    assert parse(text) == HELLO_WORLD


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ("<i>a</i> <c.yellow>b</c><00:00:01.500> <b>c</b>", "a b c"),
        ("a &amp; b &lt;i&gt; &#39;c&#39;&nbsp;d", "a & b <i> 'c' d"),
        ("&amp;lt;", "&lt;"),
        ("two\nlines", "two lines"),
        (r"{\an8}above <font color='red'>red</font>", "above red"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("a\x01b\u200bc\ud800d", "abcd"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("日本語 ünïcode", "日本語 ünïcode"),
    ],
)
def test_parse_keeps_words_and_drops_markup(payload, said):
    assert one(webvtt_of(payload)) == TimedText(1.0, 2.0, said)


def test_parse_keeps_what_follows_a_blank_line_in_subrip():
    assert one("1\n00:00:01,000 --> 00:00:02,000\nfirst\n\nsecond\n").text == "first second"


def test_parse_reads_hours_of_any_width():
    text = "WEBVTT\n\n1:00:01.000 --> 1:00:02.000\na\n\n099:00:00.000 --> 099:00:01.000\nb\n"

    assert parse(text) == [TimedText(3601.0, 3602.0, "a"), TimedText(356_400.0, 356_401.0, "b")]


@pytest.mark.parametrize(
    ("payload", "speaker"),
    [
        ("<v Ada Lovelace>Hello</v>", "Ada Lovelace"),
        ("<v.loud.first Ada &amp; Bob>Hello", "Ada & Bob"),
        ("<v  Ada >Hello", "Ada"),
        ("<v>Hello", ""),
        ("<v " + "x" * 300 + ">Hello", "x" * 100),
    ],
)
def test_parse_names_the_voice(payload, speaker):
    assert one(webvtt_of(payload)) == TimedText(1.0, 2.0, "Hello", speaker)


def test_parse_makes_a_cue_of_each_voice():
    assert parse(webvtt_of("Listen: <v Ada>Who?</v>\n<v Bob>Me.")) == [
        TimedText(1.0, 2.0, "Listen:"),
        TimedText(1.0, 2.0, "Who?", "Ada"),
        TimedText(1.0, 2.0, "Me.", "Bob"),
    ]


def test_parse_gives_a_duration_to_a_cue_that_ends_before_it_begins():
    assert one("WEBVTT\n\n00:05.000 --> 00:02.000\nback\n") == TimedText(5.0, 5.5, "back")


def test_parse_ignores_a_time_no_media_reaches():
    assert parse(WEBVTT + "\n9999:00:00.000 --> 9999:00:01.000\nstray\n") == HELLO_WORLD


def test_parse_limits_an_end_no_media_reaches():
    assert one("WEBVTT\n\n00:01.000 --> 9999:00:00.000\nlong\n").end == 360_000.0


def test_parse_says_rolling_captions_once():
    assert parse(ROLLING) == [
        TimedText(0.16, 2.48, "so today we"),
        TimedText(2.48, 4.4, "look at tides"),
        TimedText(4.4, 6.0, "and the moon"),
    ]


def test_parse_says_rolling_captions_once_that_stop_between_lines():
    stopped = ROLLING[: ROLLING.index("00:00:04.400 -->")]

    assert parse(stopped) == [TimedText(0.16, 2.48, "so today we"), TimedText(2.48, 4.4, "look at tides")]


def test_parse_keeps_a_line_of_rolling_captions_that_comes_again_after_a_pause():
    again = ROLLING + "\n00:00:07.000 --> 00:00:09.000\nand the moon\n"

    assert [cue.text for cue in parse(again)] == ["so today we", "look at tides", "and the moon", "and the moon"]


def test_parse_keeps_a_line_of_rolling_captions_that_another_voice_says_again():
    again = ROLLING + "\n00:00:06.000 --> 00:00:09.000\n<v Ada>and the moon\n"

    assert parse(again)[3] == TimedText(6.0, 9.0, "and the moon", "Ada")


def test_parse_says_broadcast_roll_up_once():
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\na\n\n00:02.000 --> 00:03.000\na\nb\n\n"
        "00:03.000 --> 00:04.000\na\nb\nc\n\n00:04.000 --> 00:05.000\nb\nc\nd\n"
    )

    assert [(cue.start, cue.text) for cue in parse(text)] == [(1.0, "a"), (2.0, "b"), (3.0, "c"), (4.0, "d")]


@pytest.mark.parametrize(
    "lines",
    [
        ["No!", "No!\nNever.", "Why?", "Because!", "Because!\nSo.", "Fine."],
        ["No!", "No!\nNever."],
    ],
)
def test_parse_keeps_words_that_people_repeat_within_a_cue(lines):
    cues = (f"00:0{n}.000 --> 00:0{n + 1}.000\n{line}\n\n" for n, line in enumerate(lines))

    assert [cue.text for cue in parse("WEBVTT\n\n" + "".join(cues))] == [line.replace("\n", " ") for line in lines]


def test_parse_keeps_words_that_people_repeat():
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nNo!\n\n00:02.000 --> 00:03.000\nNo!\n\n"
        "00:03.000 --> 00:04.000\nNo!\nNever.\n\n00:04.000 --> 00:05.000\nWhy?\n"
    )

    assert [cue.text for cue in parse(text)] == ["No!", "No!", "No! Never.", "Why?"]


def test_parse_splits_a_long_cue_at_words_and_shares_its_time():
    words = " ".join(["word"] * 1000)

    cues = parse(f"WEBVTT\n\n00:00.000 --> 00:10.000\n{words}\n")

    assert [len(cue.text) for cue in cues] == [1999, 1999, 999]
    assert " ".join(cue.text for cue in cues) == words
    assert [(cue.start, cue.end) for cue in cues] == [(0.0, 3.999), (4.001, 8.0), (8.002, 10.0)]


def test_parse_splits_a_long_cue_without_blanks():
    cues = parse(webvtt_of("x" * (MAX_CUE_CHARACTERS * 2 + 1)))

    assert [len(cue.text) for cue in cues] == [MAX_CUE_CHARACTERS, MAX_CUE_CHARACTERS, 1]


@pytest.mark.parametrize(
    "text", ["", " \r\n\ufeff\n", "\ufeff", "WEBVTT", "WEBVTT\n\nNOTE nothing\n", webvtt_of("<i> </i>")]
)
def test_parse_refuses_a_file_without_captions(text):
    assert code_of(text) == "captions_empty"


@pytest.mark.parametrize(
    "text",
    [
        "Just a text.",
        "<html><!-- a comment --></html>",
        "a --> b",
        '{"events": []}',
        "WEBVTT\n\nsoon --> later\nHello\n",
        "WEBVTT\n\n00:00:61.000 --> 00:00:99.000\nHello\n",
        "\x00\x00\x00\x20ftypisom" + "\xff" * 100,
    ],
)
def test_parse_refuses_what_is_no_caption_file(text):
    assert code_of(text) == "captions_unreadable"


def test_parse_refuses_a_large_file():
    assert code_of("WEBVTT\n\n" + "x" * MAX_FILE_BYTES) == "captions_too_large"


def test_parse_refuses_too_many_cues():
    cues = (
        f"00:{n // 60000:02}:{n // 1000 % 60:02}.{n % 1000:03} --> 01:00:00.000\nx\n\n" for n in range(MAX_CUES + 1)
    )

    assert code_of("WEBVTT\n\n" + "".join(cues)) == "captions_too_large"


def test_caption_error_speaks_to_a_creator():
    with pytest.raises(CaptionError) as caught:
        parse("rubbish")

    assert caught.value.message == str(caught.value)
    assert caught.value.message == (
        "This file could not be read as captions. Please use a WebVTT (.vtt) or SubRip (.srt) file."
    )
