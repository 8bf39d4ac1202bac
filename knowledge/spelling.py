"""How far two words are apart, and which words are near enough to be meant.

What is looked up by `keys_of` is all that is one slip away, and of what is two slips away that with a letter too many
and another too few.
"""

from collections.abc import Iterable, Iterator

SHORTEST, LONGEST = 4, 20  # letters
ONE_SLIP, FREE_BEGIN, TWO_SLIPS = 5, 7, 8  # letters from which on; few words of fewer letters are no word themselves
VOWELS = frozenset("aeiouyаеиоуыэюяαεηιουω")
OFFERED = 5


def keys_of(word: str) -> set[str]:
    """The word, and what it is with one letter left out."""
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}


def nearest(typed: str, words: Iterable[str]) -> list[str]:
    """Those of `words` that somebody may have meant who typed this, nearest first, at most five."""
    near = sorted((slips(typed, word), word[0] != typed[0], word) for word in words if _may_mean(typed, word))
    return [word for _, _, word in near[:OFFERED]]


def _may_mean(typed: str, word: str) -> bool:
    """A short word must begin as it was typed. One of four letters is often a word of its own that nobody says here
    (“math” beside “match”, “toll” beside “tool”), so only what hardly makes another word is taken for a slip.
    """
    if len(typed) < ONE_SLIP:
        return _changes_places(typed, word) or _swallows(typed, word)
    if len(typed) < FREE_BEGIN and typed[0] != word[0]:
        return False
    return 0 < slips(typed, word) <= (2 if len(typed) >= TWO_SLIPS else 1)


def _changes_places(typed: str, word: str) -> bool:
    """Two letters side by side."""
    return typed != word and sorted(typed) == sorted(word) and slips(typed, word) == 1


def _swallows(typed: str, word: str) -> bool:
    """A vowel was left out, or one of two equal letters: “wavs” for waves, “glas” for glass."""
    left_out = (n for n in range(1, len(word)) if word[:n] + word[n + 1 :] == typed)
    return any(word[n] in VOWELS or word[n] == word[n - 1] for n in left_out)


def slips(typed: str, word: str) -> int:
    """Letters added, left out, taken for others, or changed with their neighbors (optimal string alignment)."""
    lines = [list(range(len(word) + 1))]
    for n, letter in enumerate(typed, start=1):
        lines.append(list(_line(n, letter, typed, word, lines)))
    return lines[-1][-1]


def _line(n: int, letter: str, typed: str, word: str, lines: list[list[int]]) -> Iterator[int]:
    left = n
    yield left
    for m, other in enumerate(word, start=1):
        best = min(lines[n - 1][m] + 1, left + 1, lines[n - 1][m - 1] + (letter != other))
        if n > 1 and m > 1 and typed[n - 2 : n] == word[m - 2 : m][::-1]:
            best = min(best, lines[n - 2][m - 2] + 1)
        left = best
        yield left
