"""Test databases: migrated once into a template, of which each process gets a copy; emptied by what they hold."""

import hashlib
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from core.database.policies import policies
from core.scope import owner_role

TEMPLATE = "test_lectern_template_"
LOCK = 0x7E57DB  # any number: processes that need the same template wait for the one that makes it
DEADLOCKS = 3
#: What Django writes after each migration. Flushing would have it written anew after each test.
KEPT = {"django_content_type", "auth_permission"}


def copy_a_template() -> None:
    """From now on a test database that is made is a copy of one in which all migrations have run."""
    name = f"{TEMPLATE}{_digest()}"
    with administrator() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if name not in (found := _templates(server)):
            _make_template(server, name, outdated=found[:-2])  # another run may be about to copy the newest
    connection.settings_dict["TEST"]["TEMPLATE"] = name


def settle_database() -> None:
    """No test takes the power away: nobody has to wait for the disk at each commit, child processes neither."""
    database = connection.settings_dict["NAME"]
    with administrator() as server:
        server.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(database)))
    connection.close()  # the next one comes with it


def is_there() -> bool:
    """Whether this process's test database was kept."""
    database = connection.creation._get_test_db_name()
    with administrator() as server:
        return bool(server.execute("SELECT FROM pg_database WHERE datname = %s", [database]).rowcount)


def administrator() -> psycopg.Connection[Any]:
    """A connection to the server of the tests, outside of their database."""
    parameters = connection.get_connection_params()
    address = {key: parameters[key] for key in ("host", "port", "user", "password") if parameters.get(key)}
    return psycopg.connect(**address, dbname="postgres", autocommit=True)


def forget_rows(*_: Any) -> None:
    """What `flush` leaves behind, in a tenth of its time: most tests write into few tables.

    A request that a browser has just given up may still be writing; of two that wait for each other one is told.
    """
    for _again in range(DEADLOCKS):
        with suppress(OperationalError):
            _empty_tables()
            return
    _empty_tables()


def _empty_tables() -> None:
    to_empty = owner_role(reason="it empties tables, those of other people too")
    with to_empty, transaction.atomic(), connection.cursor() as cursor:
        every = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
        tables = sorted(every - KEPT)
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE")  # whoever writes yet, ends
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(" UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT FROM {one})" for one in tables))  # noqa: S608
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608


def _make_template(server: psycopg.Connection[Any], name: str, *, outdated: list[str]) -> None:
    """Under its own name only when it is whole."""
    for old in outdated:
        server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
    settings_dict, unfinished = connection.settings_dict, f"{TEMPLATE}unfinished"
    own, tests = settings_dict["NAME"], settings_dict["TEST"]["NAME"]
    settings_dict["TEST"]["NAME"] = unfinished
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.close()
        settings_dict["TEST"]["NAME"] = tests
        settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = own
    renamed = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    server.execute(renamed.format(sql.Identifier(unfinished), sql.Identifier(name)))


def _templates(server: psycopg.Connection[Any]) -> list[str]:
    """The oldest first."""
    every = "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid"
    return [name for (name,) in server.execute(every, [f"{TEMPLATE}%"]).fetchall()]


def _digest() -> str:
    """Of all that decides what a migrated database looks like, the day included: partitions begin with it."""
    migrations = MigrationLoader(None).disk_migrations.values()
    files = {Path(str(sys.modules[type(one).__module__].__file__)) for one in migrations}
    ours = {*Path(settings.BASE_DIR, "core").rglob("*.py"), Path(settings.BASE_DIR, "analytics", "partitions.py")}
    digest = hashlib.sha256(f"{date.today()} {policies()}".encode())
    for file in sorted(files | ours):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
