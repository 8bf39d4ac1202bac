"""Trying a quiz: starting, saving, handing in. The sheet itself stands on the lesson page (stages/quiz.py)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import Refused, error_body
from courses.access import may_learn
from courses.learn_space.lessons import find_own_item
from courses.models import Attempt, Enrollment, Quiz
from courses.quizzes.answering import merged, read_answers, sent_by_form
from courses.quizzes.question_copies import read_copies
from courses.services.attempts import may_be_finished, own_attempt, save_answers, start_attempt, submit_attempt
from courses.views.refusals import refusals_told
from courses.views.stages.quiz import CONFIRM, numbers_of_open, saved_words


@require_POST
def start_quiz(request: Any, organization: str, course: str, item_id: UUID) -> HttpResponseBase:
    quiz, enrollment = _own_quiz(request, course, item_id)
    with refusals_told(request):
        start_attempt(quiz, enrollment=enrollment)
    return redirect("courses:lesson", organization=organization, course=course, item_id=item_id)


@require_POST
def save_quiz(request: Any, organization: str, course: str, item_id: UUID, attempt_id: UUID) -> HttpResponseBase:
    """Keeps what the sheet says. Answers JSON to whoever asks for it: `{"saved": words}`, or a refusal."""
    attempt, back = _own_attempt(request, course, item_id, attempt_id)
    try:
        saved = _save(request, attempt)
    except Refused as refusal:
        return _told(request, refusal) or _to_sheet(request, back, refusal.message)
    if _wants_json(request):
        return JsonResponse({"saved": saved_words(saved)})
    messages.success(request, saved_words(saved))
    return redirect(back)


@require_POST
def submit_quiz(request: Any, organization: str, course: str, item_id: UUID, attempt_id: UUID) -> HttpResponseBase:
    """Saves the sheet and hands it in; asks once more where questions are open. What comes too late is not taken.

    Pressed twice, the second is told nothing where the first has saved it all.
    """
    attempt, back = _own_attempt(request, course, item_id, attempt_id)
    is_confirmed = "confirmed" in request.POST
    try:
        attempt = _save(request, attempt)
    except Refused as refusal:
        if refusal.code == "attempt_over" and _is_saved(request, attempt):
            return redirect(back)
        if refusal.code != "attempt_over" and not is_confirmed:
            return _to_sheet(request, back, refusal.message)
        messages.warning(request, refusal.message)
        is_confirmed = True
    if numbers_of_open(attempt) and not is_confirmed and back == _lesson(request, course, item_id):
        return redirect(f"{back}?{CONFIRM}#confirm")
    submit_attempt(attempt)
    if back != _lesson(request, course, item_id):
        messages.success(request, _("Handed in. This quiz is not open to learners any more."))
    return redirect(back)


def _own_quiz(request: Any, course: str, item_id: UUID) -> tuple[Quiz, Enrollment]:
    item, enrollment = find_own_item(item_id, course=course, user=request.user, organization=request.organization)
    if item.quiz is None:
        raise Http404
    return item.quiz, enrollment


def _own_attempt(request: Any, course: str, item_id: UUID, attempt_id: UUID) -> tuple[Attempt, str]:
    """And where it is shown: on its lesson, or, of one that only comes to its end, nowhere but among one's courses."""
    try:
        quiz, enrollment = _own_quiz(request, course, item_id)
    except Http404:
        return _last_attempt(request, attempt_id), reverse("courses:my_courses", args=[request.organization.slug])
    attempt = own_attempt(Attempt.objects.filter(quiz=quiz, enrollment=enrollment), attempt_id)
    if attempt is None:
        raise Http404
    return attempt, _lesson(request, course, item_id)


def _last_attempt(request: Any, attempt_id: UUID) -> Attempt:
    mine = Attempt.objects.filter(enrollment__user=request.user).select_related("enrollment")
    attempt = own_attempt(mine, attempt_id) if may_learn(request.user, request.organization) else None
    if attempt is None or not may_be_finished(attempt):
        raise Http404
    return attempt


def _lesson(request: Any, course: str, item_id: UUID) -> str:
    return reverse("courses:lesson", args=[request.organization.slug, course, item_id])


def _save(request: Any, attempt: Attempt) -> Attempt:
    """What can be read is kept, also where something else on the sheet cannot. Raises Refused after that."""
    copies = read_copies(attempt.questions)
    read = read_answers(copies, sent_by_form(copies, request.POST))
    saved = save_answers(attempt, read.answers)
    if read.faults:
        number, words = _first_fault(attempt, read.faults)
        sentence = _("Question %(number)d was not saved: %(words)s") % {"number": number, "words": words}
        raise Refused("unreadable_answer", sentence)
    return saved


def _is_saved(request: Any, attempt: Attempt) -> bool:
    """What this sheet says is what was handed in."""
    copies = read_copies(attempt.questions)
    read = read_answers(copies, sent_by_form(copies, request.POST))
    kept = Attempt.objects.values_list("answers", flat=True).get(pk=attempt.pk)
    return not read.faults and merged(kept, read.answers) == kept


def _first_fault(attempt: Attempt, faults: dict[str, str]) -> tuple[int, str]:
    numbered = enumerate((copy["id"] for copy in attempt.questions), start=1)
    return next((number, faults[key]) for number, key in numbered if key in faults)


def _wants_json(request: Any) -> bool:
    return request.headers.get("Accept") == "application/json"


def _told(request: Any, refusal: Refused) -> HttpResponse | None:
    if not _wants_json(request):
        return None
    return JsonResponse(error_body(refusal.code, refusal.message, refusal.fields), status=refusal.status)


def _to_sheet(request: Any, back: str, words: str) -> HttpResponseBase:
    messages.error(request, words)
    return redirect(back)
