"""Captions as strangers write them become words and nothing else; words become files again."""

import random
import re
import unicodedata

import pytest

from media_library.captions import TimedText, language_told, parse, plain_text, to_srt, to_text, to_webvtt

TALK = [
    TimedText(0, 2, "Good evening & welcome.", "Mara"),
    TimedText(2, 4.5, "Tides are a thing that the moon does to the sea, twice on most days of a year.", "Mara"),
    TimedText(8, 9, "1 < 2 --> true {\\an8}", "Ben"),
    TimedText(9, 10, " "),
]

PIECES = [
    "<script>alert(1)</script>", "<b>", "</i>", "<img src=x onerror=alert(1)>", "<!--", "-->", "<![CDATA[", "<scr",
    "ipt>", "<00:00:01.500>", "<c.yellow>", "<v Ada>", "<lang de>", "{\\an8}", "<", ">", "b>", "\x1b[31m",
    "\x1b]8;;http://x.test\x07", "\x9b2J", "\x1bc", "\u200b", "\u200d", "\u200c", "\u2060", "\ufeff", "\u202e",
    "\u2066", "\U000e0041", "\U000e007f", "\xad", "\x00", "\x07", "\r", "&lt;", "&gt;", "&amp;lt;", "&#x1b;[0m",
    "&#8203;", "words", "tide ", "می\u200cخواهم", "日本", "👩\u200d🚀",
]  # fmt: skip
#: What no text may hold, whatever it was made of; a joiner stands only between letters that it shapes.
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]")
IDLE_JOINER = re.compile(r"(?:^|[\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?:$|[\x00-\x7f])")
TAG = re.compile(r"<[A-Za-z/!][^<>]*>")


@pytest.fixture
def draw(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 (the same files in every run)


def webvtt_of(*payloads: str) -> str:
    blocks = [f"00:{n:02}.000 --> 00:{n:02}.900\n{payload}" for n, payload in enumerate(payloads)]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


# Markup and what nobody sees


@pytest.mark.parametrize("seed", range(40))
def test_plain_text_holds_words_only(draw):
    text = plain_text("".join(draw.choices(PIECES, k=draw.randint(1, 30))))

    assert (UNSEEN.findall(text), IDLE_JOINER.findall(text), TAG.findall(text)) == ([], [], [])
    assert plain_text(text) == text == unicodedata.normalize("NFC", text).strip()


@pytest.mark.parametrize("seed", range(40))
def test_parsed_words_hold_no_tag_of_the_file_and_nothing_unseen(draw):
    """A tag that is spelled with entities is said, and stays words: pages and files escape it."""
    plain_pieces = [piece for piece in PIECES if "&" not in piece and "-->" not in piece and "\r" not in piece]
    payloads = ["said " + "".join(draw.choices(plain_pieces, k=draw.randint(1, 20))) for _ in range(5)]

    cues = parse(webvtt_of(*payloads))

    texts = [text for cue in cues for text in (cue.text, cue.speaker)]
    assert [text for text in texts if UNSEEN.search(text) or IDLE_JOINER.search(text) or TAG.search(text)] == []


@pytest.mark.parametrize("seed", range(20))
def test_exported_words_hold_no_tag_at_all(draw):
    cues = [
        TimedText(n, n + 1, "".join(draw.choices(PIECES, k=10)).replace("\r", "") or "x", draw.choice(["", "<b>Ada"]))
        for n in range(5)
    ]

    files = to_webvtt(cues, wraps=True), to_srt(cues)

    unvoiced = [re.sub(r"(?m)^<v [^<>]*>", "", file) for file in files]
    assert [TAG.findall(file) for file in unvoiced] == [[], []]
    assert [len(re.findall("-->", file)) for file in files] == [5, 5]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a &amp; b", "a &amp; b"),
        ("1 < 2 > 0", "1 < 2 > 0"),
        ("<<b>script>alert(1)</scr<i>ipt>", "scriptalert(1)/script"),
        ("<\u200bscript>", ""),
        ("<b>bold</b>", "bold"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("ig\u200dnore", "ignore"),
        ("evil\u202egnp", "evilgnp"),
        ("hid\U000e0041\U000e0042den", "hidden"),
    ],
)
def test_typed_words_are_what_they_say(typed, kept):
    assert plain_text(typed) == kept


