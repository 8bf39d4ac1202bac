"""Guards against words that nobody said: models fill silence with what their teachers' films said at such moments.

All of them are pure, take the cues of a whole recording in order and give those that stay.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby, takewhile

from core.ai.heard import HeardCue

Span = tuple[float, float]  # seconds: start, end

REPEATS = 5  # as often in a row, nobody says the same
LONGEST_PHRASE = 12  # words of what is repeated inside one cue
SILENT_SHARE = 0.9  # of a cue's time: what was said in it was not said
FAREWELL_SILENT_SHARE = 0.5  # the same of a farewell that was said before

# Whoever made the captions of a film signs them; a recording never says this.
SIGNATURES = re.compile(
    r"amara\.org|opensubtitles|subtitles? by|captions? by|captioned by|transcri(?:bed|ption) by|untertitel(?:ung)?"
    r" (?:der|von|des|im auftrag)|sous-titr(?:es|age)|subtítulos (?:realizados )?por|sottotitoli (?:creati|a cura)"
    r"|legendas? pela|ondertitel(?:d|ing) door|субтитры|字幕",
    re.IGNORECASE,
)
LONGEST_SIGNATURE = 12  # words: a sentence that mentions captions is longer
# Said at the end of films, and by models in each pause: what is said again there was not said.
FAREWELLS = frozenset(
    {
        "thank you", "thanks", "thank you very much", "thank you for watching", "thanks for watching", "bye", "bye bye",
        "please subscribe", "like and subscribe", "see you next time", "see you in the next video", "you",
        "vielen dank", "vielen dank fürs zuschauen", "danke fürs zuschauen", "bis zum nächsten mal",
        "merci", "merci d'avoir regardé cette vidéo", "gracias", "gracias por ver el video", "obrigado",
        "ご視聴ありがとうございました", "谢谢观看", "продолжение следует",
    }
)  # fmt: skip


def believable(cues: Sequence[HeardCue], *, silences: Sequence[Span] = ()) -> list[HeardCue]:
    """All guards one after the other; `silences` are stretches in which nothing can be heard, in order."""
    kept = without_words_in_silence(cues, silences)
    kept = without_signatures(kept)
    kept = without_repeated_farewells(kept, silences)
    return without_repeats([replace(cue, text=without_repeated_phrases(cue.text)) for cue in kept])


def without_words_in_silence(cues: Iterable[HeardCue], silences: Sequence[Span]) -> list[HeardCue]:
    """Nine tenths of the time in which it is said to be said are silent."""
    return [cue for cue in cues if not _is_silent(cue, silences, SILENT_SHARE)]


def without_signatures(cues: Iterable[HeardCue]) -> list[HeardCue]:
    return [
        cue for cue in cues if not (SIGNATURES.search(cue.text) and len(cue.text.split()) <= LONGEST_SIGNATURE)
    ]  # fmt: skip


def without_repeated_farewells(cues: Sequence[HeardCue], silences: Sequence[Span] = ()) -> list[HeardCue]:
    """Each farewell stays where it is said first; said again, where people said something else meanwhile.

    Not right after itself, nor half in silence, nor at the very end, where models go on saying it.
    """
    closing = len(cues) - sum(1 for _ in takewhile(_is_farewell, reversed(cues)))
    kept: list[HeardCue] = []
    said, last = set[str](), ""
    for place, cue in enumerate(cues):
        words = _plain(cue.text)
        is_honest = words != last and place < closing and not _is_silent(cue, silences, FAREWELL_SILENT_SHARE)
        if is_honest or words not in FAREWELLS & said:
            kept.append(cue)
        said.add(words)
        last = words
    return kept


def _is_farewell(cue: HeardCue) -> bool:
    return _plain(cue.text) in FAREWELLS


def without_repeats(cues: Iterable[HeardCue]) -> list[HeardCue]:
    """Of five or more equal ones in a row, the first."""
    kept: list[HeardCue] = []
    for _words, group in groupby(cues, key=lambda cue: _plain(cue.text)):
        same = list(group)
        kept += same[:1] if len(same) >= REPEATS else same
    return kept


def without_repeated_phrases(text: str) -> str:
    """Of a phrase said five or more times in a row inside one text, the first."""
    words = text.split()
    kept: list[str] = []
    position = 0
    while position < len(words):
        length, times = _loop_at(words, position)
        kept += words[position : position + length]
        position += length * times
    return " ".join(kept)


def _loop_at(words: list[str], position: int) -> tuple[int, int]:
    """The words of the phrase that begins here and how often it is said; one word, once, where that is no loop."""
    for length in range(1, LONGEST_PHRASE + 1):
        phrase = _plain_words(words, position, length)
        times = 1
        while _plain_words(words, position + times * length, length) == phrase and any(phrase):
            times += 1
        if times >= REPEATS:
            return length, times
    return 1, 1


def _plain_words(words: list[str], position: int, length: int) -> list[str]:
    return [_plain(word) for word in words[position : position + length]]


def _plain(text: str) -> str:
    return re.sub(r"[^\w' ]", "", text.lower()).strip()


def _is_silent(cue: HeardCue, silences: Sequence[Span], share: float) -> bool:
    overlaps = (min(cue.end, end) - max(cue.start, start) for start, end in silences)
    return sum(overlap for overlap in overlaps if overlap > 0) >= share * (cue.end - cue.start)
