"""One's own notes: the panel of the learn space, and the page of a course with its files."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refused
from courses.access import find_known_course
from courses.learn_space.lessons import LessonItem, NotEnrolled, find_item
from courses.models import Note
from courses.notes.course_notes import by_item, course_notes, note_line
from courses.notes.files import FORMATS
from courses.notes.form import NoteForm
from courses.services.notes import add_note, delete_note, notes_of, notes_of_item, rewrite_note

NOTES_A_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
def item_notes(request: Any, organization: str, course: str, item_id: UUID) -> HttpResponse:
    """A fragment: the notes of this item. What is posted is added; without the script one returns to the lesson."""
    item = _opened(request, course, item_id)
    form = NoteForm(request.POST)
    refusal = _refusal_of(lambda: _add(request, item, form)) if request.method == "POST" else None
    if request.method != "POST" or _is_asked_by_script(request):
        return _panel(request, item.id, refusal)
    lesson = reverse("courses:lesson", args=[organization, course, item_id])
    if refusal is not None:
        return _again(request, form, refusal, title=item.title, back=lesson, plays=item.media_id is not None)
    return redirect(lesson + _query(form) + "#notes")


@require_POST
def edit_note(request: Any, organization: str, course: str, note_id: UUID) -> HttpResponse:
    note = _own(request, course, note_id)
    form = NoteForm(request.POST)
    refusal = _refusal_of(lambda: rewrite_note(note, by=request.user, text=_valid(form)["text"]))
    if refusal is not None and not _is_asked_by_script(request):
        return _again(request, form, refusal, title=note.item_title, back=_all_notes(request))
    return _after(request, note, refusal)


@require_POST
def remove_note(request: Any, organization: str, course: str, note_id: UUID) -> HttpResponse:
    note = _own(request, course, note_id)
    delete_note(note, by=request.user)
    return _after(request, note)


@require_safe
def notes(request: Any, organization: str, course: str) -> HttpResponse:
    """All notes of a course by item, searched and taken along. Statements: see the test."""
    found = find_known_course(course, user=request.user, organization=request.organization)
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    page = Paginator(course_notes(found, user=request.user, words=words), NOTES_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "course": found, "page": page, "words": words, "formats": FORMATS, "groups": by_item(page),
        "kept": urlencode({"q": words}) if words else "",
    }  # fmt: skip
    return render(request, "courses/notes.html", context)


@require_safe
def export_notes(request: Any, organization: str, course: str, format: str) -> HttpResponse:
    """All of them in one file: `md`, `csv` or `json`."""
    found = find_known_course(course, user=request.user, organization=request.organization)
    wanted = FORMATS.get(format)
    if wanted is None:
        raise Http404
    lesson = request.build_absolute_uri(reverse("courses:course", args=[organization, course])) + "learn/"
    lines = [note_line(note, lesson) for note in course_notes(found, user=request.user)]
    headers = {"Content-Disposition": f'attachment; filename="notes-{found.slug}.{format}"'}
    return HttpResponse(wanted.write(found.title, lines), content_type=wanted.content_type, headers=headers)


def _opened(request: Any, course: str, item_id: UUID) -> LessonItem:
    try:
        return find_item(item_id, course=course, user=request.user, organization=request.organization)
    except NotEnrolled:
        raise Http404 from None


def _own(request: Any, course: str, note_id: UUID) -> Note:
    return get_object_or_404(notes_of(request.user).filter(course__slug=course), pk=note_id)


def _add(request: HttpRequest, item: LessonItem, form: NoteForm) -> None:
    values = _valid(form)
    text = "" if "bookmark" in request.POST else values["text"]
    add_note(item, by=request.user, text=text, at=values["at"])


def _valid(form: NoteForm) -> dict[str, Any]:
    if not form.is_valid():
        fields = {name: [str(sentence) for sentence in said] for name, said in form.errors.items()}
        raise Refused("invalid_note", next(iter(fields.values()))[0], fields=fields)
    return form.cleaned_data


def _refusal_of(verb: Callable[[], object]) -> Refused | None:
    try:
        verb()
    except Refused as refusal:
        return refusal
    return None


def _again(request: HttpRequest, form: NoteForm, refusal: Refused, **context: Any) -> HttpResponse:
    """To whom no script keeps what they wrote."""
    context |= {"form": form, "refusal": refusal}
    return render(request, "courses/note_refused.html", context, status=refusal.status)


def _after(request: Any, note: Note, refusal: Refused | None = None) -> HttpResponse:
    if _is_asked_by_script(request) and note.item_id is not None:
        return _panel(request, note.item_id, refusal)
    return redirect(_all_notes(request))


def _all_notes(request: Any) -> str:
    place = request.resolver_match.kwargs
    return reverse("courses:notes", args=[place["organization"], place["course"]])


def _panel(request: HttpRequest, item_id: UUID, refusal: Refused | None) -> HttpResponse:
    context = {"notes": notes_of_item(request.user, item_id), "refusal": refusal, "is_panel": True}
    response = render(request, "courses/notes_panel.html", context, status=refusal.status if refusal else 200)
    response["Cache-Control"] = "no-store"
    return response


def _is_asked_by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _query(form: NoteForm) -> str:
    """Back at the second that the note is of."""
    at = form.cleaned_data.get("at") if form.is_valid() else None
    return "" if at is None else f"?t={at:g}"
