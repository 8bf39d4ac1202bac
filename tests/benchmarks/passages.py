"""Libraries of very many passages with vectors that are neither random nor alike, written straight into the tables."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy
from django.db import connection
from django.utils import timezone

from accounts.models import Organization
from core.identifiers import uuid7
from core.scope import owner_role
from knowledge.models.passage import DEFAULT_MODEL, DIMENSIONS

CLUSTERS, INNER_DIMENSIONS, VOCABULARY = 400, 24, 40_000
PASSAGES_A_MEDIA, AT_ONCE, FILLER = 20, 5_000, "Nothing is said."
SECONDS_A_CUE = 4.0

INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'knowledge_embedding' AND indexdef ~ 'hnsw'"
MEDIA = """
COPY media_library_media (id, organization_id, kind, source, title, description, publication, status, duration,
    transcript_id, size_bytes, source_metadata, watch_marks, is_thumbnail_chosen, updated_at, source_path,
    {blank}) FROM STDIN"""
TRANSCRIPTS = """
COPY media_library_transcript (id, organization_id, media_id, language, method, words, is_generated, timing, model,
    cost, seconds_taken) FROM STDIN"""
CUES = """
COPY media_library_cue (id, organization_id, transcript_id, position, start, "end", text, speaker) FROM STDIN"""
PASSAGES = """
COPY knowledge_passage (id, organization_id, media_id, transcript_id, position, text, start, "end", first_cue, end_cue,
    words, content_hash, search_config, heading, speaker) FROM STDIN"""
EMBEDDINGS = """
COPY knowledge_embedding (id, organization_id, passage_id, model, vector) FROM STDIN (FORMAT binary)"""
EMBEDDING = numpy.dtype([
    ("fields", ">i2"), ("n1", ">i4"), ("id", "V16"), ("n2", ">i4"), ("organization", "V16"), ("n3", ">i4"),
    ("passage", "V16"), ("n4", ">i4"), ("model", f"S{len(DEFAULT_MODEL)}"), ("n5", ">i4"), ("dimensions", ">i2"),
    ("unused", ">i2"), ("vector", ">f2", DIMENSIONS),
])  # fmt: skip


class Vectors:
    """Points around four hundred centers that differ in few directions, as those of real texts do."""

    def __init__(self, seed: int = 8) -> None:
        self.chance = numpy.random.default_rng(seed)
        self.centers = self.chance.standard_normal((CLUSTERS, DIMENSIONS), dtype=numpy.float32)
        self.directions = self.chance.standard_normal((CLUSTERS, INNER_DIMENSIONS, DIMENSIONS), dtype=numpy.float32)

    def some(self, count: int) -> Any:
        """So many vectors of length 1, of clusters by chance."""
        clusters = self.chance.integers(CLUSTERS, size=count)
        inner = self.chance.standard_normal((count, INNER_DIMENSIONS), dtype=numpy.float32) * 0.35
        vectors = self.centers[clusters] + numpy.einsum("ij,ijk->ik", inner, self.directions[clusters])
        return vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)


class Words:
    """Words as rare as those of a language: the second half as often as the first, the third a third."""

    def __init__(self, seed: int = 8) -> None:
        self.chance = numpy.random.default_rng(seed)
        shares = 1 / numpy.arange(1, VOCABULARY + 1) ** 1.05
        self.until = numpy.cumsum(shares / shares.sum())

    def text(self, count: int) -> str:
        ranks = numpy.searchsorted(self.until, self.chance.random(count))
        return " ".join(map(word, ranks.tolist()))


def word(rank: int) -> str:
    """The word of this rank, 0 the commonest: letters only, and nothing that a language would take an ending from."""
    return "q" + "".join(chr(ord("a") + int(digit)) for digit in str(rank)) + "x"


@dataclass(frozen=True)
class Library:
    """How much an organization has to say. Without cues its passages say the same."""

    organization: Organization
    passages: int
    cues: int = 0  # in each passage
    words: int = 0  # in each cue


def fill(*libraries: Library, vectors: Vectors) -> None:
    """Store them. The graph is built at the end, which takes a tenth of the time; the statistics are fresh then."""
    words = Words()
    with owner_role(reason="a benchmark fills tables"), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # what is written here points where it should
        with _without_graph(cursor):
            for library in libraries:
                _store(cursor, library, vectors, words)
        cursor.execute("SET session_replication_role = origin")
        for table in ("media_library_media", "media_library_cue", "knowledge_passage", "knowledge_embedding"):
            cursor.execute(f"VACUUM (ANALYZE) {table}")
        cursor.execute("CHECKPOINT")


@contextlib.contextmanager
def _without_graph(cursor: Any) -> Iterator[None]:
    cursor.execute(INDEXES)
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    cursor.execute("SET maintenance_work_mem = '1500MB'")
    cursor.execute("ALTER TABLE knowledge_embedding SET (parallel_workers = 2)")
    for _, definition in indexes:
        cursor.execute(definition)


def _store(cursor: Any, library: Library, vectors: Vectors, words: Words) -> None:
    for first in range(0, library.passages, AT_ONCE):
        keys = [uuid7() for _ in range(min(AT_ONCE, library.passages - first))]
        media = [(uuid7(), uuid7()) for _ in range(0, len(keys), PASSAGES_A_MEDIA)]
        texts = [[words.text(library.words) for _ in range(library.cues)] for _ in keys]
        _copy(cursor, MEDIA.format(blank=", ".join(BLANK)), _media(library, media))
        _copy(cursor, TRANSCRIPTS, _transcripts(library, media))
        _copy(cursor, CUES, _cues(library, media, texts))
        _copy(cursor, PASSAGES, _passages(library, media, keys, texts))
        _copy_vectors(cursor, library, keys, vectors.some(len(keys)))


#: Columns of a media item that are empty here but may not be null.
BLANK = (
    "youtube_video_id", "youtube_channel_id", "youtube_channel_title", "mux_playback_id", "mux_asset_id", "embed_id",
    "whop_lesson_id", "source_url", "duration_source", "original_filename", "content_hash",
    "thumbnail_path",
)  # fmt: skip


def _copy(cursor: Any, statement: str, rows: Iterator[tuple[Any, ...]]) -> None:
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _media(library: Library, media: list[tuple[UUID, UUID]]) -> Iterator[tuple[Any, ...]]:
    for key, transcript in media:
        state = ("published", "completed", 3_600, transcript, 1, "{}", "{}", False, timezone.now(), "x.mp4")
        yield key, library.organization.pk, "video", "upload", "A talk", "", *state, *[""] * len(BLANK)


def _transcripts(library: Library, media: list[tuple[UUID, UUID]]) -> Iterator[tuple[Any, ...]]:
    for key, transcript in media:
        yield transcript, library.organization.pk, key, "en", "embedded", 1, False, "cue", "", 0, 0


def _cues(library: Library, media: list[tuple[UUID, UUID]], texts: list[list[str]]) -> Iterator[tuple[Any, ...]]:
    for number, lines in enumerate(texts):
        place, transcript = number % PASSAGES_A_MEDIA, media[number // PASSAGES_A_MEDIA][1]
        for position, line in enumerate(lines, start=place * library.cues):
            start = position * SECONDS_A_CUE
            yield uuid7(), library.organization.pk, transcript, position, start, start + 3.9, f"{line}.", ""


def _passages(
    library: Library, media: list[tuple[UUID, UUID]], keys: list[UUID], texts: list[list[str]]
) -> Iterator[tuple[Any, ...]]:
    cues, words = max(library.cues, 1), library.cues * library.words
    for number, (key, lines) in enumerate(zip(keys, texts, strict=True)):
        place = number % PASSAGES_A_MEDIA
        first, end = place * cues, (place + 1) * cues
        text = ". ".join(lines) or FILLER
        seconds = (first * SECONDS_A_CUE, end * SECONDS_A_CUE)
        spoken = (*media[number // PASSAGES_A_MEDIA], place, text, *seconds, first, end)
        yield key, library.organization.pk, *spoken, words, "0" * 64, "english", "", ""


def _copy_vectors(cursor: Any, library: Library, keys: list[UUID], vectors: Any) -> None:
    """In PostgreSQL's binary form: as text it would take longer than all the rest."""
    rows = numpy.zeros(len(keys), EMBEDDING)
    rows["fields"], rows["n1"], rows["n2"], rows["n3"] = 5, 16, 16, 16
    rows["n4"], rows["n5"], rows["dimensions"] = len(DEFAULT_MODEL), 4 + 2 * DIMENSIONS, DIMENSIONS
    rows["id"] = numpy.array([uuid7().bytes for _ in keys], "V16")
    rows["organization"] = numpy.void(library.organization.pk.bytes)
    rows["passage"] = numpy.array([key.bytes for key in keys], "V16")
    rows["model"], rows["vector"] = DEFAULT_MODEL.encode(), vectors
    with cursor.copy(EMBEDDINGS) as copy:
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8) + rows.tobytes() + b"\xff\xff")
