"""The engine itself: our PostgreSQL backend, whose first connection starts the embedded server."""

from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from core.database import base
from core.embedded_postgres.server import Server


@cache
def server() -> Server:
    """The server of `settings.EMBEDDED_POSTGRES_DATA`, one object a process."""
    return Server(Path(settings.EMBEDDED_POSTGRES_DATA))


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        self.settings_dict["HOST"] = server().ensure(force=False)
        return super().get_connection_params()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            server().ensure()
            _create_database(conn_params)
            return super().get_new_connection(conn_params)


def _create_database(conn_params: dict[str, Any]) -> None:
    name = conn_params.get("dbname")
    if not name or name.startswith("test_"):  # the test runner makes its own
        return
    with psycopg.connect(host=conn_params["host"], user="postgres", dbname="postgres", autocommit=True) as connection:
        try:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            return
