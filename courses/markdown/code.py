"""Code in colors: Pygments says what each word is, `static/css/prose.css` how that looks.

Some of its grammars take minutes for a page of hostile code, so it has a time to be ready in. It is counted in
processor time, so that a busy machine colors the same as an idle one.
"""

import time
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from typing import Any

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Generic, Keyword, Name, Number, Operator, String, Token
from pygments.util import ClassNotFound

#: Of the several hundred that Pygments knows: what is taught. Each is tried with hostile code in the tests.
LANGUAGES = frozenset({
    "Bash", "C", "C#", "C++", "CSS", "Clojure", "Dart", "Diff", "Docker", "Elixir", "Erlang", "F#", "Fortran", "Go",
    "GraphQL", "HTML", "Haskell", "INI", "JSON", "JavaScript", "Java", "Julia", "Kotlin", "Lua", "Makefile", "Matlab",
    "MySQL", "OCaml", "PHP", "Perl", "PostgreSQL SQL dialect", "PowerShell", "Python", "Python console session",
    "Ruby", "Rust", "S", "SCSS", "SQL", "Scala", "Swift", "TOML", "TeX", "TypeScript", "XML", "YAML",
})  # fmt: skip
LONGEST = 10_000  # characters of one piece of code; a longer one is shown plain
LONGEST_LINE = 1_000
TALLEST_GAP = 50  # lines with nothing in them

#: What kind of word, and the word.
Word = tuple[Any, str]

STYLES: dict[Any, str] = {
    Comment: "code-comment",
    Comment.Preproc: "code-keyword",
    Keyword: "code-keyword",
    Operator.Word: "code-keyword",
    Name.Function: "code-name",
    Name.Class: "code-name",
    Name.Decorator: "code-name",
    Name.Tag: "code-keyword",
    Name.Attribute: "code-name",
    Name.Builtin: "code-builtin",
    Name.Exception: "code-builtin",
    Name.Variable: "code-builtin",
    String: "code-string",
    Number: "code-number",
    Keyword.Constant: "code-number",
    Generic.Inserted: "code-string",
    Generic.Deleted: "code-deleted",
    Generic.Heading: "code-name",
    Generic.Subheading: "code-name",
    Generic.Prompt: "code-comment",
}
CLASSES = frozenset(STYLES.values())


class TooSlow(Exception):
    """The time is over."""


def highlighted(code: str, language: str, *, seconds: float) -> str:
    """HTML of code, words in spans with a class of `CLASSES`.

    Plain where the language is not known, the code is long, or not done after so many seconds of the processor.
    """
    lexer = _lexer(language) if is_short(code) else None
    if lexer is None:
        return escape(code)
    try:
        return "".join(_pieces(_in_time(lexer.get_tokens(code), seconds)))
    except TooSlow:
        return escape(code)


def is_short(code: str) -> bool:
    """Nothing in it is longer than code that a person wrote to be read."""
    if len(code) > LONGEST or "\n" * TALLEST_GAP in code:
        return False
    return all(len(line) <= LONGEST_LINE for line in code.splitlines())


def _lexer(language: str) -> Lexer | None:
    """By any of its names: `python`, `py`, `python3`."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    return lexer if lexer.name in LANGUAGES else None


def _in_time(words: Iterable[Word], seconds: float) -> Iterator[Word]:
    """Raises TooSlow."""
    end = time.thread_time() + seconds
    for word in words:
        if time.thread_time() > end:
            raise TooSlow
        yield word


def _pieces(words: Iterable[Word]) -> Iterator[str]:
    for style, run in groupby(words, key=lambda one: _style(one[0])):
        text = escape("".join(word for _, word in run))
        yield f'<span class="{style}">{text}</span>' if style else text


def _style(kind: Any) -> str:
    """That of the kind, or of the nearest kind that it is one of."""
    while kind is not Token and kind not in STYLES:
        kind = kind.parent
    return STYLES.get(kind, "")
