"""Lists of learners as spreadsheets write them, read without the database: what each row asks for, or what is wrong."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.services.inviting import LONGEST_LINE, address_in
from core.csv_lines import UnreadableCsv, read_csv
from core.errors import Refused
from media_library.importing.texts import text_of

MOST_ROWS = 5_000
MOST_BYTES = 2_000_000
LONGEST_SLUG = 80
ENROLL, END = "enroll", "end"
#: The names a column may have.
COLUMNS = {
    "email": ("email", "e-mail", "mail", "e-mail address", "email address"),
    "course": ("course", "slug"),
    "ends_at": ("ends_at", "ends at", "ends", "until"),
    "action": ("action",),
}


@dataclass(frozen=True)
class Row:
    """A row as it was understood. `line` from 1; `fault` is the code and the words of what is wrong with it."""

    line: int
    email: str
    course: str = ""
    ends_at: date | None = None
    action: str = ENROLL
    fault: tuple[str, str] | None = None


def read_rows(content: bytes) -> list[Row]:
    """A row for each line that holds something; without a header every line is an address.

    Raises Refused: too_large (413), not_text, not_csv, no_email_column, empty, too_many_rows.
    """
    if len(content) > MOST_BYTES:
        raise _unreadable("too_large", _("A list has at most %(most)d MB.") % {"most": MOST_BYTES // 1_000_000}, 413)
    lines = list(_lines(text_of(content)))
    if not lines:
        raise _unreadable("empty", _("There is nothing in this list."))
    names = [_column(cell) for cell in lines[0][1]]
    if "email" in names:
        told = [(number, dict(zip(names, cells, strict=False))) for number, cells in lines[1:]]
    elif "@" in "".join(lines[0][1]):
        told = [(number, {"email": cells[0]}) for number, cells in lines]
    else:
        raise _unreadable("no_email_column", _("The first line names the columns, and none is called “email”."))
    return _read(told)


def read_told(items: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Rows of a request, numbered from 1. Raises Refused: empty, too_many_rows."""
    told = [(number, {name: str(value or "") for name, value in item.items()}) for number, item in enumerate(items, 1)]
    return _read(told)


def _read(told: list[tuple[int, dict[str, str]]]) -> list[Row]:
    if not told:
        raise _unreadable("empty", _("There is nothing in this list."))
    if len(told) > MOST_ROWS:
        words = _("A list has at most %(most)d rows; this one has %(count)d.")
        raise _unreadable("too_many_rows", words % {"most": MOST_ROWS, "count": len(told)})
    return [_row(number, cells) for number, cells in told]


def _unreadable(code: str, words: str, status: int = 400) -> Refused:
    return Refused(code, words, fields={"list": [words]}, status=status)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that holds something, with the number of its first line."""
    try:
        yield from read_csv(text)
    except UnreadableCsv as fault:
        words = _("This is no CSV: line %(line)d cannot be read.") % {"line": fault.line}
        raise _unreadable("not_csv", words) from fault


def _column(cell: str) -> str:
    name = cell.strip().lower()
    return next((column for column, names in COLUMNS.items() if name in names), name)


def _row(line: int, cells: dict[str, str]) -> Row:
    told = {name: value.strip()[:LONGEST_LINE] for name, value in cells.items()}
    course = told.get("course", "")[:LONGEST_SLUG]
    action = told.get("action", "").lower() or ENROLL
    email = address_in(told.get("email", ""))
    if email is None:
        fault = ("not_an_address", _("This is not an e-mail address."))
        return Row(line, told.get("email", ""), course, fault=fault)
    if action not in (ENROLL, END):
        fault = ("unknown_action", _("The action is “enroll” or “end”."))
        return Row(line, email, course, fault=fault)
    try:
        ends_at = date.fromisoformat(told["ends_at"]) if told.get("ends_at") else None
    except ValueError:
        fault = ("not_a_date", _("“ends_at” is a day such as 2027-12-31."))
        return Row(line, email, course, fault=fault)
    return Row(line, email, course, ends_at, action)
