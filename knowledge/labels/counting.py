"""Keywords by statistics: words and pairs of words that are said again and again here, and seldom elsewhere.

Nothing is invented: a keyword is spelled as it is said. Stop words and stems are PostgreSQL's, by language.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

FEWEST, MOST = 3, 10
CHARACTERS_A_KEYWORD = 200
LEAST_TIMES = 2  # what is said once is no theme of a recording
SAID_OFTEN = 3  # times: verbs of everyday, such as “takes”, come back by chance too
BY_CHANCE = 0.3  # of the score, for a word that nothing but two mentions speaks for
DESCRIBED = 2  # times the score, for what the title or the description says
SHORTEST = 3  # letters
LONGEST = 30
LONG = 6  # letters: everyday words are shorter; beyond that, length says nothing
LEAST_SHARE = 0.3  # of the score of the best one
KNOWN_ENOUGH = 4  # other media, before one can say that everybody says something
UNKNOWN = 1.0  # how telling a word is, as long as there is no library to compare with

Stems = tuple[str, ...]  # of one word, or of two that follow each other

# Vowel signs of Indic scripts and accents of their own are no letters to Python, but parts of a word.
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f\u0900-\u0dff])+")
_ENDS = re.compile(r"[.!?…。！？]")


@dataclass(frozen=True, slots=True)
class _Said:
    """A word where it stands: `gap` is what separates it from the word before."""

    word: str
    gap: str

    @property
    def begins_sentence(self) -> bool:
        return not self.gap or _ENDS.search(self.gap) is not None

    @property
    def spelling(self) -> str:
        """A capital at the beginning of a sentence says nothing about a word."""
        return self.word.lower() if self.begins_sentence and not self.word.isupper() else self.word


@dataclass
class Term:
    """Words that may be a keyword: how often they are said, and how they are spelled."""

    times: int = 0
    spellings: Counter[str] = field(default_factory=Counter)

    def add(self, spelling: str) -> None:
        self.times += 1
        self.spellings[spelling] += 1

    @property
    def name(self) -> str:
        """As it is spelled most often; else as others only go on: “ripple” rather than “ripples”."""

        def fitness(spelling: str) -> tuple[int, int, bool, str]:
            going_on = sum(other.startswith(spelling) for other in self.spellings)
            return self.spellings[spelling], going_on, spelling.islower(), spelling

        return max(self.spellings, key=fitness)

    @property
    def is_name(self) -> bool:
        """Written with a capital within sentences, as names are; in German, where all nouns are, as those are."""
        return self.name[:1].isupper()


@dataclass(frozen=True)
class Elsewhere:
    """How many other media there are, and how many of them say each stem."""

    media: int = 0
    saying: Mapping[str, int] = field(default_factory=dict)

    def rarity(self, stem: str) -> float:
        """From 0: how telling a word is. What more than half of a library says tells nothing.

        Two other media hardly know what is common; the more there are, the more they are believed.
        """
        saying = self.saying.get(stem, 0)
        if self.media >= KNOWN_ENOUGH and saying > self.media / 2:
            return 0.0
        belief = self.media / (self.media + KNOWN_ENOUGH)
        return belief * math.log((self.media + 2) / (saying + 1)) + (1 - belief) * UNKNOWN


def enough_for(text: str) -> int:
    """How many keywords a text of this length may have: what is short is about little."""
    return min(MOST, max(FEWEST, len(text) // CHARACTERS_A_KEYWORD))


def words_in(text: str) -> set[str]:
    """Each word in small letters."""
    return {found.group().lower() for found in _WORD.finditer(text)}


def terms_in(text: str, stems: Mapping[str, str]) -> dict[Stems, Term]:
    """The words and pairs that are said at least twice. `stems`: small word → its stem; empty for a stop word."""
    terms: dict[Stems, Term] = defaultdict(Term)
    said = list(_said(text))
    for one in said:
        if stem := _stem(one, stems):
            terms[(stem,)].add(one.spelling)
    for first, second in pairwise(said):
        pair = (_stem(first, stems), _stem(second, stems))
        if second.gap == " " and all(pair):
            terms[pair].add(f"{first.spelling} {second.spelling}")
    return {key: term for key, term in terms.items() if term.times >= LEAST_TIMES}


def best_keywords(
    terms: Mapping[Stems, Term], elsewhere: Elsewhere, *, about: Collection[str] = (), most: int = MOST
) -> list[str]:
    """Names, the most telling first; nothing that tells much less than the first. `about`: stems of its description.

    A word that is hardly said outside of a pair stands back behind the pair.
    """
    scores = {key: _score(key, term, elsewhere, about) for key, term in terms.items()}
    ranked = sorted(terms, key=lambda key: (-scores[key], key))
    least = LEAST_SHARE * max(scores.values(), default=0.0)
    chosen: list[Stems] = []
    for key in ranked:
        if scores[key] > 0 and scores[key] >= least and not _is_in_a_pair(key, chosen, terms):
            chosen.append(key)
    return [terms[key].name for key in chosen[:most]]


def _score(key: Stems, term: Term, elsewhere: Elsewhere, about: Collection[str]) -> float:
    """How telling its words are, rare ones, longer ones, those it is described with; the more the oftener it is said,
    each time a little less, so that a title said sixty times leaves room for others. A single word said twice is
    nothing yet, unless it is a name or the description says it too.
    """
    telling = (elsewhere.rarity(stem) * min(len(stem), LONG) * (DESCRIBED if stem in about else 1) for stem in key)
    speaks_for_it = term.times >= SAID_OFTEN or len(key) > 1 or term.is_name or not {*about}.isdisjoint(key)
    return math.log2(1 + term.times) * sum(telling) * (1 if speaks_for_it else BY_CHANCE)


def _is_in_a_pair(key: Stems, chosen: Iterable[Stems], terms: Mapping[Stems, Term]) -> bool:
    inside = sum(terms[pair].times for pair in chosen if len(pair) > len(key) and key[0] in pair)
    return len(key) == 1 and terms[key].times - inside < LEAST_TIMES and inside > 0


def _said(text: str) -> Iterable[_Said]:
    text, end = " ".join(text.split()), 0
    for found in _WORD.finditer(text):
        yield _Said(found.group(), text[end : found.start()])
        end = found.end()


def _stem(said: _Said, stems: Mapping[str, str]) -> str:
    """Empty for what is no keyword: stop words, numbers, what is too short or too long."""
    word = said.word.lower()
    return stems.get(word, "") if SHORTEST <= len(word) <= LONGEST and not word[0].isdigit() else ""
