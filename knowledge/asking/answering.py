"""A question is asked, and answered sentence by sentence: what was told is never taken back."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import Organization
from core.ai.attended import Attended
from core.ai.errors import AiError
from core.ai.ledger import OverCeiling, PriceUnknown
from core.ai.writer import Writer
from core.announcements import announce
from core.database.waiting import release_connection
from core.errors import Refused
from core.lines import one_line
from courses.models import ContentItem
from knowledge.asking.citations import Sentence, checked
from knowledge.asking.limits import one_slot, take_question
from knowledge.asking.messages import TURNS, answer_prompt, messages_for
from knowledge.asking.moments import backing, cues_of
from knowledge.asking.retrieval import Source, find_sources, question_after
from knowledge.asking.scope import Scope
from knowledge.asking.splitting import sentences
from knowledge.models import Answer, Citation, Conversation, Passage
from knowledge.models.conversation import AnswerManner, AnswerState
from knowledge.services.writing import answering_writer, streamed
from media_library.models import Cue, Media

FIRST_WORDS_SECONDS = 9.0  # after the question; then it is said that there are none
SILENCE_SECONDS = 9.0
WHOLE_SECONDS = 90.0
MOST_CHARACTERS = 20_000
QUOTED_PASSAGES = 5

#: What is streamed: the answer before its first word, the passages that it may cite, each sentence with what it cites,
#: the answer when all is said; and None while there is nothing to tell, so that it is noticed when the person has left.
#: From the passages on no statement is needed until the end: what their citations need is to be looked up then.
Told = Answer | list[Passage] | tuple[Sentence, list[Citation]] | None


@dataclass
class _Asking:
    """A question under way."""

    answer: Answer
    sources: Sequence[Source]
    turns: Sequence[Answer]
    user: Any
    began: float = field(default_factory=monotonic)
    said: list[Sentence] = field(default_factory=list)
    citations: dict[int, Citation] = field(default_factory=dict)
    cues: dict[UUID, list[Cue]] = field(default_factory=dict)

    @property
    def passages(self) -> list[Passage]:
        return [source.passage for source in self.sources]


def ask(
    text: str, *, scope: Scope, user: Any, organization: Organization, conversation: Conversation | None = None,
    writer: Writer | None = None,
) -> Generator[Told, None, None]:  # fmt: skip
    """Tells the answer while it is made: the Answer, sentences, the Answer again. Closing it early keeps what was told.

    `writer` answers instead of the configured model.

    The first step raises Refused: query_too_long, nothing_asked, no_questions_left (429), too_many_asking (503).
    Nothing later raises: what goes wrong is told by the `state` and `problem` of the answer.
    """
    question = one_line(text)
    turns = list(conversation.answers.order_by("-pk")[:TURNS])[::-1] if conversation else []
    wanted = question_after(question, turns[-1].question if turns else "")
    if wanted.asks_nothing:
        words = _("Please write a question.")
        raise Refused("nothing_asked", words, fields={"question": [words]})
    with one_slot():
        take_question(user, organization)
        began = monotonic()
        sources = find_sources(wanted, scope=scope, user=user, organization=organization)
        answer = _begin(question, scope=scope, user=user, organization=organization, conversation=conversation)
        yield from _answered(_Asking(answer, sources, turns, user, began), writer)


def whole(told: Iterator[Told]) -> Answer:
    """For who waits until all is said."""
    *_others, last = told
    return cast(Answer, last)


@transaction.atomic
def _begin(
    question: str, *, scope: Scope, user: Any, organization: Organization, conversation: Conversation | None
) -> Answer:
    kept = conversation or Conversation.objects.create(
        user=user, reach=scope.reach, course_id=scope.course_id, item_id=scope.item_id, media_id=scope.media_id,
        title=question, about=scope.title[:200],
    )  # fmt: skip
    if conversation:
        Conversation.objects.filter(pk=kept.pk).update(asked_at=Now())
    announce(
        "question_asked", organization, user=user, question=question,
        place={"media_id": scope.media_id, "course_id": scope.course_id, "item_id": scope.item_id},
    )  # fmt: skip
    return Answer.objects.create(conversation=kept, question=question)


def _answered(asking: _Asking, writer: Writer | None) -> Generator[Told, None, None]:
    answer = asking.answer
    answer.state = AnswerState.BROKEN  # should nobody wait for the end
    try:
        yield answer
        writer = writer or answering_writer(timeout=SILENCE_SECONDS)
        if not asking.sources:
            answer.state = AnswerState.NOT_HELD
        elif writer is None:
            _quote(asking)
        else:
            yield from _written(asking, Attended(writer))
    except GeneratorExit:
        answer.problem = "left"
        raise
    except AiError as error:
        _fail(asking, error.code)
    except OverCeiling:
        _quote(asking, problem="over_ceiling")
    except PriceUnknown:
        _quote(asking, problem="price_unknown")
    finally:
        _keep(asking)
    yield answer


def _written(asking: _Asking, writer: Attended) -> Generator[Told, None, None]:
    """While the model thinks, all is looked up that its answer may need; then it has the time for itself."""
    answer = asking.answer
    answer.model, answer.prompt = writer.model, answer_prompt().label
    messages = messages_for(answer.question, sources=asking.sources, turns=asking.turns)
    pieces = streamed(writer, messages, user=asking.user, subject_id=answer.pk)
    given = {source.number: source.text for source in asking.sources}
    try:
        next(pieces)
        yield asking.passages
        asking.cues = cues_of(asking.passages)
        for one in sentences(_in_time(pieces, asking)):
            sentence = checked(one, given) if one else None
            yield (sentence, _note(asking, sentence)) if sentence else None
    finally:
        pieces.close()
    answer.state = AnswerState.ANSWERED if asking.said else AnswerState.NOT_HELD


def _in_time(pieces: Iterator[str], asking: _Asking) -> Iterator[str]:
    """Raises AiError where nothing that may be shown comes in time, or no end. Meanwhile no connection is held."""
    length, last = 0, monotonic()
    asked = last
    for piece in pieces:
        release_connection(waiting_since=asked)
        now = monotonic()
        last = now if piece else last
        length += len(piece)
        is_late = not asking.said and now - asking.began > FIRST_WORDS_SECONDS
        if is_late or now - last > SILENCE_SECONDS or now - asking.began > WHOLE_SECONDS:
            raise AiError("network", was_answered=True)
        if length > MOST_CHARACTERS:
            raise AiError("provider_changed", was_answered=True)
        yield piece


def _note(asking: _Asking, sentence: Sentence) -> list[Citation]:
    """Keeps the sentence, and what it cites where that is cited for the first time."""
    asking.said.append(sentence)
    for source in asking.sources:
        if source.number in sentence.numbers and source.number not in asking.citations:
            asking.citations[source.number] = _citation(asking, source, sentence.words)
    return [asking.citations[number] for number in sentence.numbers]


def _citation(asking: _Asking, source: Source, words: str) -> Citation:
    passage = source.passage
    backed = backing(passage, words, asking.cues.get(passage.pk, []))
    return Citation(
        answer=asking.answer, passage=passage, media_id=passage.media_id, item_id=passage.item_id, number=source.number,
        title=source.title[:200], text=source.text, quote=backed.quote, start=backed.start,
        speaker=backed.speaker or passage.speaker,
    )  # fmt: skip


def _quote(asking: _Asking, *, problem: str = "") -> None:
    """Nobody writes: the best passages, in their own words."""
    asking.answer.manner, asking.answer.state = AnswerManner.QUOTED, AnswerState.ANSWERED
    asking.answer.problem = problem
    _cite_best(asking)


def _fail(asking: _Asking, problem: str) -> None:
    """What was told stays; where that is nothing, the best passages stand instead."""
    asking.answer.problem = problem
    if not asking.said:
        _cite_best(asking)


def _cite_best(asking: _Asking) -> None:
    asking.cues = asking.cues or cues_of(asking.passages)
    for source in asking.sources[:QUOTED_PASSAGES]:
        asking.citations[source.number] = _citation(asking, source, asking.answer.question)


@transaction.atomic
def _keep(asking: _Asking) -> None:
    """The conversation may have been deleted meanwhile, and a passage cut anew."""
    answer = asking.answer
    answer.text = "".join(one.text + ("\n" if one.ends_line else " ") for one in asking.said).strip()
    kept = Answer.objects.select_for_update().filter(pk=answer.pk)
    if not kept.exists():
        return
    fields = ("text", "state", "manner", "problem", "model", "prompt")
    kept.update(**{name: getattr(answer, name) for name in fields})
    citations = list(asking.citations.values())
    _let_go(citations, "passage", Passage)
    _let_go(citations, "media", Media)
    _let_go(citations, "item", ContentItem)
    Citation.objects.bulk_create(citations)


def _let_go(citations: Sequence[Citation], name: str, model: type[Model]) -> None:
    """Of rows that are gone the citation keeps the words alone."""
    keys = {key for one in citations if (key := getattr(one, f"{name}_id"))}
    rows = model._default_manager.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk") if keys else []
    present = {row.pk for row in rows}
    for one in citations:
        if getattr(one, f"{name}_id") not in present:
            setattr(one, f"{name}_id", None)
