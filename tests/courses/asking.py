"""A quiz with a question of each kind, and what to answer."""

from datetime import timedelta
from typing import Any

from django.db.models.functions import Now

from courses.models import Attempt, Question, Quiz
from courses.quizzes.choices import read_options
from courses.quizzes.questions import KINDS, Typed
from courses.services.quizzes import write_quiz

ASKED: dict[str, dict[str, Any]] = {
    "single_choice": {"options": read_options("*One | Told of one\nTwo | Told of two\nThree")},
    "multiple_choice": {"options": read_options("*Red\n*Green\nBlue\nGrey")},
    "true_false": {"is_true": True},
    "short_text": {"accepted": ["High tide", "flood"]},
    "numeric": {"value": "9.81", "tolerance": "0.02"},
}
RIGHT: dict[str, Any] = {
    "single_choice": ["One"], "multiple_choice": ["Red", "Green"], "true_false": "true", "short_text": "high TIDE",
    "numeric": "9,80",
}  # fmt: skip


def fields_of(kind: str, *, points: int = 1) -> dict[str, Any]:
    content = KINDS[kind].parse(Typed(**ASKED[kind]))
    written = {"kind": kind, "prompt": f"A {kind}?", "feedback": f"Feedback on {kind}", "points": points}
    return {**written, "options": content.options, "answer": content.answer}


def ask_of_each_kind(quiz: Quiz, **rules: Any) -> Quiz:
    """The quiz gets these questions and rules."""
    for name, value in rules.items():
        setattr(quiz, name, value)
    return write_quiz(quiz, questions=[fields_of(kind) for kind in ASKED])


def answer_to(question: Question, words: Any) -> Any:
    """Texts of options become their keys."""
    if not isinstance(words, list):
        return words
    keys = [option["key"] for option in question.options if option["text"] in words]
    return keys if question.kind == "multiple_choice" else keys[0]


def answers_to(quiz: Quiz, words: dict[str, Any] | None = None) -> dict[str, Any]:
    """All right, or these by kind."""
    questions = {question.kind: question for question in quiz.questions.all()}
    return {str(questions[kind].pk): answer_to(questions[kind], said) for kind, said in (words or RIGHT).items()}


def let_time_pass(attempt: Attempt, *, seconds: int) -> None:
    """The deadline was so long ago."""
    Attempt.objects.filter(pk=attempt.pk).update(deadline_at=Now() - timedelta(seconds=seconds))
