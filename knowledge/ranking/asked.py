"""A question as the parameters of a statement, and how statements are asked."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from knowledge.folding import folded
from knowledge.question import Question


def asked(question: Question) -> dict[str, Any]:
    """Words in their spellings; phrases and exclusions in the quotes that `websearch_to_tsquery` understands, which
    takes any input. `bare` is the same without accents, where that differs.
    """
    numbers, spellings = _spellings(question.words.split())
    in_order, phrases = question.words, _quoted(question.phrases)
    exclusions = _quoted(question.exclusions, sign="-")
    return {
        "spellings": spellings, "numbers": numbers, "begun": _begun(question),
        "words": in_order, "bare_words": _bare(in_order),
        "phrases": phrases, "bare_phrases": _bare(phrases),
        "exclusions": exclusions, "bare_exclusions": _bare(exclusions),
    }  # fmt: skip


def rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _spellings(words: Sequence[str]) -> tuple[list[int], list[str]]:
    """(numbers, words): each as it was typed and, where it has accents, without."""
    typed = [(n, spelling) for n, word in enumerate(words) for spelling in dict.fromkeys((word, folded(word)))]
    return [n for n, _ in typed], [spelling for _, spelling in typed]


def _begun(question: Question) -> str:
    """The last word where it may go on; more than letters and digits is no beginning of a word."""
    if not question.is_begun or not question.words:
        return ""
    last = folded(question.words.split()[-1])
    return last.lower() if last.isalnum() else ""


def _quoted(parts: Sequence[str], *, sign: str = "") -> str:
    return " ".join(f'{sign}"{part}"' for part in parts)


def _bare(text: str) -> str:
    return "" if folded(text) == text else folded(text)
