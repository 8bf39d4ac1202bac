"""Column types that Django does not bring."""

from typing import Any

from django.db import models
from psycopg.types.multirange import Multirange


class SecondsField(models.Field):
    """A set of whole seconds as `int4multirange`; in Python a list of half-open pairs `[(first, end), …]`."""

    def db_type(self, connection: Any) -> str:
        return "int4multirange"

    def from_db_value(self, value: Multirange | None, expression: Any, connection: Any) -> list[tuple[int, int]] | None:
        return None if value is None else [(int(part.lower or 0), int(part.upper or 0)) for part in value]

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> str | None:
        if value is None or isinstance(value, str):
            return value
        return "{" + ",".join(f"[{int(first)},{int(end)})" for first, end in value) + "}"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::int4multirange"


class RegConfigField(models.Field):
    """The text-search configuration of a row. Generated search vectors need this type: text is not immutable enough."""

    def db_type(self, connection: Any) -> str:
        return "regconfig"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::regconfig"

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        return f"{sql}::text", params
