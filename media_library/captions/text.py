"""What captions are made of here, and what becomes of markup and of signs that nobody sees."""

import html
import re
from dataclasses import dataclass

MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_CUES = 50_000
MAX_CUE_CHARACTERS = 2_000
MAX_SPEAKER_CHARACTERS = 100
MAX_SECONDS = 100 * 3600  # no media is longer: a stray time must not become its length

_MARKUP = re.compile(r"</?(?:[A-Za-z][^<>]*)?>|<[0-9:.]+>|<![^<>]*>|\{\\[A-Za-z][^{}]*\}")
_BRACKETS = str.maketrans("", "", "<>{}")
# Terminals obey them: the sequence goes whole, or "[31m" would stay as words.
_TERMINAL = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[\]P^_X][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-Z\\^_]?")
# Control characters, fillers without width, marks that turn the direction of writing, tags and lone surrogates: unseen
# by a reader, read by a model, or refused by PostgreSQL.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f"
    r"\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
# Joiners shape letters of Persian and Hindi, and emoji; between others they only hide.
_IDLE_JOINER = re.compile(r"(?<![^\x00-\u02ff])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\u02ff\s])")


class CaptionError(Exception):
    """Captions that cannot be used.

    ``code`` is ``captions_empty``, ``captions_unreadable`` or ``captions_too_large``; ``message`` is for the creator.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class TimedText:
    """Words with the time in which they were said: seconds from the start of the media, end after start."""

    start: float
    end: float
    text: str
    speaker: str = ""


def plain(raw: str) -> str:
    """The words of a caption file: without markup, entities resolved once, on one line."""
    return _seen(html.unescape(_without_markup(_seen(raw))))


def plain_text(text: str) -> str:
    """Words that a person typed or a program sent as text: without markup, on one line. Entities are what they say."""
    return _seen(_without_markup(_seen(text)))


def _without_markup(text: str) -> str:
    """Tags within tags would leave tags: such text loses its brackets."""
    stripped = _MARKUP.sub("", text)
    return stripped.translate(_BRACKETS) if _MARKUP.search(stripped) else stripped


def _seen(text: str) -> str:
    """On one line, without signs that nobody sees: before markup is looked for, which they could hide."""
    visible = _INVISIBLE.sub("", _TERMINAL.sub("", text))
    return " ".join(_IDLE_JOINER.sub("", visible).split())
