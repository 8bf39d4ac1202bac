"""What makers noted on frames is found by them, as a moment of the film at the second of the frame.

An annotation is a working note of those who make content: nobody else finds it, and no answer is drawn from it.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import Organization
from accounts.permissions import can
from knowledge.languages import ANY_LANGUAGE, text_search_configuration
from knowledge.models import FrameNote
from knowledge.question import question_of
from knowledge.ranking import mark_words, rank_notes
from knowledge.sentences import as_html, best_part, markable, unmarked
from knowledge.services.search import SearchResult
from knowledge.visible import EVERYWHERE, Filters, visible_places
from media_library.models import Frame, Media

MOST_NOTES = 6


@dataclass(frozen=True)
class Note:
    """A note that answers: `sentence` is safe HTML with the words in `<mark>`."""

    frame: Frame
    text: str
    sentence: SafeString
    score: float

    @property
    def media(self) -> Media:
        media: Media = self.frame.media
        return media

    @property
    def second(self) -> int:
        return int(self.frame.second)

    def url(self, organization: Organization) -> str:
        """Path of the page that plays from there."""
        return reverse("media_library:watch", args=[organization.slug, self.media.pk]) + f"?t={self.second}&ref=search"


def keep_note(frame: Frame) -> None:
    """What is noted on it now is found from now on. Runs in the transaction that wrote it."""
    if not frame.annotation:
        FrameNote.objects.filter(frame=frame).delete()
        return
    transcript = frame.media.transcript
    config = text_search_configuration(transcript.language) if transcript else ANY_LANGUAGE
    FrameNote.objects.update_or_create(frame=frame, defaults={"text": frame.annotation, "search_config": config})


def read_notes_anew(media: Media, *, language: str) -> None:
    """Notes are read in the language that is spoken in the film."""
    FrameNote.objects.filter(frame__media=media).update(search_config=text_search_configuration(language))


def notes_beside(
    result: SearchResult, query: str, *, user: Any, organization: Organization, filters: Filters
) -> list[Note]:  # fmt: skip
    """What is noted of a question that was searched: as it was typed, else as it was corrected."""
    found = notes_on_frames(query, user=user, organization=organization, filters=filters)
    if found or not result.corrected:
        return found
    return notes_on_frames(result.corrected, user=user, organization=organization, filters=filters)


def notes_on_frames(
    query: str, *, user: Any, organization: Organization, filters: Filters = EVERYWHERE
) -> list[Note]:  # fmt: skip
    """At most six, best first; none for those who make no content, and where a speaker is asked for.

    Raises Refused `query_too_long`.
    """
    question = question_of(query)
    if question.asks_nothing or filters.speaker or not can(user, "content.view", organization):
        return []
    hits = rank_notes(question, visible=visible_places(user, organization, filters).media, limit=MOST_NOTES)
    if not hits:
        return []
    frames = Frame.objects.select_related("media").in_bulk([hit.frame_id for hit in hits])
    marked = mark_words(question, [(hit.config, markable(hit.text)) for hit in hits])
    parts = [best_part(text) for text in marked]
    return [
        Note(frames[hit.frame_id], unmarked(part), as_html(part), float(hit.score))
        for hit, part in zip(hits, parts, strict=True)
        if hit.frame_id in frames
    ]
