"""Questions, or the result of an attempt at them."""

from typing import Any

from courses.lessons import Lesson
from courses.models import Attempt, Question
from courses.quiz_sheet import blank_sheet, marked_sheet


def quiz_stage(request: Any, lesson: Lesson) -> dict[str, Any]:
    """The last result if there is one, the blank sheet before it or when another try was asked for."""
    item = lesson.item
    questions = list(Question.objects.filter(quiz=item.quiz_id))
    attempts = list(Attempt.objects.filter(quiz=item.quiz_id, enrollment=item.enrollment_id))
    left = None if item.max_attempts is None else max(0, item.max_attempts - len(attempts))
    shown = attempts[0] if attempts and not ("again" in request.GET and left != 0) else None
    sheet = marked_sheet(questions, shown.answers) if shown else blank_sheet(questions)
    return {"sheet": sheet, "attempt": shown, "number": len(attempts) + 1, "left": left}
