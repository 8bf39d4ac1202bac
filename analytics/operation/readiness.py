"""Whether this process can do its work: asked often, by strangers too, so it is cheap and tells no secret."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from core.identifiers import uuid7
from core.jobs.liveness import seconds_of_silence

STORAGE_ASKED_AGAIN_SECONDS = 10.0  # a bucket is paid for each time
APPLIED = "SELECT count(*) FROM django_migrations WHERE (app, name) = ANY(SELECT * FROM unnest(%s::text[], %s::text[]))"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Check:
    """One thing that has to work, and in a few words how it is."""

    name: str
    ready: bool
    words: str


class NotReady(Exception):
    """In words for anybody."""


def examine(*, without: frozenset[str] = frozenset()) -> list[Check]:
    """All checks but those named, in the order in which they depend on each other."""
    return [_examined(name, look) for name, look in CHECKS.items() if name not in without]


def _examined(name: str, look: Callable[[], str]) -> Check:
    """What a library says of a failure names hosts and users: that is for the log."""
    try:
        return Check(name, True, look())
    except NotReady as reason:
        return Check(name, False, str(reason))
    except Exception as error:
        logger.warning("Not ready: %s: %s", name, error)
        return Check(name, False, "It does not answer as it should; the log says why.")


def _database() -> str:
    apps, names = zip(*_newest_migrations(), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(APPLIED, [list(apps), list(names)])
        if cursor.fetchone()[0] < len(names):
            raise NotReady("The database is behind the code.")
    return "It answers, and all migrations are applied."


@cache
def _newest_migrations() -> list[tuple[str, str]]:
    """Of each app the last one in the code, which does not change while this process lives."""
    return list(MigrationLoader(None).graph.leaf_nodes())


def _storage() -> str:
    """A success is remembered for a moment, by where the files lie."""
    where = str(settings.STORAGES["default"])
    if time.monotonic() - _written.get(where, -STORAGE_ASKED_AGAIN_SECONDS) >= STORAGE_ASKED_AGAIN_SECONDS:
        default_storage.delete(default_storage.save(f"readyz/{uuid7()}", ContentFile(b"ready")))
        _written[where] = time.monotonic()
    return "Files can be written."


_written: dict[str, float] = {}


def _worker() -> str:
    silence = seconds_of_silence()
    if silence > settings.WORKER_SILENCE_SECONDS:
        raise NotReady(f"No worker was seen for {settings.WORKER_SILENCE_SECONDS} seconds.")
    return "A worker is alive."


CHECKS: dict[str, Callable[[], str]] = {"database": _database, "storage": _storage, "worker": _worker}
