"""Asking the library, a course or a lesson: pages, the panel of the learn space, and the stream of an answer."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import can
from core.errors import Refused, error_body
from knowledge.asking.answering import ask, whole
from knowledge.asking.keeping import (
    answers_of,
    conversations_of,
    delete_conversation,
    own_answer,
    rate_answer,
    settled,
)
from knowledge.asking.scope import LIBRARY, Scope, course_scope, lesson_scope, media_scope, scope_of
from knowledge.asking.shown import shown_answers
from knowledge.asking.streaming import CONTENT_TYPE, event_stream
from knowledge.models import Answer, Citation, Conversation
from knowledge.models.conversation import QUESTION_CHARACTERS, Reach
from knowledge.services.writing import answering_writer

LISTED = 50


@require_http_methods(["GET", "HEAD", "POST"])
def ask_library(request: Any, organization: str) -> HttpResponseBase:
    _check(request)
    return _ask_page(request, LIBRARY)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_course(request: Any, organization: str, course: str) -> HttpResponseBase:
    _check(request)
    return _ask_page(request, course_scope(course, **_whom(request)))


@require_http_methods(["GET", "HEAD", "POST"])
def ask_lesson(request: Any, organization: str, course: str, item_id: UUID) -> HttpResponseBase:
    _check(request)
    return _panel_or_page(request, lesson_scope(item_id, course=course, **_whom(request)))


@require_http_methods(["GET", "HEAD", "POST"])
def ask_media(request: Any, organization: str, media_id: UUID) -> HttpResponseBase:
    """Outside of any course."""
    _check(request)
    return _panel_or_page(request, media_scope(media_id, **_whom(request)))


def _panel_or_page(request: Any, scope: Scope) -> HttpResponseBase:
    """Asked for by a script it is the panel: the last conversation about the same goes on."""
    if request.method == "POST" or not _is_asked_by_script(request):
        return _ask_page(request, scope)
    last = None if "new" in request.GET else scope.conversations(request.user).order_by("-asked_at").first()
    context = {**_conversation(request, last), **_box(request, last), "is_panel": True}
    response = render(request, "knowledge/ask_panel.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def conversation_page(request: Any, organization: str, conversation_id: UUID) -> HttpResponseBase:
    """All of it; one may ask on, as long as what it is about is open."""
    _check(request)
    found = _own(request, conversation_id)
    scope = _scope_now(request, found)
    if request.method == "POST":
        if scope is None:
            raise Http404
        return _asked(request, scope, found)
    return _conversation_page(request, found, scope)


@require_POST
def remove_conversation(request: Any, organization: str, conversation_id: UUID) -> HttpResponse:
    _check(request)
    delete_conversation(_own(request, conversation_id))
    return redirect("knowledge:ask", organization=organization)


@require_POST
def rate(request: Any, organization: str, answer_id: UUID) -> HttpResponse:
    """A thumb; pressed once more it is taken back."""
    _check(request)
    try:
        answer = rate_answer(own_answer(request.user, answer_id), thumb=request.POST.get("thumb", ""))
    except Refused as refusal:
        return JsonResponse(error_body(refusal.code, refusal.message, refusal.fields), status=refusal.status)
    if _is_asked_by_script(request):
        return JsonResponse({"thumb": answer.thumb})
    return redirect(_address(organization, answer))


def _ask_page(request: Any, scope: Scope) -> HttpResponseBase:
    if request.method == "POST":
        return _asked(request, scope, _going_on(request, scope))
    return _page(request, scope)


def _asked(request: Any, scope: Scope, conversation: Conversation | None) -> HttpResponseBase:
    """A stream for those who ask for one; others wait, and get the page with the answer."""
    told = ask(request.POST.get("question", ""), scope=scope, conversation=conversation, **_whom(request))
    wants_stream = CONTENT_TYPE in request.headers.get("Accept", "")
    try:
        if wants_stream:
            finished = _finisher(request, scope)
            return event_stream(told, finished=finished, here=scope.media_id, **_whom(request))
        return redirect(_address(request.organization.slug, whole(told)))
    except Refused as refusal:
        if wants_stream:
            return JsonResponse(error_body(refusal.code, refusal.message, refusal.fields), status=refusal.status)
        return _page(request, scope, refusal)


def _finisher(request: Any, scope: Scope) -> Any:
    """Makes the last event of a stream: the whole answer as the page shows it."""

    def finished(answer: Answer) -> dict[str, Any]:
        return {"html": _answer_html(request, answer, scope.media_id), "conversation": str(answer.conversation_id)}

    return finished


def _answer_html(request: Any, answer: Answer, here: UUID | None) -> str:
    answer._prefetched_objects_cache = {"citations": Citation.objects.filter(answer=answer).order_by("number")}  # type: ignore[attr-defined]
    (shown,) = shown_answers([answer], here=here, **_whom(request))
    return render_to_string("knowledge/answer.html", {"shown": shown, "organization": request.organization}, request)


def _page(request: Any, scope: Scope, refusal: Refused | None = None) -> HttpResponse:
    mine = conversations_of(request.user)
    mine = mine if scope.reach == Reach.LIBRARY else scope.conversations(request.user).order_by("-asked_at")
    context = {
        **_box(request, None), "scope": scope, "refusal": refusal, "typed": request.POST.get("question", ""),
        "conversations": mine[:LISTED],
    }  # fmt: skip
    return render(request, "knowledge/ask.html", context, status=refusal.status if refusal else 200)


def _conversation_page(request: Any, found: Conversation, scope: Scope | None) -> HttpResponse:
    context = {**_box(request, found), **_conversation(request, found), "may_go_on": scope is not None}
    return render(request, "knowledge/conversation.html", context)


def _conversation(request: Any, found: Conversation | None) -> dict[str, Any]:
    if found is None:
        return {"conversation": None, "answers": []}
    answers = shown_answers(answers_of(found), here=found.media_id, **_whom(request))
    return {"conversation": found, "answers": answers}


def _box(request: Any, conversation: Conversation | None) -> dict[str, Any]:
    """What the form needs. One statement: whether anybody writes answers here."""
    return {
        "question_length": QUESTION_CHARACTERS, "is_written": answering_writer(timeout=1) is not None,
        "going_on": conversation.pk if conversation else "", "ask_address": request.path, "here": "ask",
    }  # fmt: skip


def _going_on(request: Any, scope: Scope) -> Conversation | None:
    """The conversation that is named, if it is this person's and about the same. Raises Http404."""
    named = request.POST.get("conversation", "")
    if not named:
        return None
    try:
        return get_object_or_404(scope.conversations(request.user), pk=UUID(named))
    except ValueError:
        raise Http404 from None


def _scope_now(request: Any, conversation: Conversation) -> Scope | None:
    try:
        return scope_of(conversation, **_whom(request))
    except (Http404, Refused):
        return None


def _own(request: Any, conversation_id: UUID) -> Conversation:
    return get_object_or_404(conversations_of(request.user), pk=conversation_id)


def _address(organization: str, answer: Answer) -> str:
    page = reverse("knowledge:conversation", args=[organization, answer.conversation_id])
    return f"{page}#answer-{settled(answer).pk}"


def _whom(request: Any) -> dict[str, Any]:
    return {"user": request.user, "organization": request.organization}


def _check(request: Any) -> None:
    if not can(request.user, "library.search", request.organization):
        raise Http404


def _is_asked_by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"
