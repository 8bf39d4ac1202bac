"""Passages per second, from cues to words and vectors with an embedder on loopback ÷ bare inserts of the same rows."""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from core.tenancy import organization_scope
from knowledge.models import Embedding, Passage
from knowledge.services.embedding import embed
from knowledge.services.indexing import index_media
from media_library.models import Cue, Media, Transcript
from tests.benchmarks.ground import alternate, ratio, summary
from tests.benchmarks.library import film
from tests.benchmarks.people import found

ROUNDS, PASSAGES, CUES_A_PASSAGE, WORDS = 7, 200, 45, 4_000
PASSAGE = (
    "id", "organization_id", "media_id", "transcript_id", "position", "text", "start", "end", "first_cue", "end_cue",
    "heading", "speaker", "words", "content_hash", "search_config",
)  # fmt: skip
EMBEDDING = ("id", "organization_id", "passage_id", "model", "vector")


def measure(data: Path) -> dict[str, Any]:
    with subprocess.Popen([sys.executable, "-m", "tests.benchmarks.vectors"], stdout=subprocess.PIPE) as provider:
        try:
            settings.EMBEDDING_BASE_URL = f"http://127.0.0.1:{int(provider.stdout.readline())}/v1"
            with organization_scope(found()):
                media = _talk()
                ours, bare = alternate(lambda: _ours(media), _bare(media), rounds=ROUNDS)
        finally:
            provider.terminate()
    return {
        "ratio": ratio(ours, bare), "aim": 0.5, "unit": "passages/s", "ours": summary(ours), "bare": summary(bare),
        "passages": PASSAGES,
    }  # fmt: skip


def _talk() -> Media:
    """Sentences of ten words each, of which no two are the same."""
    draw = random.Random(8)
    media = film(0)
    media.transcript = Transcript.objects.create(media=media, language="en", method="embedded", words=1)
    lines = [" ".join(f"word{draw.randrange(WORDS)}" for _ in range(10)) for _ in range(PASSAGES * CUES_A_PASSAGE)]
    Cue.objects.bulk_create(
        Cue(transcript=media.transcript, position=n, start=n * 4, end=n * 4 + 3.5, text=f"{line}.")
        for n, line in enumerate(lines)
    )
    media.save()
    return media


def _ours(media: Media) -> float:
    Passage.objects.all().delete()
    started = time.perf_counter()
    count = index_media(media.pk)
    embed(Passage.objects.filter(media=media), subject_id=media.pk)
    taken = time.perf_counter() - started
    assert Embedding.objects.count() == count
    return count / taken


def _bare(media: Media) -> Callable[[], float]:
    """The rows of our last round, as they are written, once more under the same keys."""

    def run() -> float:
        if not Passage.objects.exists():
            _ours(media)
        passages = list(Passage.objects.values_list(*PASSAGE))
        embeddings = [(*row[:-1], str(row[-1].to_list())) for row in Embedding.objects.values_list(*EMBEDDING)]
        Passage.objects.all().delete()
        started = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(_insert("knowledge_passage", PASSAGE), passages)
            cursor.executemany(_insert("knowledge_embedding", EMBEDDING), embeddings)
        return len(passages) / (time.perf_counter() - started)

    return run


def _insert(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(columns))})"
