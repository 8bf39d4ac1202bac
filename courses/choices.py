"""Options of a single-choice question, typed as lines: the right one begins with `*`."""

import secrets
from collections.abc import Mapping
from typing import Any

MARK = "*"
Options = list[dict[str, str]]


class UnusableChoices(ValueError):
    """Says in a sentence what is wrong with the lines."""


def parse_choices(lines: str, *, known: Options | None = None) -> tuple[Options, dict[str, str]]:
    """`options` and `answer` of a question; a text that was an option before keeps its key. Raises UnusableChoices."""
    texts = [line.strip() for line in lines.splitlines() if line.strip()]
    right = [text.removeprefix(MARK).strip() for text in texts if text.startswith(MARK)]
    return build_choices([text.removeprefix(MARK).strip() for text in texts], right, known=known)


def build_choices(
    texts: list[str], right: list[str], *, known: Options | None = None
) -> tuple[Options, dict[str, str]]:
    """The same of texts and those among them that are right."""
    _refuse_unusable(texts, right)
    keys = {option["text"]: option["key"] for option in known or []}
    options = [{"key": keys.get(text) or secrets.token_hex(4), "text": text} for text in texts]
    answer = next(option["key"] for option in options if option["text"] == right[0])
    return options, {"key": answer}


def _refuse_unusable(texts: list[str], right: list[str]) -> None:
    if len(texts) < 2:
        raise UnusableChoices("Give at least two options, one a line.")
    if not all(texts):
        raise UnusableChoices("An option has no text.")
    if len(set(texts)) < len(texts):
        raise UnusableChoices("Two options are the same.")
    if len(right) != 1:
        raise UnusableChoices(f"Mark exactly one option as right, with {MARK} in front of it; {len(right)} are marked.")


def format_choices(options: Options, answer: Mapping[str, Any]) -> str:
    """The lines a creator edits."""
    return "\n".join(f"{MARK if option['key'] == answer.get('key') else ''}{option['text']}" for option in options)
