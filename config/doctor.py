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

from core.ai import local_embedder, local_speech
from core.ai.client import host_at
from core.ai.prices import read_prices
from core.ai.transcriber import transcriber_from
from core.database.start import refuse_bypassing_role, role_of_statements
from core.identifiers import uuid7
from core.jobs.liveness import last_sign
from core.models import Job, Unit
from core.models.job import JobState
from core.tenancy import every_organization
from knowledge.models import SearchModelState
from knowledge.services.embedding import configured_embedder
from knowledge.services.search_models import model_in
from media_library.ffmpeg.sandbox import missing_layers
from media_library.models import SourceAccount
from media_library.services.model_endings import endings, models_in_use
from media_library.services.paying import known_price
from media_library.services.source_accounts import is_lost
from media_library.services.space import NO_SPACE, free_space
from media_library.storage import bucket_url
from media_library.wording import words_for_size

SILENT_SECONDS = 30.0
OVERDUE = timedelta(minutes=2)
UNKNOWN_PRICE = "at a price that nobody knows: it counts as $0, and under a ceiling nothing is asked of it (AI_PRICES)"


@dataclass(frozen=True)
class Finding:
    """One part: `works` is None for an optional part that is switched off; it `warns` where it works for now."""

    part: str
    works: bool | None
    words: str
    warns: bool = False


class Ailment(Exception):
    """What is wrong with a part, and what to do about it."""


class Warned(Exception):
    """What is amiss with a part that works all the same, and what to do about it."""


def examine() -> list[Finding]:
    """Every part, in the order in which they depend on each other."""
    return [_examine(part, look) for part, look in PARTS.items()]


def _examine(part: str, look: Callable[[], tuple[bool | None, str]]) -> Finding:
    try:
        return Finding(part, *look())
    except Warned as warning:
        return Finding(part, True, str(warning), warns=True)
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


def _sandbox() -> tuple[bool, str]:
    if missing := missing_layers():
        raise Ailment(f"FFmpeg is less confined than it should be: {'; '.join(missing)}.")
    return True, "FFmpeg sees the files of its job and nothing else: no network, no secrets, bounded"


def _queue() -> tuple[bool, str]:
    overdue = Job.objects.filter(state=JobState.QUEUED, available_at__lt=Now() - OVERDUE).count()
    if overdue:
        raise Ailment(f"{overdue} jobs have been waiting for over two minutes. Is ./run run_worker running?")
    running = Job.objects.filter(state=JobState.RUNNING).count()
    return True, f"{running} jobs running, none overdue"


def _worker() -> tuple[bool | None, str]:
    """On a new installation nobody expects one yet."""
    sign = last_sign()
    if sign is None:
        return None, "no worker has been seen today: uploads wait, and no mail is sent (./run run_worker)"
    name, seconds = sign
    if seconds > SILENT_SECONDS:
        raise Ailment(f"The last worker, {name}, fell silent {seconds / 60:.0f} min ago. Start ./run run_worker.")
    return True, f"{name} gave a sign of life {seconds:.0f} s ago"


def _space() -> tuple[bool, str]:
    waiting = Job.objects.filter(state=JobState.QUEUED, postponements__gt=0, error_code=NO_SPACE).count()
    if waiting:
        raise Ailment(f"{waiting} jobs wait for disk space. Make room, or lower DISK_RESERVE_BYTES.")
    free = ", ".join(f"{words_for_size(size)} free in {place}" for place, size in free_space().items())
    return True, f"{free}; {words_for_size(settings.DISK_RESERVE_BYTES)} are kept free"


def _storage() -> tuple[bool, str]:
    name = default_storage.save(f"doctor/{uuid7()}", ContentFile(b"well"))
    try:
        with default_storage.open(name) as file:
            if file.read() != b"well":
                raise Ailment("What the storage gives back is not what it was given.")
    finally:
        default_storage.delete(name)
    kind = type(default_storage._wrapped).__name__  # type: ignore[attr-defined]
    if settings.S3_BUCKET and "Signature=" not in bucket_url(name, expires=60, content_type="text/plain"):
        raise Ailment("The bucket's addresses are not signed: whoever knows one could read the file for ever.")
    signs = ", and signs its addresses" if settings.S3_BUCKET else ""
    return True, f"{kind} writes, reads and deletes{signs}"


