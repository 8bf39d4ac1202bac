"""Passages keep every word and its time."""

import random
from itertools import pairwise

import pytest

from knowledge.chunking import Chunk, chunk
from media_library.captions import TimedText


def said(*texts: str, seconds: float = 4.0, speaker: str = "") -> list[TimedText]:
    return [TimedText(n * seconds, (n + 1) * seconds, text, speaker) for n, text in enumerate(texts)]


def numbered(count: int, *, words: int = 10, end: str = "") -> list[TimedText]:
    return said(*(" ".join(f"w{n}-{k}" for k in range(words)) + end for n in range(count)))


def ranges(chunks: list[Chunk]) -> list[tuple[int, int]]:
    return [(each.first_cue, each.last_cue) for each in chunks]


@pytest.fixture
def draw(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 (the same cues in every run)


def random_cues(draw: random.Random) -> list[TimedText]:
    cues, now = [], draw.uniform(0, 5)
    for _ in range(draw.randint(1, 120)):
        length = draw.choice([0, 1, 3, 8, 12, 30, draw.randint(1, 400)])
        words = [f"{draw.choice('abcdefg')}{draw.choice(['', '', '', '.', '?'])}" for _ in range(length)]
        seconds = draw.uniform(0.2, 8)
        cues.append(TimedText(now, now + seconds, " ".join(words), draw.choice(["", "Ada", "Bob"])))
        now += draw.uniform(0.1, seconds * 1.3)
    return cues


def test_chunk_of_nothing_is_nothing():
    assert chunk([]) == []


def test_chunk_of_cues_without_words_is_nothing():
    assert chunk(said("", " ")) == []


def test_chunk_keeps_a_short_transcript_whole():
    cues = [TimedText(1.5, 3.0, "Hello  there.", "Ada"), TimedText(3.5, 5.25, "Welcome.", "Ada")]

    assert chunk(cues) == [Chunk("Hello there. Welcome.", 1.5, 5.25, "Ada", 0, 2, 3)]


def test_chunk_defaults_to_500_words_and_repeats_50():
    chunks = chunk(numbered(200))

    assert ranges(chunks) == [(0, 50), (45, 95), (90, 140), (135, 185), (180, 200)]
    assert [each.words for each in chunks] == [500, 500, 500, 500, 200]
    assert [(each.start, each.end) for each in chunks[:2]] == [(0.0, 200.0), (180.0, 380.0)]


def test_chunk_without_overlap_repeats_nothing():
    assert ranges(chunk(numbered(25), size=100, overlap=0)) == [(0, 10), (10, 20), (20, 25)]


def test_chunk_repeats_the_whole_cue_that_comes_closest():
    assert ranges(chunk(numbered(5, words=60), size=200, overlap=50)) == [(0, 3), (2, 5)]


def test_chunk_repeats_no_cue_much_longer_than_the_overlap():
    assert ranges(chunk(numbered(3, words=150), size=160, overlap=50)) == [(0, 1), (1, 2), (2, 3)]


def test_chunk_repeats_only_what_leaves_room_for_new_words():
    cues = said("a b c d", "e f g h", "i j k l m n o p q")

    assert ranges(chunk(cues, size=10, overlap=9)) == [(0, 2), (2, 3)]


def test_chunk_always_adds_a_cue_to_what_it_repeats():
    cues = numbered(23, words=1)
    cues[19] = TimedText(cues[19].start, cues[19].end, "end.")

    assert ranges(chunk(cues, size=20, overlap=19)) == [(0, 20), (1, 21), (2, 22), (3, 23)]


def test_chunk_cuts_where_a_sentence_ends():
    cues = numbered(20)
    cues[8] = TimedText(cues[8].start, cues[8].end, cues[8].text + ".”")

    assert chunk(cues, size=100, overlap=0)[0].last_cue == 9


def test_chunk_cuts_at_a_pause():
    cues = [
        TimedText(cue.start + (1.0 if n >= 9 else 0.0), cue.end + 1.0, cue.text) for n, cue in enumerate(numbered(20))
    ]
    cues[8] = TimedText(cues[8].start, 36.0, cues[8].text)

    assert chunk(cues, size=100, overlap=0)[0].last_cue == 9


def test_chunk_cuts_where_the_speaker_changes():
    cues = [TimedText(cue.start, cue.end, cue.text, "Ada" if n < 9 else "Bob") for n, cue in enumerate(numbered(20))]

    first, second, *_ = chunk(cues, size=100, overlap=0)

    assert (first.last_cue, first.speaker, second.speaker) == (9, "Ada", "Bob")


def test_chunk_prefers_the_place_with_more_reasons():
    cues = numbered(40, words=5, end=".")
    cues = [TimedText(cue.start, cue.end, cue.text, "Ada" if n < 18 else "Bob") for n, cue in enumerate(cues)]

    assert chunk(cues, size=100, overlap=0)[0].last_cue == 18


def test_chunk_does_not_cut_early_for_a_sentence_far_from_its_size():
    cues = numbered(20)
    cues[6] = TimedText(cues[6].start, cues[6].end, cues[6].text + ".")

    assert chunk(cues, size=100, overlap=0)[0].last_cue == 10


def test_chunk_names_the_only_one_who_says_a_word():
    assert chunk([TimedText(0, 1, "Me.", "Ada"), TimedText(1, 2, "", "Bob")])[0].speaker == "Ada"


def test_chunk_names_no_speaker_when_several_speak():
    cues = [TimedText(0, 1, "Who?", "Ada"), TimedText(1, 2, "Me.", "Bob")]

    assert chunk(cues)[0].speaker == ""


def test_chunk_names_no_speaker_when_one_is_unknown():
    assert chunk([TimedText(0, 1, "Who?", "Ada"), TimedText(1, 2, "Me.")])[0].speaker == ""


def test_chunk_ends_with_the_last_voice_that_falls_silent():
    assert chunk([TimedText(0, 9, "Long"), TimedText(1, 2, "short")])[0].end == 9


def test_chunk_spreads_a_long_cue_evenly_over_its_time():
    cue = TimedText(10.0, 110.0, " ".join(f"w{n}" for n in range(1000)))

    chunks = chunk([cue], size=500, overlap=50)

    assert [(each.start, each.end, each.words) for each in chunks] == [
        (10.0, 60.0, 500),
        (55.0, 105.0, 500),
        (100.0, 110.0, 100),
    ]
    assert ranges(chunks) == [(0, 1), (0, 1), (0, 1)]
    assert chunks[1].text.split()[0] == "w450"


def test_chunk_cuts_a_long_cue_where_a_sentence_ends():
    words = [f"w{n}" for n in range(200)]
    words[89] += "."

    assert chunk([TimedText(0, 200, " ".join(words))], size=100, overlap=0)[0].text.split()[-1] == "w89."


def test_chunk_counts_characters_where_words_have_no_blanks_between():
    chunks = chunk(said(*["今日は海の話です。"] * 30), size=80, overlap=8)

    assert [each.words for each in chunks] == [80, 80, 80, 24]
    assert ranges(chunks) == [(0, 10), (9, 19), (18, 28), (27, 30)]


def test_chunk_bounds_text_without_any_blank():
    (first, *_) = chunk(said(*["x" * 2000] * 100))

    assert (first.words, len(first.text)) == (500, 20_009)


def test_chunk_keeps_the_spelling_of_a_long_cue_without_blanks():
    text = "今日は海です。" * 20

    assert [each.text for each in chunk([TimedText(0, 120, text)], size=60, overlap=0)] == [text[:70], text[70:]]


def test_chunk_spreads_a_long_cue_no_further_than_the_next_cue():
    cues = [TimedText(0.0, 100.0, "word " * 20), TimedText(10.0, 20.0, "next")]

    assert [(each.start, each.end) for each in chunk(cues, size=10, overlap=0)] == [
        (0.0, 5.0),
        (5.0, 100.0),
        (10.0, 20.0),
    ]


@pytest.mark.parametrize(("size", "overlap"), [(0, 0), (10, 10), (10, -1), (-1, -2)])
def test_chunk_refuses_sizes_that_would_never_end(size, overlap):
    with pytest.raises(ValueError, match="overlap must be"):
        chunk(numbered(3), size=size, overlap=overlap)


@pytest.mark.parametrize("seed", range(150))
def test_chunk_keeps_its_promises(draw):
    cues = random_cues(draw)
    size = draw.choice([1, 2, 10, 50, 500])
    overlap = draw.choice([0, size // 10, size // 2, size - 1])

    chunks = chunk(cues, size=size, overlap=overlap)

    spoken = sum(len(cue.text.split()) for cue in cues)
    covered = {index for each in chunks for index in range(each.first_cue, each.last_cue)}
    assert covered == (set(range(len(cues))) if spoken else set())
    assert all(each.words == len(each.text.split()) <= size for each in chunks)
    assert all(before.start < after.start for before, after in pairwise(chunks))
    assert all(after.first_cue <= before.last_cue <= after.last_cue for before, after in pairwise(chunks))
    assert all(each.start < each.end <= max(cue.end for cue in cues) for each in chunks)
    long = {index for index, cue in enumerate(cues) if len(cue.text.split()) > size}
    for each in chunks:
        part = cues[each.first_cue : each.last_cue]
        if not long & set(range(each.first_cue, each.last_cue)):
            assert each.text.split() == " ".join(cue.text for cue in part).split()
            assert (each.start, each.end) == (part[0].start, max(cue.end for cue in part))


@pytest.mark.parametrize("seed", range(50))
def test_chunk_without_overlap_says_each_word_once(draw):
    cues = random_cues(draw)

    text = " ".join(each.text for each in chunk(cues, size=40, overlap=0))

    assert text.split() == " ".join(cue.text for cue in cues).split()


def test_chunk_of_cues_at_one_moment_still_ends():
    cues = [TimedText(1.0, 2.0, "word " * 10) for _ in range(1000)]

    chunks = chunk(cues)

    assert ranges(chunks)[-1] == (990, 1000)
    assert {each.start for each in chunks} == {1.0}
