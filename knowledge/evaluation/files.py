"""The two files of an evaluation, a JSON object a line: questions with their answers, and texts to look in."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from core.errors import Refused
from core.lines import one_line
from knowledge.question import question_of
from media_library.models.media import TITLE_CHARACTERS

Line = TypeVar("Line")


class BadLine(ValueError):
    """A file that is not what it should be; the words name the line."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and where its answer is: in `source`, from `start` to `end` seconds where these are known.

    `source` is the id of a text of the corpus, or the id or the title of a media item, text or file of a course.
    """

    question: str
    source: str
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A text to look in. `language` as a tag, such as `en` or `pt-BR`."""

    id: str
    title: str
    text: str
    language: str = "en"


def read_questions(path: Path) -> list[Asked]:
    """Raises BadLine, OSError."""
    return list(_lines(path, _asked))


def read_corpus(path: Path) -> list[Text]:
    """Raises BadLine, OSError."""
    texts = list(_lines(path, _text))
    if len({text.id for text in texts}) < len(texts):
        raise BadLine(f"{path.name}: two texts have the same id.")
    return texts


def _lines(path: Path, read: Callable[[dict[str, Any]], Line]) -> Iterator[Line]:
    found = False
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), start=1):
        if not line.strip():
            continue
        found = True
        try:
            yield read(json.loads(line))
        except (KeyError, TypeError, ValueError, AttributeError, Refused) as error:
            raise BadLine(f"{path.name}, line {number}: {error}") from error
    if not found:
        raise BadLine(f"{path.name} holds nothing.")


def _asked(line: dict[str, Any]) -> Asked:
    """A question that search would refuse, or that asks nothing, is no question here either."""
    question = str(line["question"])
    if question_of(question).asks_nothing:
        raise ValueError("there is no question")
    source = line.get("media") or line.get("text")
    if not isinstance(source, str):
        raise ValueError("name the media item or the text that holds the answer")
    return Asked(question, source, *_span(line))


def _span(line: dict[str, Any]) -> tuple[float | None, float | None]:
    if line.get("start") is None:
        return None, None
    start, end = float(line["start"]), float(line.get("end", line["start"]))
    if not 0 <= start <= end < math.inf:
        raise ValueError("start and end are seconds, and the end is not before the start")
    return start, end


def _text(line: dict[str, Any]) -> Text:
    key, text = str(line["id"]), str(line["text"]).replace("\x00", " ")
    title = one_line(str(line.get("title") or key))[:TITLE_CHARACTERS]
    if not key or not text.strip():
        raise ValueError("a text has an id and words")
    return Text(key, title or "?", text, str(line.get("language") or "en"))