# Quirks


@pytest.mark.parametrize(
    ("header", "start"),
    [
        ("X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0", 1.0),
        ("X-TIMESTAMP-MAP=MPEGTS:5400000,LOCAL:00:00:00.000", 61.0),
        ("X-TIMESTAMP-MAP=LOCAL:00:00:01.000,MPEGTS:5400000", 60.0),
        ("X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000", 1.0),
        ("X-TIMESTAMP-MAP=nonsense", 1.0),
    ],
)
def test_a_piece_of_a_stream_says_which_second_it_is(header, start):
    [cue] = parse(f"WEBVTT\n{header}\n\n00:01.000 --> 00:02.000\nHello\n")

    assert (cue.start, round(cue.end - cue.start, 3)) == (start, 1.0)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            ["MARA: Good evening.", "And welcome.", ">> BEN: Thanks.", "MARA: So.", "BEN: So?"],
            [
                ("MARA", "Good evening."),
                ("", "And welcome."),
                ("BEN", "Thanks."),
                ("MARA", "So."),
                ("BEN", "So?"),
            ],
        ),
        (["Mara Lee: Hi.", "Mara Lee: Tides."], [("Mara Lee", "Hi."), ("Mara Lee", "Tides.")]),
        (["Dr. Ünal: Ja.", "Dr. Ünal: Nein."], [("Dr. Ünal", "Ja."), ("Dr. Ünal", "Nein.")]),
        (["Note: a heading", "Words.", "More words."], None),
        (["Note: one", "Note: two", "a", "b", "c"], None),
        (["WARNING: hot", "WARNING: cold", "a", "b", "c"], None),
        (["It is 10:30 now", "It is 11:30 now"], None),
        (["at: one", "at: two"], None),
    ],
)
def test_names_before_words_become_speakers_where_the_file_is_consistent(said, told):
    cues = parse(webvtt_of(*said))

    assert [(cue.speaker, cue.text) for cue in cues] == (told or [("", text) for text in said])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("WEBVTT\nKind: captions\nLanguage: de\n\n00:01.000 --> 00:02.000\nLanguage: fr", "de"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nLanguage: fr", ""),
        ("1\n00:00:01,000 --> 00:00:02,000\nLanguage: fr", ""),
        ("", ""),
    ],
)
def test_language_is_read_from_the_header_only(text, language):
    assert language_told(text) == language


# Files


def test_webvtt_breaks_long_lines_in_two():
    assert to_webvtt(TALK, language="en", wraps=True) == (
        "WEBVTT\nLanguage: en\n\n"
        "00:00:00.000 --> 00:00:02.000\n<v Mara>Good evening &amp; welcome.\n\n"
        "00:00:02.000 --> 00:00:04.500\n<v Mara>Tides are a thing that the moon does to\n"
        "the sea, twice on most days of a year.\n\n"
        "00:00:08.000 --> 00:00:09.000\n<v Ben>1 &lt; 2 --&gt; true &#123;\\an8}\n"
    )
    assert parse(to_webvtt(TALK, wraps=True)) == TALK[:3]


def test_subrip_has_numbers_commas_and_speakers():
    assert to_srt(TALK) == (
        "1\n00:00:00,000 --> 00:00:02,000\nMara: Good evening & welcome.\n\n"
        "2\n00:00:02,000 --> 00:00:04,500\nMara: Tides are a thing that the moon does\n"
        "to the sea, twice on most days of a year.\n\n"
        "3\n00:00:08,000 --> 00:00:09,000\nBen: 1 ‹ 2 --› true { \\an8}\n"
    )


def test_text_has_a_paragraph_for_each_turn():
    assert to_text(TALK) == (
        "Mara: Good evening & welcome. Tides are a thing that the moon does to the sea, twice on most days of a year.\n"
        "\n"
        "Ben: 1 < 2 --> true {\\an8}\n"
    )


def test_text_breaks_at_pauses_and_after_many_words():
    sentence = "A sentence of about sixty letters stands in each of these. "
    cues = [TimedText(n, n + 1, sentence.strip()) for n in range(12)] + [TimedText(60, 61, "Later.")]

    assert [len(part) for part in to_text(cues).split("\n\n")] == [648, 58, 7]


def test_nothing_is_an_empty_file():
    assert (to_srt([]), to_text([])) == ("", "")
