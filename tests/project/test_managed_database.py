"""On a server of somebody else's the owner of the tables is no superuser: set-up makes the roles, or says who can."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.db import connection

PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "alone")  # roles belong to the whole server
OWNER, DATABASE = f"lectern_test_owner_{PROCESS}", f"lectern_test_managed_{PROCESS}"
ROLES = "lectern_app, lectern_platform"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


@pytest.fixture
def server():
    """A superuser's connection to the server, on which an owner who is none has an empty database."""
    parameters = connection.get_connection_params()
    address = {key: parameters[key] for key in ("host", "port", "user", "password") if parameters.get(key)}
    with psycopg.connect(**address, dbname="postgres", autocommit=True) as administrator:
        _clear(administrator)
        administrator.execute(f"CREATE ROLE {OWNER} LOGIN CREATEROLE NOSUPERUSER PASSWORD 'secret'")
        administrator.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        with psycopg.connect(**address, dbname=DATABASE, autocommit=True) as inside:
            inside.execute("CREATE EXTENSION vector")
        yield administrator
        _clear(administrator)


def _clear(administrator):
    administrator.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    administrator.execute(f"DROP ROLE IF EXISTS {OWNER}")


def managed(tmp_path: Path, *command: str):
    parameters = connection.get_connection_params()
    where = f"host={quote(parameters['host'])}&port={parameters.get('port') or 5432}"
    url = f"postgres://{OWNER}:secret@/{DATABASE}?{where}"
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=120,
        env={**os.environ, "DATABASE_URL": url, "LECTERN_DATA": str(tmp_path)}, check=False,
    )  # fmt: skip


def test_set_up_names_the_grant_that_is_missing(server, tmp_path):
    """The roles exist already, made by somebody who did not give them to this owner."""
    done = managed(tmp_path, "set_up")

    assert (done.returncode, f"GRANT {ROLES} TO CURRENT_USER" in done.stderr) == (1, True)


def test_owner_who_is_no_superuser_sets_up_and_works(server, tmp_path):
    server.execute(f"GRANT {ROLES} TO {OWNER} WITH SET TRUE, INHERIT TRUE")

    set_up = managed(tmp_path, "set_up")
    again = managed(tmp_path, "set_up")
    founded = managed(tmp_path, "create_organization", "harbor", "Harbor", "--owner", "alice@harbor.test")
    doctor = managed(tmp_path, "doctor")

    assert [done.returncode for done in (set_up, again, founded, doctor)] == [0, 0, 0, 0]
    assert "ok   walls       statements run as lectern_app" in doctor.stdout
