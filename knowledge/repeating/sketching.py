"""A text as a few numbers, by which texts that share most of their words in their order are found."""

import re
from array import array
from hashlib import blake2b

from knowledge.folding import folded

WORDS_TOGETHER = 4
MARKS = 32  # the smallest hashes of all stretches: equal texts keep equal ones
TELLING = 8  # of the smallest: texts of which 60 % is equal share one of these but once in a thousand times

Sketch = array  # of at most 32 numbers, the smallest first; a set of them would take ten times the memory

_WORD = re.compile(r"\w+")


def sketch(text: str) -> "Sketch[int]":
    words = _WORD.findall(folded(text).lower())
    stretches = {" ".join(words[n : n + WORDS_TOGETHER]) for n in range(max(len(words) - WORDS_TOGETHER + 1, 1))}
    return array("Q", sorted(map(_number, stretches))[:MARKS])


def likeness(one: "Sketch[int]", other: "Sketch[int]") -> float:
    """The share of stretches that both have, 0–1, as far as their smallest hashes tell."""
    smallest = set(sorted({*one, *other})[:MARKS])
    return len(smallest & {*one} & {*other}) / len(smallest) if smallest else 0.0


def _number(stretch: str) -> int:
    return int.from_bytes(blake2b(stretch.encode(), digest_size=8).digest())
