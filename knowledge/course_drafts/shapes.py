"""What an outline looks like: what a model answers, which names things by short marks, and what is kept of it."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

MOST_CHAPTERS, MOST_OBJECTIVES = 40, 8


class ToldItem(BaseModel):
    """`ref` as the request calls it, such as “m3”."""

    ref: str
    title: str


class ToldChapter(BaseModel):
    """`ref` of a chapter that is there, such as “c2”; empty for a new one."""

    ref: str
    title: str
    items: list[ToldItem]


class ToldOutline(BaseModel):
    """What a model answers; nothing of it is believed before it is checked."""

    title: str
    description: str
    objectives: list[str]
    level: Literal["beginner", "intermediate", "advanced"]
    chapters: list[ToldChapter]


@dataclass
class Entry:
    """One place of an outline: a media item that is to be added, or an `item` that stands in the course."""

    title: str
    media: UUID | None = None
    item: UUID | None = None


@dataclass
class Part:
    """A chapter; `chapter` is the key of one that is there."""

    title: str
    chapter: UUID | None = None
    entries: list[Entry] = field(default_factory=list)


@dataclass
class Outline:
    title: str = ""
    description: str = ""
    objectives: list[str] = field(default_factory=list)
    level: str = ""
    parts: list[Part] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        facts = asdict(self)
        for part in facts["parts"]:
            part["chapter"] = _text(part["chapter"])
            for entry in part["entries"]:
                entry["media"], entry["item"] = _text(entry["media"]), _text(entry["item"])
        return facts


def read_outline(stored: dict[str, Any]) -> Outline:
    """Of what `as_json` wrote."""
    parts = [
        Part(part["title"], _key(part["chapter"]), [_entry(one) for one in part["entries"]])
        for part in stored.get("parts", ())
    ]
    return Outline(**{**stored, "parts": parts})


def _entry(stored: dict[str, Any]) -> Entry:
    return Entry(stored["title"], _key(stored["media"]), _key(stored["item"]))


def _text(key: UUID | None) -> str | None:
    return str(key) if key else None


def _key(text: str | None) -> UUID | None:
    return UUID(text) if text else None
