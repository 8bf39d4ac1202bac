"""From what a model told of each piece to one draft: cue numbers become seconds, what fails is left out. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from knowledge.drafting.checking import alike, fault_of
from knowledge.drafting.plain import without_links
from knowledge.drafting.script import Piece, Script
from knowledge.drafting.shapes import (
    MOST_QUESTIONS,
    MOST_SECTIONS,
    ChaptersContent,
    DraftChapter,
    DraftOption,
    DraftQuestion,
    LeftOut,
    NotesContent,
    NoteSection,
    QuizContent,
    Span,
    ToldChapters,
    ToldNotes,
    ToldQuestion,
    ToldQuiz,
)

CHAPTER_SECONDS = 60.0  # at least
MOST_CHAPTERS_MADE = 30
WORDS_A_QUESTION, FEWEST_QUESTIONS, MOST_QUESTIONS_MADE = 200, 3, 20

Kept = TypeVar("Kept", bound=BaseModel)


def notes_of(script: Script, told: Sequence[tuple[Piece, ToldNotes]]) -> tuple[NotesContent, list[LeftOut]]:
    sections: list[NoteSection] = []
    left_out: list[LeftOut] = []
    for piece, notes in told:
        for one in notes.sections:
            span = script.span(one.first_cue, one.last_cue, within=piece)
            kept = span and _kept(NoteSection, heading=one.heading, text=without_links(one.text), span=span)
            if not kept:
                left_out.append(LeftOut(what=one.heading[:200], why=_unusable(span)))
            elif sections and alike(sections[-1].heading) == alike(kept.heading):
                sections[-1] = _joined(sections[-1], kept)
            else:
                sections.append(kept)
    return NotesContent(sections=sections[:MOST_SECTIONS]), left_out


def quiz_of(
    script: Script, told: Sequence[tuple[Piece, Sequence[ToldQuiz]]]
) -> tuple[QuizContent, list[LeftOut]]:  # fmt: skip
    """Of each piece the first answer, and the one that was asked once more for what had failed."""
    questions: list[DraftQuestion] = []
    left_out: list[LeftOut] = []
    asked: set[str] = set()
    for piece, answers in told:
        for one in (question for quiz in answers for question in quiz.questions):
            fault = fault_of_question(one, script=script, piece=piece)
            if not fault and alike(one.prompt) in asked:
                fault = _("It is asked already.")
            kept = None if fault else _question(one, script)
            if kept is None:
                left_out.append(LeftOut(what=one.prompt[:200], why=fault or _unusable(True)))
                continue
            asked.add(alike(one.prompt))
            questions.append(kept)
    return QuizContent(questions=questions[:MOST_QUESTIONS]), left_out


def fault_of_question(question: ToldQuestion, *, script: Script, piece: Piece) -> str:
    """Why a question may not be asked; empty where it may."""
    span = script.span(question.first_cue, question.last_cue, within=piece)
    return _unusable(None) if span is None else fault_of(question, said=script.text(span))


def chapters_of(
    script: Script, told: Sequence[tuple[Piece, ToldChapters]]
) -> tuple[ChaptersContent, list[LeftOut]]:  # fmt: skip
    """Rising from 0, each at least a minute long, the last one too; of too many the shortest are left out."""
    left_out: list[LeftOut] = []
    kept: list[DraftChapter] = []
    for at, title in _times(script, told, left_out):
        chapter = _kept(DraftChapter, title=title[:200], at=at if kept else 0)
        if chapter is None:
            left_out.append(LeftOut(what=title[:200], why=_unusable(True)))
        elif kept and min(at - kept[-1].at, script.seconds - at) < CHAPTER_SECONDS:
            left_out.append(LeftOut(what=title[:200], why=_("It is shorter than a minute.")))
        else:
            kept.append(chapter)
    while len(kept) > MOST_CHAPTERS_MADE:
        shortest = _shortest(kept)
        left_out.append(LeftOut(what=kept.pop(shortest).title, why=_("There are too many chapters.")))
    return ChaptersContent(chapters=kept), left_out


def questions_wanted(script: Script, piece: Piece) -> int:
    """Of one piece, so that all together make about one question for each 200 words, 3 to 20."""
    whole = min(max(script.words // WORDS_A_QUESTION, FEWEST_QUESTIONS), MOST_QUESTIONS_MADE)
    return max(round(whole * piece.share), 1)


def _times(
    script: Script, told: Iterable[tuple[Piece, ToldChapters]], left_out: list[LeftOut]
) -> Iterator[tuple[float, str]]:  # fmt: skip
    """When each chapter begins, those that name no cue left out, in the order of time."""
    found = []
    for piece, answer in told:
        for one in answer.chapters:
            span = script.span(one.first_cue, one.first_cue, within=piece)
            if span is None:
                left_out.append(LeftOut(what=one.title[:200], why=_unusable(None)))
            else:
                found.append((span.start, one.title))
    yield from sorted(found, key=lambda chapter: chapter[0])


def _shortest(chapters: Sequence[DraftChapter]) -> int:
    """The one that ends soonest after it begins; never the first, which holds the beginning."""
    lengths = [(after.at - before.at, n) for n, (before, after) in enumerate(pairwise(chapters), start=0)]
    return max(min(lengths)[1], 1)


def _question(told: ToldQuestion, script: Script) -> DraftQuestion | None:
    options = [DraftOption(text=one.text[:1000], is_right=one.is_right) for one in told.options]
    has_options = told.kind in ("single_choice", "multiple_choice")
    return _kept(
        DraftQuestion, kind=told.kind, prompt=told.prompt, explanation=told.explanation[:2000],
        options=options if has_options else [], is_true=told.is_true if told.kind == "true_false" else None,
        accepted=told.accepted if told.kind == "short_text" else [],
        span=script.span(told.first_cue, told.last_cue),
    )  # fmt: skip


def _joined(first: NoteSection, second: NoteSection) -> NoteSection:
    """One subject that the cut between two pieces went through."""
    span = Span(
        start=first.span.start, end=max(first.span.end, second.span.end), first_cue=first.span.first_cue,
        last_cue=second.span.last_cue,
    )  # fmt: skip
    return _kept(NoteSection, heading=first.heading, text=f"{first.text}\n\n{second.text}", span=span) or first


def _kept(shape: type[Kept], **values: object) -> Kept | None:
    """None for what does not fit the shape that is kept."""
    try:
        return shape.model_validate(values)
    except ValidationError:
        return None


def _unusable(span: object) -> str:
    return _("It is empty, or too long.") if span else _("It names sentences that are not there.")
