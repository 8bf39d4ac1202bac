"""What a media item could be labelled with: a language model is asked where there is one, else words are counted."""

import hashlib
from dataclasses import dataclass

from core.ai.ledger import Unaffordable
from core.ai.writer import Message, Writer
from knowledge.labels.counting import best_keywords, enough_for, terms_in, words_in
from knowledge.labels.lexemes import said_elsewhere, stems_of
from knowledge.labels.proposal import (
    MOST_KEYWORDS,
    MOST_TOPICS,
    Proposal,
    Suggested,
    kept_keywords,
    kept_topics,
)
from knowledge.languages import text_search_configuration
from knowledge.models.label import Origin
from knowledge.prompting import material, prompt
from knowledge.services.writing import drafting_writer, filled
from media_library.models import Media
from media_library.services.paying import LABEL

READ_CHARACTERS = 60_000  # of a transcript: some ten thousand words, more than an hour
STRETCHES = 12  # of a longer one, spread over all of it


@dataclass(frozen=True)
class Words:
    """What is said in a media item, and for how many seconds somebody speaks."""

    text: str = ""
    language: str = ""
    seconds: float = 0.0

    @property
    def digest(self) -> str:
        """SHA-256, hexadecimal; empty where nothing is said."""
        return hashlib.sha256(f"{self.language}\n{self.text}".encode()).hexdigest() if self.text else ""


def words_of(media: Media) -> Words:
    """Of the transcript that is read now. One statement."""
    if media.transcript is None:
        return Words()
    cues = list(media.transcript.cues.order_by("position").values_list("text", "start", "end"))
    text = " ".join(text for text, _, _ in cues)
    return Words(" ".join(text.split()), media.transcript.language, sum(end - start for _, start, end in cues))


def propose(media: Media, words: Words) -> Proposal:
    """Labels for these words. Where nothing may be paid for, words are counted. Raises AiError."""
    writer = drafting_writer()
    if writer is None or not words.text:
        return by_statistics(media, words)
    try:
        return by_model(media, words, writer=writer)
    except Unaffordable:
        return by_statistics(media, words)


def by_model(media: Media, words: Words, *, writer: Writer) -> Proposal:
    """What the model names, as far as it holds. Raises AiError, OverCeiling, PriceUnknown."""
    told = prompt("labels")
    order = told.filled(language=words.language or "its own", topics=MOST_TOPICS, keywords=MOST_KEYWORDS)
    asked = f"{material(media.title, name='title', most=200)}\n{material(excerpt(words.text), most=READ_CHARACTERS)}"
    messages = [Message("system", order), Message("user", asked)]
    said = filled(writer, messages, Suggested, purpose=LABEL, subject_id=media.pk)
    return Proposal(
        Origin.MODEL, kept_topics(said.topics), kept_keywords(said.keywords, said=words.text), said.sentiment,
        model=writer.model, prompt=told.label,
    )  # fmt: skip


def by_statistics(media: Media, words: Words) -> Proposal:
    """Keywords alone: how somebody feels, and what it is all about, cannot be counted."""
    config = text_search_configuration(words.language)
    described = words_in(f"{media.title} {media.description}")
    stems = stems_of(words_in(words.text) | described, config=config)
    terms = terms_in(words.text, stems)
    elsewhere = said_elsewhere({stem for key in terms for stem in key}, media_id=media.pk, config=config)
    about = {stems[word] for word in described}
    keywords = best_keywords(terms, elsewhere, about=about, most=enough_for(words.text))
    return Proposal(Origin.STATISTICS, keywords=tuple(keywords))


def excerpt(text: str) -> str:
    """All of it, or stretches from all over it."""
    if len(text) <= READ_CHARACTERS:
        return text
    size = READ_CHARACTERS // STRETCHES - 5
    step = (len(text) - size) // (STRETCHES - 1)
    return " […] ".join(text[n * step : n * step + size] for n in range(STRETCHES))[:READ_CHARACTERS]
