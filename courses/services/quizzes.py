"""Making quizzes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.ordering import LAST, put_in_order
from courses.models import ContentItem, Question, Quiz
from courses.services.settling import settle_around


def write_quiz(quiz: Quiz, *, questions: Sequence[dict[str, Any]] | None = None) -> Quiz:
    """Check and write a quiz; given questions become all it has, in that order, and one with a known `id` stays itself.

    A question: `prompt`, `options`, `answer`, `feedback`, `points`. Raises ValidationError;
    Refused: unknown_question, in_use.
    """
    quiz.full_clean()
    with transaction.atomic():
        quiz.save()
        if questions is not None:
            _replace_questions(quiz, questions)
            refuse_empty_in_use(quiz)
        settle_around(quiz=quiz)
    return quiz


def refuse_empty_in_use(quiz: Quiz) -> None:
    """Raises Refused: in_use (409)."""
    needed = ContentItem.objects.published().filter(quiz=quiz, chapter__course__is_published=True).exists()
    if needed and not quiz.questions.exists():
        words = _("A published course needs this quiz: leave at least one question.")
        raise Refused("in_use", words, status=409)


def save_question(question: Question) -> Question:
    """Check and write one question; a new one goes to the end until it is put in order."""
    if question._state.adding:
        question.position = LAST
    question.full_clean(exclude=["position"])
    question.save()
    return question


def delete_quiz(quiz: Quiz) -> None:
    """Raises Refused: in_use, while an item holds it."""
    item = ContentItem.objects.filter(quiz=quiz).first()
    if item is not None:
        words = _("The item “%(item)s” holds this quiz. Remove the item first.") % {"item": item}
        raise Refused("in_use", words, status=409)
    quiz.delete()


def _replace_questions(quiz: Quiz, questions: Sequence[dict[str, Any]]) -> None:
    existing = {question.pk: question for question in quiz.questions.all()}
    kept = [_written(quiz, existing, fields) for fields in questions]
    quiz.questions.exclude(pk__in=kept).delete()
    put_in_order(quiz.questions.all(), kept)


def _written(quiz: Quiz, existing: dict[UUID, Question], fields: dict[str, Any]) -> UUID:
    wanted = dict(fields)
    key = wanted.pop("id", None)
    if key is not None and key not in existing:
        raise Refused("unknown_question", _("This quiz has no such question."), fields={"questions": [str(key)]})
    question = existing[key] if key else Question(quiz=quiz)
    for name, value in wanted.items():
        setattr(question, name, value)
    return save_question(question).pk
