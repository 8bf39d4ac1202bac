"""Dresses what was found: sentences with their words marked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from django.utils.safestring import SafeString

from courses.models import ContentItem
from knowledge.models import Passage
from knowledge.question import Question
from knowledge.ranking import CueHit, Hit, cues_around, mark_words, rank_cues
from knowledge.sentences import NEIGHBORS, as_html, best_part, markable, sentence_around, text_of, unmarked
from media_library.captions import TimedText
from media_library.models import Media

MOMENTS_A_MEDIA = 3
NEAR_SECONDS = 3.0  # moments of one media item closer than this are one


@dataclass(frozen=True)
class Moment:
    """A sentence that answers: `start` and `end` in seconds, `sentence` as safe HTML with the words in `<mark>`."""

    kind: ClassVar[str] = "moment"

    media: Media
    start: float
    end: float
    text: str
    sentence: SafeString
    speaker: str
    score: float


@dataclass(frozen=True)
class Reading:
    """A part of what is written in an item of a course that answers; `page` of a file, from 1; `sentence` as above."""

    kind: ClassVar[str] = "text"

    item: ContentItem
    heading: str
    page: int | None
    text: str
    sentence: SafeString
    score: float


@dataclass(frozen=True)
class Group:
    """What one media item says, or one item of a course, best first; all are of one kind."""

    found: list[Moment | Reading] = field(default_factory=list)

    @property
    def media(self) -> Media | None:
        return self.found[0].media if isinstance(self.found[0], Moment) else None

    @property
    def title(self) -> str:
        first = self.found[0]
        return first.media.title if isinstance(first, Moment) else first.item.title


@dataclass(frozen=True)
class Said:
    """A moment before it is dressed: the cues of its sentence and the cue at which it begins to play."""

    hit: CueHit
    cue: TimedText
    cues: Sequence[TimedText]

    @property
    def score(self) -> float:
        return self.hit.score

    @property
    def place(self) -> UUID:
        return self.hit.media_id


@dataclass(frozen=True)
class Written:
    """A reading before it is dressed."""

    passage: Passage
    item: ContentItem
    score: float

    @property
    def place(self) -> UUID:
        return self.item.pk


def said_by(question: Question, hits: Sequence[Hit], *, speaker: str = "") -> list[Said]:
    """The sentences of these passages, of each media item the best three; best media item first."""
    found = rank_cues(question, hits, speaker=speaker)
    around = cues_around(found, neighbors=NEIGHBORS)
    said: list[Said] = []
    for hit in found:
        _add(said, hit, around)
    return said


def written_in(hits: Sequence[Hit]) -> list[Written]:
    """The written passages with their item and its course, best first."""
    scores = {hit.passage_id: hit.score for hit in hits if hit.is_written}
    if not scores:
        return []
    passages = Passage.objects.select_related("item__chapter__course").defer("search_vector", "item__text")
    found = passages.in_bulk(list(scores))
    return [Written(found[key], found[key].item, score) for key, score in scores.items() if key in found]


def in_order(said: Sequence[Said], written: Sequence[Written]) -> list[Said | Written]:
    """Both together, where each place stands by its best."""
    found: list[Said | Written] = [*said, *written]
    best: dict[UUID, float] = {}
    for one in found:
        best[one.place] = max(one.score, best.get(one.place, 0.0))
    return sorted(found, key=lambda one: -best[one.place])


def best_of(said: Sequence[Said], written: Sequence[Written], limit: int) -> tuple[list[Said], list[Written]]:
    """The first `limit` of both together."""
    kept = in_order(said, written)[:limit]
    return [one for one in kept if isinstance(one, Said)], [one for one in kept if isinstance(one, Written)]


def dressed(question: Question, said: Sequence[Said], written: Sequence[Written]) -> tuple[list[Moment], list[Reading]]:
    """In two statements: the media, and the marks."""
    library = Media.objects.for_list().select_related("storyboard").in_bulk({item.hit.media_id for item in said})
    heard = [(item.hit.config, markable(text_of(item.cues))) for item in said]
    read = [(item.passage.search_config, markable(item.passage.text)) for item in written]
    marked = mark_words(question, [*heard, *read])
    moments = [_moment(item, library, text) for item, text in zip(said, marked, strict=False)]
    return moments, [_reading(item, text) for item, text in zip(written, marked[len(said) :], strict=True)]


def grouped(moments: Sequence[Moment], readings: Sequence[Reading]) -> list[Group]:
    """By what they stand in, best first."""
    groups: dict[UUID, Group] = {}
    both: list[Moment | Reading] = [*moments, *readings]
    for found in both:
        key = found.media.pk if isinstance(found, Moment) else found.item.pk
        groups.setdefault(key, Group()).found.append(found)
    return sorted(groups.values(), key=lambda group: -max(found.score for found in group.found))


def _moment(item: Said, library: dict[UUID, Media], marked: str) -> Moment:
    return Moment(
        media=library[item.hit.media_id], start=item.cue.start, end=item.cues[-1].end, text=text_of(item.cues),
        sentence=as_html(marked), speaker=item.cue.speaker, score=item.hit.score,
    )  # fmt: skip


def _reading(written: Written, marked: str) -> Reading:
    passage, part = written.passage, best_part(marked)
    return Reading(
        item=written.item, heading=passage.heading, page=passage.page, text=unmarked(part), sentence=as_html(part),
        score=written.score,
    )  # fmt: skip


def _add(said: list[Said], hit: CueHit, around: dict[tuple[UUID, int], TimedText]) -> None:
    """Overlapping passages find the same cue, a sentence may have several: one moment. At most three a media."""
    positions = range(hit.position - NEIGHBORS, hit.position + NEIGHBORS + 1)
    cues = [around[key] for position in positions if (key := (hit.transcript_id, position)) in around]
    cue = around[hit.transcript_id, hit.position]
    others = [other for other in said if other.hit.media_id == hit.media_id]
    if len(others) < MOMENTS_A_MEDIA and not any(_is_near(cue, other) for other in others):
        first, end = sentence_around(cues, cues.index(cue))
        said.append(Said(hit, cue, cues[first:end]))


def _is_near(cue: TimedText, other: Said) -> bool:
    return abs(cue.start - other.cue.start) < NEAR_SECONDS or cue in other.cues
