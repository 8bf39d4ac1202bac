"""CSV as spreadsheets write it: any delimiter, any of the usual names of columns, or none."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from core.csv_lines import UnreadableCsv, read_csv
from media_library.importing.facts import names_address, read_facts, told_address
from media_library.importing.rows import BadRow, Row, bad, refuse_too_many, unreadable
from media_library.importing.texts import text_of
from media_library.sources import SOURCES


def read_table(content: bytes) -> list[Row]:
    """A row for each line that is not empty; its position is that of the line in the file.

    Raises Refused: not_text, not_csv, no_address_column, empty, too_many_rows.
    """
    lines = list(_lines(text_of(content)))
    if not lines:
        raise unreadable("empty", _("There is nothing in this file."))
    rows = _without_header(lines) if any("://" in cell for cell in lines[0][1]) else _with_header(lines)
    refuse_too_many(len(rows))
    return rows


def _with_header(lines: list[tuple[int, list[str]]]) -> list[Row]:
    names = lines[0][1]
    if not any(map(names_address, names)):
        words = _("The first line names the columns, and none is called “url”, “link” or %(keys)s.")
        keys = ", ".join(f"“{name}Id”" for name, host in SOURCES.items() if not host.stored_as)
        raise unreadable("no_address_column", words % {"keys": keys})
    return [_read(number, dict(zip(names, cells, strict=False))) for number, cells in lines[1:]]


def _without_header(lines: list[tuple[int, list[str]]]) -> list[Row]:
    """The address alone is understood."""
    return [_read(number, {"url": next((cell for cell in cells if "://" in cell), "")}) for number, cells in lines]


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each line that holds something, with its number."""
    try:
        yield from read_csv(text)
    except UnreadableCsv as fault:
        words = _("This is no CSV: line %(line)d cannot be read.") % {"line": fault.line}
        raise unreadable("not_csv", words) from fault


def _read(position: int, told: dict[str, str]) -> Row:
    try:
        address, facts = read_facts({name: value.strip() for name, value in told.items()})
    except BadRow as problem:
        return bad(position, problem, address=told_address(told))
    return Row(position, address, facts)
