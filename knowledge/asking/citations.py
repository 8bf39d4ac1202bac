"""What of an answer may be shown: the one rule. Pure.

A sentence is shown when it cites at least one passage that was given, by a number such as `[1]`, `[1,2]` or `【1】`,
and when each of its quotations occurs in a passage that it cites: the same words in the same order, whatever their case
and punctuation; "…" inside a quotation leaves words out. Every other sentence is dropped, also one that only leads
over: nobody but a person can tell whether it claims something. Numbers that name no passage are taken out; a sentence
with no other number goes with them. A sentence that carries an address, a link, a picture or a tag is dropped too,
whatever it cites: such things come from whoever wrote into the material, and the ways out of an answer are its
citations. An answer of which no sentence is left is “the material does not hold the answer”.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

CITATION = re.compile(
    r"[\[【]\s{0,3}([0-9]{1,3}(?:\s{0,3}[,;]\s{0,3}[0-9]{1,3}){0,20})\s{0,3}(?:†[^\]】]{0,60})?[\]】]"
)

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
_QUOTATION = re.compile(r'"([^"]*)"|“([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|»([^«]*)«|「([^」]*)」')
_QUOTATION_MARKS = re.compile(r'["“”„«»「」]')
_LEFT_OUT = re.compile(r"\.\.\.|…|\[[^\]]{0,40}\]")
_UNWANTED = re.compile(
    r"://|\bwww\.|\b(?:mailto|javascript|data|vbscript):|\S@\S+\.\S|!\[|\]\s?\(|\]:\s|<[a-z/!?]"
    r"|\b[\w-]+\.[a-z]{2,24}/|(?:^|[\s(\[])//\w",
    re.IGNORECASE,
)
_LIST_MARK = re.compile(r"^\s*(?:[-*•–]|#{1,6})\s+")
_EMPHASIS = re.compile(r"\*\*|__|`")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One that may be shown: `text` carries its citations as `[1]`, `numbers` are those; it may end its line."""

    text: str
    numbers: tuple[int, ...]
    ends_line: bool = False

    @property
    def words(self) -> str:
        """Without its citations."""
        return CITATION.sub("", self.text).strip()


def checked(sentence: str, given: Mapping[int, str]) -> Sentence | None:
    """The sentence as it may be shown, or None; `given` are the texts of the passages by their numbers."""
    text = _LIST_MARK.sub("• ", unicodedata.normalize("NFC", sentence))
    text = _EMPHASIS.sub("", text).strip()
    if _UNWANTED.search(text):
        return None
    numbers = tuple(dict.fromkeys(number for found in CITATION.finditer(text) for number in _known(found, given)))
    shown = CITATION.sub(lambda found: "".join(f"[{number}]" for number in _known(found, given)), text).strip()
    result = Sentence(" ".join(shown.split()), numbers, sentence.endswith("\n"))
    cited = [given[number] for number in numbers]
    return result if cited and _WORD.search(result.words) and _quotes_truly(result.words, cited) else None


def words_of(text: str) -> list[str]:
    """As they are compared: signs of Chinese and Japanese one by one."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def quotations(text: str) -> list[str]:
    return [next(part for part in found.groups() if part is not None) for found in _QUOTATION.finditer(text)]


def _known(found: re.Match[str], given: Mapping[int, str]) -> list[int]:
    return [number for number in map(int, re.findall(r"[0-9]+", found[1])) if number in given]


def _quotes_truly(words: str, cited: list[str]) -> bool:
    if _QUOTATION_MARKS.search(_QUOTATION.sub("", words)):  # one that never ends
        return False
    passages = [_spaced(passage) for passage in cited]
    return all(any(_occurs(quotation, passage) for passage in passages) for quotation in quotations(words))


def _occurs(quotation: str, passage: str) -> bool:
    place = 0
    for part in filter(words_of, _LEFT_OUT.split(quotation)):
        place = passage.find(_spaced(part), place)
        if place < 0:
            return False
    return True


def _spaced(text: str) -> str:
    return f" {' '.join(words_of(text))} "
