"""Whether this installation can do its work, part by part."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import imageio_ffmpeg
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.functions import Now

from core.database.start import refuse_bypassing_role, role_of_statements
from core.identifiers import uuid7
from core.models import Job
from core.models.job import JobState

OVERDUE = timedelta(minutes=2)


@dataclass(frozen=True)
class Finding:
    """One part: `works` is None for an optional part that is switched off."""

    part: str
    works: bool | None
    words: str


class Ailment(Exception):
    """What is wrong with a part, and what to do about it."""


def examine() -> list[Finding]:
    """Every part, in the order in which they depend on each other."""
    return [_examine(part, look) for part, look in PARTS.items()]


def _examine(part: str, look: Callable[[], tuple[bool | None, str]]) -> Finding:
    try:
        return Finding(part, *look())
    except Exception as error:  # whatever a broken part raises is what the operator wants to read
        return Finding(part, False, str(error).strip().splitlines()[0] if str(error) else type(error).__name__)


def _database() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Ailment("The database is behind the code. Run ./run set_up.")
    whose = "embedded" if connection.settings_dict["ENGINE"] == "core.embedded_postgres" else "DATABASE_URL"
    return True, f"PostgreSQL {version}, {whose}, all migrations applied"


def _walls() -> tuple[bool | None, str]:
    if not settings.ROW_LEVEL_SECURITY:
        return None, "PostgreSQL does not keep organizations apart (ROW_LEVEL_SECURITY is false)"
    refuse_bypassing_role()
    return True, f"statements run as {role_of_statements()[0]}, which sees one organization at a time"


def _extension() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
        row = cursor.fetchone()
    if row is None:
        raise Ailment("pgvector is not installed. A superuser of the database runs: CREATE EXTENSION vector;")
    return True, f"pgvector {row[0]}"


def _ffmpeg() -> tuple[bool, str]:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-encoders"]
    encoders = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout
    missing = [name for name in ("libx264", "aac") if f" {name} " not in encoders]
    if missing:
        raise Ailment(f"FFmpeg lacks {', '.join(missing)}.")
    return True, "FFmpeg encodes H.264 and AAC"


def _queue() -> tuple[bool, str]:
    overdue = Job.objects.filter(state=JobState.QUEUED, available_at__lt=Now() - OVERDUE).count()
    if overdue:
        raise Ailment(f"{overdue} jobs have been waiting for over two minutes. Is ./run run_worker running?")
    running = Job.objects.filter(state=JobState.RUNNING).count()
    return True, f"{running} jobs running, none overdue"


def _storage() -> tuple[bool, str]:
    name = default_storage.save(f"doctor/{uuid7()}", ContentFile(b"well"))
    try:
        with default_storage.open(name) as file:
            if file.read() != b"well":
                raise Ailment("What the storage gives back is not what it was given.")
    finally:
        default_storage.delete(name)
    return True, f"{type(default_storage._wrapped).__name__} reads and writes"  # type: ignore[attr-defined]


def _secret_key() -> tuple[bool, str]:
    if settings.PUBLIC_URL and len(settings.SECRET_KEY) < 50:
        raise Ailment("SECRET_KEY is too short for a public site; 50 random characters at least.")
    return True, "signing key set"


def _embedder() -> tuple[bool | None, str]:
    if not (settings.EMBEDDING_API_KEY or settings.EMBEDDING_BASE_URL):
        return None, "no embedder: search is by words alone (OPENAI_API_KEY or EMBEDDING_BASE_URL)"
    return True, f"search by meaning with {settings.EMBEDDING_MODEL}"


PARTS: dict[str, Callable[[], tuple[bool | None, str]]] = {
    "database": _database,
    "walls": _walls,
    "extension": _extension,
    "ffmpeg": _ffmpeg,
    "queue": _queue,
    "storage": _storage,
    "secret key": _secret_key,
    "embedder": _embedder,
}
