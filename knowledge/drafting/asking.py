"""Asks a model about a transcript, piece by piece: what it is told to do, and what it answers."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from pydantic import BaseModel

from core.ai.errors import AiError
from core.ai.writer import Message, Writer
from knowledge.drafting.composing import MOST_CHAPTERS_MADE, fault_of_question, questions_wanted
from knowledge.drafting.script import MOST_CHARACTERS, Piece, Script
from knowledge.drafting.shapes import ToldChapters, ToldNotes, ToldQuiz
from knowledge.models import Draft, DraftKind
from knowledge.prompting import Prompt, material, prompt
from knowledge.services.writing import filled

#: What the model has answered so far: for each piece one answer, or two where it was asked once more.
Pieces = list[list[dict[str, Any]]]
Save = Callable[[Pieces], None]
Keep = Callable[[BaseModel], None]

TOLD: dict[str, type[BaseModel]] = {
    DraftKind.NOTES: ToldNotes,
    DraftKind.QUIZ: ToldQuiz,
    DraftKind.CHAPTERS: ToldChapters,
}
MOST_FAULTS_TOLD = 10
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def prompt_for(kind: str) -> Prompt:
    return prompt(f"draft_{kind}")


@dataclass(frozen=True)
class Interview:
    """One draft's questions to a model. Raises AiError, OverCeiling, PriceUnknown."""

    draft: Draft
    script: Script
    writer: Writer
    language: str

    def hold(self, *, save: Save, progress: Callable[[float], None]) -> Pieces:
        """All answers; what was answered before is not asked again. `progress` hears 0–100 and may raise to stop."""
        pieces, answers = self.script.pieces(), [list(told) for told in self.draft.pieces]
        for number, piece in enumerate(pieces):
            progress(100 * number / len(pieces))
            if len(answers) <= number:
                answers.append([])
                self._ask(piece, number, len(pieces), keep=_added(answers, save))
            if len(answers[number]) == 1 and (faults := self._faults(piece, answers[number][0])):
                progress(100 * (number + 0.5) / len(pieces))
                self._ask_again(piece, number, len(pieces), faults, keep=_added(answers, save))
        return answers

    def _ask(self, piece: Piece, number: int, of: int, *, keep: Keep) -> None:
        """Nonsense is asked for once more: the next answer of a model is another one."""
        messages = self._messages(piece, number, of, count=self._count(piece))
        try:
            self._fill(messages, keep)
        except AiError as error:
            if error.code != "provider_changed":
                raise
            self._fill(messages, keep)

    def _ask_again(
        self, piece: Piece, number: int, of: int, faults: Sequence[tuple[str, str]], *, keep: Keep
    ) -> None:  # fmt: skip
        """Other questions in place of those that failed; a second answer that cannot be read is none."""
        listed = "\n".join(f"- {prompt}: {fault}" for prompt, fault in faults[:MOST_FAULTS_TOLD])
        again = "These questions of yours could not be used. Write others in their place:\n"
        messages = self._messages(piece, number, of, count=len(faults), again=again + material(listed, most=4000))
        try:
            self._fill(messages, keep)
        except AiError as error:
            if error.code != "provider_changed":
                raise
            with transaction.atomic():
                keep(ToldQuiz(questions=[]))

    def _fill(self, messages: Sequence[Message], keep: Keep) -> None:
        """An answer is kept in the transaction that pays it, so that no process dies between the two."""
        filled(
            self.writer, messages, TOLD[self.draft.kind], subject_id=self.draft.pk, user=self.draft.made_by, keep=keep
        )

    def _faults(self, piece: Piece, told: dict[str, Any]) -> list[tuple[str, str]]:
        """Pairs of a question and what is wrong with it; other kinds are not asked once more."""
        if self.draft.kind != DraftKind.QUIZ:
            return []
        questions = ToldQuiz.model_validate(told).questions
        judged = [(one.prompt[:200], fault_of_question(one, script=self.script, piece=piece)) for one in questions]
        return [(prompt, fault) for prompt, fault in judged if fault]

    def _count(self, piece: Piece) -> int:
        if self.draft.kind == DraftKind.QUIZ:
            return questions_wanted(self.script, piece)
        return max(round(MOST_CHAPTERS_MADE * piece.share), 1)

    def _messages(self, piece: Piece, number: int, of: int, *, count: int, again: str = "") -> list[Message]:
        part = "the whole of it" if of == 1 else f"part {number + 1} of {of}"
        told = prompt_for(self.draft.kind).filled(part=part, count=count, language=self._language(), again=again)
        title = material(self.draft.media.title, name="title", most=200)
        lines = material(self.script.lines(piece), name="transcript", most=MOST_CHARACTERS)
        return [Message("system", told), Message("user", f"{title}\n\n{lines}")]

    def _language(self) -> str:
        """A tag such as `de`; what is none came from elsewhere and is left out."""
        return self.language if LANGUAGE.fullmatch(self.language) else "the one it is spoken in"


def _added(answers: Pieces, save: Save) -> Keep:
    """Keeps one more answer to the last piece."""

    def keep(told: BaseModel) -> None:
        answers[-1].append(told.model_dump(mode="json"))
        save(answers)

    return keep
