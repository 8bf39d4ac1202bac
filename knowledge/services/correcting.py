"""Forgives typing errors: only of words that nothing says, and only in favor of words that this person may find."""

from collections.abc import Callable
from dataclasses import replace

from knowledge.folding import folded
from knowledge.models import Spelling
from knowledge.question import Question
from knowledge.ranking import Ranking
from knowledge.spelling import LONGEST, SHORTEST, keys_of, nearest

Ask = Callable[[Question], Ranking]


def corrected(question: Question, ranking: Ranking, *, ask: Ask) -> Question | None:
    """The question with the words that must have been meant; None where nothing is to be corrected, or to be found.

    A phrase binds letter by letter, so beside one nothing is corrected. `ask` ranks what this person may see. Two
    statements, and none where each word is said somewhere.
    """
    typed = question.words.split()
    unsaid = {n: plain for n, word in enumerate(typed) if n not in ranking.said and (plain := _plain(word))}
    if question.phrases or not unsaid:
        return None
    offers = _said_of(_offers(unsaid), question, ask)
    if not offers:
        return None
    words = [offers.get(n, word) for n, word in enumerate(typed)]
    return replace(question, words=" ".join(words), text=_text(question.text, typed, words))


def _plain(word: str) -> str:
    """Its letters as the vocabulary has them; empty where it is no word or none to correct."""
    letters = folded(word.strip(".,;:!?…()[]'’")).lower()
    return letters if letters.isalpha() and SHORTEST <= len(letters) <= LONGEST else ""


def _offers(unsaid: dict[int, str]) -> dict[int, list[str]]:
    keys = set().union(*(keys_of(word) for word in unsaid.values()))
    words = set(Spelling.objects.filter(keys__overlap=list(keys)).values_list("word", flat=True))
    return {n: near for n, word in unsaid.items() if (near := nearest(word, words))}


def _said_of(offers: dict[int, list[str]], question: Question, ask: Ask) -> dict[int, str]:
    """For each word the nearest offer that something visible says."""
    offered = list(dict.fromkeys(word for near in offers.values() for word in near))
    if not offered:
        return {}
    said = {offered[n] for n in ask(replace(question, words=" ".join(offered))).said}
    return {n: found[0] for n, near in offers.items() if (found := [word for word in near if word in said])}


def _text(text: str, typed: list[str], words: list[str]) -> str:
    for before, after in zip(typed, words, strict=True):
        text = text if before == after else text.replace(before, after, 1)
    return text