def _secret_key() -> tuple[bool, str]:
    if settings.PUBLIC_URL and len(settings.SECRET_KEY) < 50:
        raise Ailment("SECRET_KEY is too short for a public site; 50 random characters at least.")
    return True, "signing key set"


def _credentials() -> tuple[bool | None, str]:
    with every_organization(reason="one key seals those of all"):
        lost = [is_lost(account) for account in SourceAccount.objects.all()]
    if not lost:
        return None, "no organization gave any for a host"
    if any(lost):
        todo = "Put it into SECRET_KEY_FALLBACKS, or give them again."
        raise Ailment(f"{sum(lost)} of {len(lost)} were stored under another SECRET_KEY. {todo}")
    return True, f"{len(lost)} for hosts, and this SECRET_KEY opens them"


def _embedder() -> tuple[bool | None, str]:
    live = model_in(SearchModelState.LIVE)
    if (configured := configured_embedder()) and live not in (None, configured.model):
        todo = f"{configured.model} is configured: ./run switch_embeddings (--estimate says what that costs)."
        raise Warned(f"search asks {live}, and {todo}")
    if settings.LOCAL_EMBEDDING_MODEL:
        if not local_embedder.is_installed():
            words = "LOCAL_EMBEDDING_MODEL is set, and fastembed is missing: install the extra local-embeddings."
            raise Ailment(words)
        return True, f"search by meaning on this machine, with {settings.LOCAL_EMBEDDING_MODEL}: nothing is paid"
    if not (settings.EMBEDDING_API_KEY or settings.EMBEDDING_BASE_URL):
        return None, "no embedder: search is by words alone (OPENAI_API_KEY or EMBEDDING_BASE_URL)"
    means = f"search by meaning with {settings.EMBEDDING_MODEL}"
    if known_price(settings.EMBEDDING_MODEL, Unit.TOKENS, provider=host_at(settings.EMBEDDING_BASE_URL)) is None:
        raise Warned(f"{means} {UNKNOWN_PRICE}")
    return True, means


def _speech() -> tuple[bool | None, str]:
    if settings.LOCAL_SPEECH_MODEL:
        if not local_speech.is_installed():
            raise Ailment("LOCAL_SPEECH_MODEL is set, and faster-whisper is missing: install the extra local-ai.")
        return True, f"words are heard on this machine, by {settings.LOCAL_SPEECH_MODEL}: nothing is paid"
    transcriber = transcriber_from(settings.SPEECH_API_KEY, settings.SPEECH_BASE_URL, settings.SPEECH_MODEL)
    if transcriber is None:
        names = "OPENAI_API_KEY, SPEECH_API_KEY or SPEECH_BASE_URL"
        return None, f"no speech recognition: what has no captions stays without words ({names})"
    read_prices(settings.AI_PRICES)
    price = known_price(transcriber.model, Unit.SECONDS, provider=transcriber.provider)
    hears = f"{transcriber.model} of {transcriber.provider} hears words"
    if price is None:
        raise Warned(f"{hears} {UNKNOWN_PRICE}")
    return True, f"{hears} for ${price * 60:.4f} a minute"


def _models() -> tuple[bool | None, str]:
    used = sorted({model for models in models_in_use().values() for model in models})
    if not used:
        return None, "no model of a provider is in use"
    if ending := endings():
        raise Warned(" ".join(one.words for one in ending))
    return True, f"no end is known of {', '.join(used)}"


PARTS: dict[str, Callable[[], tuple[bool | None, str]]] = {
    "database": _database,
    "walls": _walls,
    "extension": _extension,
    "ffmpeg": _ffmpeg,
    "sandbox": _sandbox,
    "worker": _worker,
    "queue": _queue,
    "space": _space,
    "storage": _storage,
    "secret key": _secret_key,
    "credentials": _credentials,
    "embedder": _embedder,
    "speech": _speech,
    "models": _models,
}
