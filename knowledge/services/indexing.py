"""Cuts what was said into passages that can be found."""

import hashlib
from collections.abc import Iterator
from uuid import UUID

from django.db import transaction

from core.jobs import enqueue
from knowledge.chunking import Chunk, chunk
from knowledge.languages import text_search_configuration
from knowledge.models import Embedding, Passage
from knowledge.services.embedding import configured_embedder
from media_library.models import Cue, Media, Transcript

#: What makes two passages the same one.
FACTS = (
    "transcript_id", "position", "content_hash", "start", "end", "first_cue", "end_cue", "speaker", "search_config"
)  # fmt: skip


def index_media(media_id: UUID) -> int:
    """Make the passages of a media item those of its present transcript. Answers how many there are.

    All in one transaction: a search sees the old ones or the new ones. What did not change stays as it is, and a text
    that was embedded before keeps its vector. Their meaning is a job of its own, so that no provider's trouble costs
    the words.
    """
    with transaction.atomic():
        media = Media.objects.select_for_update(no_key=True).filter(pk=media_id).first()
        if media is None:
            return 0
        passages = _passages_of(media)
        if not _are_stored(media, passages):
            _replace(media, passages)
        _ask_for_meaning(media, passages)
    return len(passages)


def _passages_of(media: Media) -> list[Passage]:
    if media.transcript is None:
        return []
    cues = list(media.transcript.cues.all())
    config = text_search_configuration(media.transcript.language)
    return [
        _passage(piece, cues, transcript=media.transcript, position=position, search_config=config)
        for position, piece in enumerate(chunk(cues))
    ]


def _passage(piece: Chunk, cues: list[Cue], *, transcript: Transcript, position: int, search_config: str) -> Passage:
    return Passage(
        media_id=transcript.media_id, transcript=transcript, position=position, text=piece.text,
        start=piece.start, end=piece.end, speaker=piece.speaker, words=piece.words, search_config=search_config,
        first_cue=cues[piece.first_cue].position, end_cue=cues[piece.last_cue - 1].position + 1,
        content_hash=hashlib.sha256(piece.text.encode()).hexdigest(),
    )  # fmt: skip


def _are_stored(media: Media, passages: list[Passage]) -> bool:
    stored = list(Passage.objects.filter(media=media).order_by("position").values_list(*FACTS))
    return stored == [tuple(getattr(passage, fact) for fact in FACTS) for passage in passages]


def _replace(media: Media, passages: list[Passage]) -> None:
    kept = _vectors_by_text(media)
    Passage.objects.filter(media=media).delete()
    Passage.objects.bulk_create(passages)
    Embedding.objects.bulk_create(_kept_embeddings(passages, kept))


def _vectors_by_text(media: Media) -> dict[str, dict[str, object]]:
    """Of the passages as they are: content hash → model → vector."""
    found: dict[str, dict[str, object]] = {}
    stored = Embedding.objects.filter(passage__media=media).values_list("passage__content_hash", "model", "vector")
    for content_hash, model, vector in stored:
        found.setdefault(content_hash, {})[model] = vector
    return found


def _kept_embeddings(passages: list[Passage], kept: dict[str, dict[str, object]]) -> Iterator[Embedding]:
    for passage in passages:
        for model, vector in kept.get(passage.content_hash, {}).items():
            yield Embedding(passage=passage, model=model, vector=vector)


def _ask_for_meaning(media: Media, passages: list[Passage]) -> None:
    """The job hangs on the transcript, not on the media item: it may fail without the media item having failed."""
    embedder = configured_embedder()
    if embedder is None or not passages:
        return
    key = f"embed_passages:{media.transcript_id}:{embedder.model}"
    enqueue("embed_passages", media.transcript_id, key=key, payload={"media": str(media.pk), "model": embedder.model})
