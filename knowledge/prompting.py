"""The prompts: one file each in `prompts/`, `<name>.md`, whose first line is its version.

What comes from outside (transcripts, texts of courses, questions) goes in by `material`: it is data, never an order.
"""

import re
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent / "prompts"
_VERSION = re.compile(r"version: (\d+)\n\n?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]")


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is told to do. `label` is kept with what it made: name and version."""

    name: str
    version: int
    text: str

    @property
    def label(self) -> str:
        return f"{self.name}/{self.version}"

    def filled(self, **values: object) -> str:
        """With its `$names` filled in. Raises KeyError for one that is missing."""
        return Template(self.text).substitute(values)


@cache
def prompt(name: str) -> Prompt:
    """The prompt of this file. Raises ValueError where its first line is no version."""
    content = (FOLDER / f"{name}.md").read_text()
    head = _VERSION.match(content)
    if head is None:
        raise ValueError(f"The first line of {name}.md is “version: ” and a number.")
    return Prompt(name, int(head[1]), content[head.end() :].strip())


def material(text: str, *, name: str = "material", most: int) -> str:
    """Words from outside between marks that they cannot forge, at most `most` characters of them.

    Signs that nobody sees are left out: they can hide an order from the person who reads the transcript.
    """
    mark = f"{name}-{secrets.token_hex(8)}"
    return f"<{mark}>\n{_CONTROL.sub('', text)[:most]}\n</{mark}>"
