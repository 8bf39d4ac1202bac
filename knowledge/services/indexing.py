"""Cuts what was said into passages that can be found."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from courses.models import ContentItem
from knowledge.chapters import borders_of, headings_of
from knowledge.chunking import Chunk, chunk
from knowledge.languages import text_search_configuration
from knowledge.models import Passage
from knowledge.services.embedding import ask_for_meaning
from knowledge.services.storing import hash_of, store_passages
from media_library.chapter_marks import Mark, chapter_marks, marks_in
from media_library.models import Media, Transcript

#: What is read of a cue.
CUE = ("position", "start", "end", "text", "speaker")


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
        before = Passage.objects.filter(media=media)
        store_passages(before, passages)
        before.exclude(transcript=media.transcript_id).update(transcript=media.transcript_id)
        if media.transcript_id:
            # It hangs on the transcript, not on the media item: it may fail without the media item having failed.
            ask_for_meaning("embed_passages", media.transcript_id, before, payload={"media": str(media.pk)})
    return len(passages)


def passages_of(media: Media) -> list[Passage]:
    """What its present transcript says, cut anew and not stored."""
    if media.transcript is None:
        return []
    cues = list(media.transcript.cues.values_list(*CUE, named=True))
    config = text_search_configuration(media.transcript.language)
    size, overlap = settings.PASSAGE_WORDS, settings.PASSAGE_OVERLAP
    headings = headings_of(cues, _marks_of(media))
    pieces = chunk(cues, size=size, overlap=overlap, borders=borders_of(cues, headings, size=size))
    return [
        _passage(
            piece, cues, transcript=media.transcript, position=position, search_config=config,
            heading=headings[piece.first_cue],
        )
        for position, piece in enumerate(pieces)
    ]  # fmt: skip


def _marks_of(media: Media) -> list[Mark]:
    """Its chapters, as the first item that shows it and has any was given them: the same film may stand in several.

    Where none has, those of its own.
    """
    items = ContentItem.objects.filter(media=media, metadata__has_key="chapters").order_by("created_at", "pk")
    of_items = (marks for item in items if (marks := chapter_marks(item.metadata)))
    return next(of_items, marks_in(media.chapters))


def _passage(
    piece: Chunk, cues: Sequence[Any], *, transcript: Transcript, position: int, search_config: str, heading: str
) -> Passage:  # fmt: skip
    return Passage(
        media_id=transcript.media_id, transcript=transcript, position=position, text=piece.text, heading=heading,
        start=piece.start, end=piece.end, speaker=piece.speaker, words=piece.words, search_config=search_config,
        first_cue=cues[piece.first_cue].position, end_cue=cues[piece.last_cue - 1].position + 1,
        content_hash=hash_of(piece.text),
    )  # fmt: skip
