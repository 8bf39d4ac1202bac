"""Cuts what was said into passages that can be found."""

import hashlib
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from core.jobs import enqueue
from knowledge.chunking import Chunk, chunk
from knowledge.languages import text_search_configuration
from knowledge.models import Passage
from knowledge.services.embedding import configured_embedder, lacking
from media_library.models import Media, Transcript

#: Where a passage stands; the rest is what it says.
PLACE = ("position", "start", "end", "first_cue", "end_cue", "speaker")
#: What is read of a cue.
CUE = ("position", "start", "end", "text", "speaker")
OUT_OF_THE_WAY = 1_000_000  # positions that no passage has


def index_media(media_id: UUID) -> int:
    """Make the passages of a media item those of its present transcript. Answers how many there are.

    All in one transaction: a search sees the old ones or the new ones. A passage that says what it said stays the row
    it is, with its meaning; only what is new is embedded. Meaning is a job of its own, so that no provider's trouble
    costs the words.
    """
    with transaction.atomic():
        media = Media.objects.select_for_update(no_key=True).filter(pk=media_id).first()
        if media is None:
            return 0
        passages = passages_of(media)
        _store(media, passages)
        _ask_for_meaning(media)
    return len(passages)


def passages_of(media: Media) -> list[Passage]:
    """What its present transcript says, cut anew and not stored."""
    if media.transcript is None:
        return []
    cues = list(media.transcript.cues.values_list(*CUE, named=True))
    config = text_search_configuration(media.transcript.language)
    return [
        _passage(piece, cues, transcript=media.transcript, position=position, search_config=config)
        for position, piece in enumerate(chunk(cues))
    ]


def _passage(
    piece: Chunk, cues: Sequence[Any], *, transcript: Transcript, position: int, search_config: str
) -> Passage:  # fmt: skip
    return Passage(
        media_id=transcript.media_id, transcript=transcript, position=position, text=piece.text,
        start=piece.start, end=piece.end, speaker=piece.speaker, words=piece.words, search_config=search_config,
        first_cue=cues[piece.first_cue].position, end_cue=cues[piece.last_cue - 1].position + 1,
        content_hash=hashlib.sha256(piece.text.encode()).hexdigest(),
    )  # fmt: skip


def _store(media: Media, passages: list[Passage]) -> None:
    """Remove what is not said any more, move what stays, add what is new."""
    stored = list(Passage.objects.filter(media=media).order_by("position"))
    pairs = list(_paired(stored, passages))
    stay = {old.pk for old, _new in pairs}
    Passage.objects.filter(pk__in=[old.pk for old in stored if old.pk not in stay]).delete()
    _move([(old, new) for old, new in pairs if _place(old) != _place(new)])
    Passage.objects.filter(media=media).exclude(transcript=media.transcript_id).update(transcript=media.transcript_id)
    said = {id(new) for _old, new in pairs}
    Passage.objects.bulk_create([passage for passage in passages if id(passage) not in said])


def _paired(stored: list[Passage], passages: list[Passage]) -> Iterator[tuple[Passage, Passage]]:
    """Each new passage with the row that says the same already; those that say it twice in their order."""
    rows: dict[tuple[str, str], deque[Passage]] = defaultdict(deque)
    for row in stored:
        rows[_saying(row)].append(row)
    for passage in passages:
        if same := rows[_saying(passage)]:
            yield same.popleft(), passage


def _saying(passage: Passage) -> tuple[str, str]:
    return passage.content_hash, passage.search_config


def _place(passage: Passage) -> tuple[object, ...]:
    return tuple(getattr(passage, name) for name in PLACE)


def _move(pairs: list[tuple[Passage, Passage]]) -> None:
    """Out of the way first: no two may stand in the same place, not even for a moment."""
    if not pairs:
        return
    for old, new in pairs:
        for name in PLACE:
            setattr(old, name, getattr(new, name))
    moved = [old for old, _new in pairs]
    Passage.objects.filter(pk__in=[old.pk for old in moved]).update(position=F("position") + OUT_OF_THE_WAY)
    Passage.objects.bulk_update(moved, PLACE, batch_size=500)


def _ask_for_meaning(media: Media) -> None:
    """The job hangs on the transcript, not on the media item: it may fail without the media item having failed."""
    embedder = configured_embedder()
    if embedder is None:
        return
    missing = list(lacking(embedder.model).filter(media=media).values_list("pk", flat=True))
    if not missing:
        return
    which = hashlib.sha256("".join(map(str, missing)).encode()).hexdigest()[:16]
    key = f"embed_passages:{media.transcript_id}:{embedder.model}:{which}"
    enqueue("embed_passages", media.transcript_id, key=key, payload={"media": str(media.pk), "model": embedder.model})
