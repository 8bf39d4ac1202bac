"""One thing to import, as a reader found it; and everything that can be wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused

MOST_ROWS = 2_000
MOST_BYTES = 5_000_000  # of one file
ADDRESS_CHARACTERS = 1_000

#: What is wrong with a row itself: trying it again changes nothing.
PROBLEMS: dict[str, str | Promise] = {
    "no_address": gettext_lazy("There is no address of a video in it."),
    "address_too_long": gettext_lazy("This is too long for an address."),
    "bad_id": gettext_lazy("“%(told)s” is no key of a video on %(host)s."),
    "bad_date": gettext_lazy("“%(told)s” is no date: write 2026-01-31 or 2026-01-31T18:00:00Z."),
    "bad_value": gettext_lazy("“%(name)s” holds something else than text."),
    "title_too_long": gettext_lazy("The title has more than %(most)d characters."),
    "name_too_long": gettext_lazy("“%(told)s…” is too long for a category or a tag."),
    "too_many_tags": gettext_lazy("These are too many tags or categories: %(most)d of each at most."),
    "no_object": gettext_lazy("This is neither an address nor an object with facts about a video."),
    "no_front_matter": gettext_lazy("This file does not begin with facts between two lines of “---”."),
    "bad_front_matter": gettext_lazy("The facts at the beginning of this file are no YAML: %(told)s"),
    "not_json": gettext_lazy("This is no JSON: %(told)s"),
    "not_text": gettext_lazy("This file is no text."),
    "too_large": gettext_lazy("This is larger than %(most)s."),
    "outside_folder": gettext_lazy("This leads out of the folder."),
    "unknown_address": gettext_lazy("No host that is known here has this address. Known are %(hosts)s."),
    "not_one_video": gettext_lazy("This is no address of one video."),
    "a_file": gettext_lazy("This is the address of a file. Download it and upload it here instead."),
    "synchronized": gettext_lazy("Videos of %(host)s come in when it is synchronized, not by their address."),
}


class BadRow(Exception):
    """A row that cannot be used. `code` is a key of PROBLEMS, `message` better words than those there."""

    def __init__(self, code: str, message: str = "", **facts: Any) -> None:
        super().__init__(code)
        self.code, self.message = code, message or str(PROBLEMS[code]) % facts


@dataclass(frozen=True)
class Row:
    """`position` is that of the line or file, from 1. A bad row carries a `code` of PROBLEMS and a sentence."""

    position: int
    address: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    message: str = ""


def bad(position: int, problem: BadRow, *, address: str = "", facts: Mapping[str, Any] | None = None) -> Row:
    return Row(position, address[:ADDRESS_CHARACTERS], facts or {}, problem.code, problem.message)


def unreadable(code: str, words: str, *, status: int = 400) -> Refused:
    """Of a file as a whole."""
    return Refused(code, words, fields={"file": [words]}, status=status)


def refuse_too_many(count: int) -> None:
    """Raises Refused `too_many_rows`."""
    if count > MOST_ROWS:
        words = _("These are %(count)d rows. One import takes %(most)d at most: please give it in parts.")
        raise unreadable("too_many_rows", words % {"count": count, "most": MOST_ROWS})
