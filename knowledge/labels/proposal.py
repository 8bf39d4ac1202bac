"""What may become labels: the rules that names follow, whoever proposes them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from core.lines import one_line
from knowledge.models.label import NAME_CHARACTERS, Origin

MOST_TOPICS = 5
MOST_KEYWORDS = 12
TOPIC_WORDS = 4

_PLAIN = re.compile(r"[\w'’&+#/ -]+")  # no full stop: a topic is no sentence and no address
_BLANKS = re.compile(r"\s+")


class Suggested(BaseModel):
    """What a model is asked for."""

    topics: list[str] = []
    keywords: list[str] = []
    sentiment: Literal["positive", "neutral", "negative", "mixed"]


@dataclass(frozen=True)
class Proposal:
    """Labels for one media item, the most telling first; `model` and `prompt` are empty where none was asked."""

    origin: Origin
    topics: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    sentiment: str = ""
    model: str = ""
    prompt: str = ""


def kept_topics(names: Iterable[str]) -> tuple[str, ...]:
    """Those of one to four plain words."""
    return tuple(_first(MOST_TOPICS, (name for name in _distinct(names) if _is_topic(name))))


def kept_keywords(names: Iterable[str], *, said: str) -> tuple[str, ...]:
    """Those that occur as whole words in what was said."""
    text = _BLANKS.sub(" ", said).casefold()
    return tuple(_first(MOST_KEYWORDS, (name for name in _distinct(names) if _occurs(name, text))))


def _is_topic(name: str) -> bool:
    return bool(_PLAIN.fullmatch(name)) and len(name.split()) <= TOPIC_WORDS


def _occurs(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", text) is not None


def _distinct(names: Iterable[str]) -> Iterator[str]:
    """Each once, in one line, if it is not too long and has a letter."""
    seen: set[str] = set()
    for name in map(one_line, names):
        key = name.lower()
        if key not in seen and len(name) <= NAME_CHARACTERS and any(sign.isalpha() for sign in name):
            seen.add(key)
            yield name


def _first(most: int, names: Iterable[str]) -> list[str]:
    return [name for _, name in zip(range(most), names, strict=False)]
