"""Tables as CSV: written one line after another, harmless in spreadsheets; read as spreadsheets write them."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

from core.tenancy import scoped_stream

DELIMITERS = ",;\t|"


def csv_response(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A file to download; `rows` are read while it is sent, in the organization that is in scope now."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    lines = scoped_stream(csv_lines(columns, rows))
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    writer: Any = csv.writer(_Line())
    yield writer.writerow(columns)
    for row in rows:
        yield writer.writerow([_cell(value) for value in row])


class _Line:
    """What a csv.writer writes to: it gives each line back."""

    def write(self, line: str) -> bytes:
        return line.encode()


def _cell(value: Any) -> str:
    """No spreadsheet takes a text of ours for a formula; a number is none, below zero either."""
    text = "" if value is None else str(value)
    if isinstance(value, int | float):
        return text
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


class UnreadableCsv(ValueError):
    """The text is no CSV; `line`, from 1, is where that shows."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def read_csv(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that holds something, with the number of its first line. Raises UnreadableCsv while it is read."""
    header = text.lstrip("\r\n").partition("\n")[0]
    reader = csv.reader(text.splitlines(keepends=True), delimiter=max(DELIMITERS, key=header.count))
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield before + 1, cells
            before = reader.line_num
    except csv.Error as error:
        raise UnreadableCsv(reader.line_num) from error
