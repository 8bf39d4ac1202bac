"""Column types that Django does not bring."""

from typing import Any, ClassVar

from django.db import models
from psycopg.types.multirange import Multirange

LARGEST_INTEGER, LARGEST_BIG_INTEGER = 2**31 - 1, 2**63 - 1  # that a column of PostgreSQL holds


class SpansField(models.Field):
    """A set of whole numbers as a multirange; in Python a list of half-open pairs `[(first, end), …]`."""

    multirange: ClassVar[str]

    def db_type(self, connection: Any) -> str:
        return self.multirange

    def from_db_value(self, value: Multirange | None, expression: Any, connection: Any) -> list[tuple[int, int]] | None:
        return None if value is None else [(int(part.lower or 0), int(part.upper or 0)) for part in value]

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> str | None:
        if value is None or isinstance(value, str):
            return value
        return "{" + ",".join(f"[{int(first)},{int(end)})" for first, end in value) + "}"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return f"%s::{self.multirange}"


class SecondsField(SpansField):
    """Whole seconds."""

    multirange = "int4multirange"


class BytesField(SpansField):
    """Positions in a file, which may be larger than 2 GB."""

    multirange = "int8multirange"


class RegConfigField(models.Field):
    """The text-search configuration of a row. Generated search vectors need this type: text is not immutable enough."""

    def db_type(self, connection: Any) -> str:
        return "regconfig"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::regconfig"

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        return f"{sql}::text", params
