"""Reading what creators have: pasted text, tables, documents, folders of these. Nothing here knows the database."""

from media_library.importing.reading import File, Given, read_files, read_path, read_standard_input, read_text
from media_library.importing.rows import MOST_ROWS, PROBLEMS, Row

__all__ = [
    "MOST_ROWS",
    "PROBLEMS",
    "File",
    "Given",
    "Row",
    "read_files",
    "read_path",
    "read_standard_input",
    "read_text",
]
