"""The learn space: one item of a course at a time."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.content_policy import widen_policy
from courses.lessons import Lesson, NotEnrolled, find_item, find_own_item, open_lesson
from courses.markdown import render as markdown
from courses.models import Attempt, Question
from courses.outline import render_outline
from courses.quiz_sheet import blank_sheet, marked_sheet, read_answers
from courses.services.attempts import submit_attempt
from courses.services.enrolling import note_visit
from courses.services.progress import mark_done as mark_item_done
from courses.views.refusals import refusals_told
from media_library.links import audience_of
from media_library.models import Media, Referrer
from media_library.player import player_context, referrer_named
from media_library.wording import clock_time

CURRENT_FOLDER = "../"  # of the lesson's own address: short links keep a long outline small


@require_safe
def lesson(request: Any, organization: str, course: str, item_id: UUID) -> HttpResponse:
    """An item on its stage, the outline beside it. At most eight statements, session and membership included."""
    try:
        item = find_item(item_id, course=course, user=request.user, organization=request.organization)
    except NotEnrolled:
        return redirect("courses:course", organization=organization, course=course)
    opened = open_lesson(item, user=request.user, organization=request.organization)
    outline = render_outline(opened.rows, prefix=CURRENT_FOLDER, current=item.id, keyed=False)
    context = {
        "lesson": opened,
        "item": item,
        "at": opened.at,
        "outline": outline,
        **STAGES[item.type](request, opened),
    }
    note_visit(item)
    response = render(request, f"courses/lesson_{item.type}.html", context)
    widen_policy(response, context["player"].policy if "player" in context else {})
    return response


@require_POST
def mark_done(request: Any, organization: str, course: str, item_id: UUID) -> HttpResponse:
    item, enrollment = find_own_item(item_id, course=course, user=request.user, organization=request.organization)
    with refusals_told(request):
        mark_item_done(item, enrollment=enrollment)
    return redirect("courses:lesson", organization=organization, course=course, item_id=item_id)


@require_POST
def submit_quiz(request: Any, organization: str, course: str, item_id: UUID) -> HttpResponse:
    item, enrollment = find_own_item(item_id, course=course, user=request.user, organization=request.organization)
    if item.quiz is None:
        raise Http404
    with refusals_told(request):
        submit_attempt(item.quiz, enrollment=enrollment, answers=read_answers(request.POST))
    return redirect("courses:lesson", organization=organization, course=course, item_id=item_id)


def _video_stage(request: Any, lesson: Lesson) -> dict[str, Any]:
    item = lesson.item
    media = Media.objects.select_related("transcript").defer("source_metadata").get(pk=item.media_id)
    player = player_context(
        media, user=request.user, organization=request.organization, audience=audience_of(request), item=item.id,
        referrer=referrer_named(request.GET.get("ref", ""), otherwise=Referrer.COURSE_PAGE),
    )  # fmt: skip
    return {
        "player": player, "length": clock_time(media.duration), "percent": int(player.percent),
        "description": markdown(item.description or media.description),
    }  # fmt: skip


def _text_stage(request: Any, lesson: Lesson) -> dict[str, Any]:
    return {"text": markdown(lesson.item.text)}


def _quiz_stage(request: Any, lesson: Lesson) -> dict[str, Any]:
    """The last result if there is one, the blank sheet before it or when another try was asked for."""
    item = lesson.item
    questions = list(Question.objects.filter(quiz=item.quiz_id))
    attempts = list(Attempt.objects.filter(quiz=item.quiz_id, enrollment=item.enrollment_id))
    left = None if item.max_attempts is None else max(0, item.max_attempts - len(attempts))
    shown = attempts[0] if attempts and not ("again" in request.GET and left != 0) else None
    sheet = marked_sheet(questions, shown.answers) if shown else blank_sheet(questions)
    return {"sheet": sheet, "attempt": shown, "number": len(attempts) + 1, "left": left}


STAGES = {"video": _video_stage, "text": _text_stage, "quiz": _quiz_stage}
