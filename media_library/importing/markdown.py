"""A Markdown file that begins with facts (front matter)."""

import re

import yaml

from media_library.importing.facts import DESCRIPTION_CHARACTERS, read_facts, shown, told_address
from media_library.importing.rows import BadRow, Row, bad
from media_library.importing.texts import text_of
from media_library.sources.answers import storable

FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$\n?(.*)", re.DOTALL | re.MULTILINE)


class Words(yaml.SafeLoader):
    """Reads every value as the words that were written: a key of digits stays as it is, `12:34` too."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("references are not taken")
        return super().compose_node(parent, index)


Words.yaml_implicit_resolvers = {}


def read_markdown(content: bytes) -> Row:
    """What it tells, with the text below as the description. Raises Refused not_text, BadRow for bad front matter."""
    told, body = _front_matter(text_of(content))
    try:
        address, facts = read_facts(told)
    except BadRow as problem:
        return bad(1, problem, address=told_address(told))
    if body:
        facts.setdefault("description", body)
    return Row(1, address, facts)


def _front_matter(text: str) -> tuple[dict[str, object], str]:
    """The facts, and the text below them. Raises BadRow."""
    parts = FRONT_MATTER.match(text)
    if parts is None:
        raise BadRow("no_front_matter")
    try:
        told = yaml.load(parts[1], Loader=Words)  # noqa: S506  (a SafeLoader that makes words of everything)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadRow("bad_front_matter", told=shown(getattr(error, "problem", None) or error)) from error
    if not isinstance(told, dict):
        raise BadRow("no_front_matter")
    body = storable(parts[2]).strip()[:DESCRIPTION_CHARACTERS]
    return {str(name): value for name, value in told.items()}, body
