"""What a person typed into the search box, taken apart."""

import re
from dataclasses import dataclass

from core.errors import Refused
from core.lines import one_line

MAX_CHARACTERS = 300
MAX_WORDS = 40  # each is looked up: more than a question needs would only cost

_BINDING = re.compile(r'(?P<minus>(?<!\S)-)?"(?P<phrase>[^"]*)"|(?<!\S)-(?P<word>[^\s"-][^\s"]*)')
_QUOTATION_MARKS = str.maketrans("“”„«»", '"""""')


@dataclass(frozen=True)
class Question:
    """Any of `words` matches; each of `phrases` must occur and none of `exclusions` may. `text` is all of it, clean.

    `is_begun`: it is being typed, so the last word may be the beginning of one.
    """

    text: str = ""
    words: str = ""
    phrases: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    is_begun: bool = False

    @property
    def asks_nothing(self) -> bool:
        return not self.words and not self.phrases

    @property
    def meaning(self) -> str:
        """What is looked for, without the signs that steer the search."""
        return " ".join([*self.phrases, self.words]).strip()


def question_of(text: str) -> Question:
    """Read a question: `"these words together"` and `-without` bind. Whatever PostgreSQL cannot store is a blank.

    Raises Refused `query_too_long` for more than 300 characters.
    """
    text = one_line(text).translate(_QUOTATION_MARKS)
    if len(text) > MAX_CHARACTERS:
        message = f"Please ask in at most {MAX_CHARACTERS} characters."
        raise Refused("query_too_long", message, fields={"q": [message]})
    found = list(_BINDING.finditer(text))
    words = _BINDING.sub(" ", text).replace('"', " ").split()
    return Question(
        text=text,
        words=" ".join(words[:MAX_WORDS]),
        phrases=tuple(part["phrase"] for part in found if _wanted(part)),
        exclusions=tuple(part["word"] or part["phrase"] for part in found if _unwanted(part)),
    )


def _wanted(part: re.Match[str]) -> bool:
    return not part["minus"] and bool((part["phrase"] or "").strip())


def _unwanted(part: re.Match[str]) -> bool:
    return bool(part["word"] or (part["minus"] and part["phrase"].strip()))
