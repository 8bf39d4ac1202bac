"""Letting many in from the back office: paste or choose a list, see what would happen, then do it."""

from collections import Counter
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.csv_lines import csv_response
from core.errors import Refused
from core.forms import OpenedHereForm
from courses.enrolling.answers import Answer, AnswerState
from courses.enrolling.rows import MOST_BYTES, MOST_ROWS, Row, read_rows
from courses.models import Course
from courses.services.enrollment_lists import enroll_list
from media_library.importing.texts import text_of

ANSWERS_SHOWN = 500
ANSWER_COLUMNS = ("line", "email", "course", "state", "code", "message")


class UploadForm(OpenedHereForm):
    """`rows` holds what was read. What was tried comes back as text, because a browser keeps no chosen file."""

    course = forms.ModelChoiceField(
        label=_("Course"),
        queryset=Course.objects.none(),
        required=False,
        help_text=_("For rows that name none."),
    )
    text = forms.CharField(
        label=_("Addresses, or a table"), required=False, max_length=MOST_BYTES, widget=forms.Textarea
    )
    file = forms.FileField(label=_("Or a file"), required=False, allow_empty_file=True)
    invites = forms.BooleanField(label=_("Invite: tell members by mail. At most 50 rows."), required=False)
    as_file = forms.BooleanField(label=_("Answer with a CSV file."), required=False)
    rows: list[Row]
    content: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = Course.objects.published().order_by("title")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        chosen, text = told.get("file"), told.get("text", "")
        content = chosen.read(MOST_BYTES + 1) if chosen else text.encode()
        try:
            self.rows = read_rows(content)
        except Refused as refusal:
            self.add_error("file" if chosen else "text", ValidationError(refusal.message, code=refusal.code))
        self.content = text if not chosen else text_of(content)
        return told


def upload_urls(model_admin: Any) -> list[URLPattern]:
    """For `get_urls` of the admin of enrollments."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest) -> HttpResponseBase:
        if not model_admin.has_add_permission(request):
            raise PermissionDenied
        return upload_page(request, model_admin)

    return [path("list/", model_admin.admin_site.admin_view(view), name="courses_enrollment_upload")]


def upload_page(request: HttpRequest, model_admin: Any) -> HttpResponseBase:
    """“Try first” answers every row and changes nothing; “Enroll these” does the same and keeps it.

    The page shows every row that was refused, and of the others so many; a file has all of them.
    """
    form = UploadForm(request.POST or None, request.FILES or None)
    answers, is_dry = None, "enroll" not in request.POST
    if request.method == "POST" and form.is_valid():
        try:
            answers = _answer(form, request.user, is_dry=is_dry)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    if answers and form.cleaned_data["as_file"]:
        lines = ([one.as_dict()[name] for name in ANSWER_COLUMNS] for one in answers)
        return csv_response("answers.csv", ANSWER_COLUMNS, lines)
    shown = _refused_first(answers or [])
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": gettext("Let many in"),
        "form": form,
        "text": form.content if answers else form["text"].value() or "",
        "most_rows": MOST_ROWS,
        "answers": shown,
        "more": len(answers or ()) - len(shown),
        "counts": _counts(answers or []),
        "is_dry": is_dry,
    }
    return render(request, "admin/courses/enrollment/upload.html", context)


def _answer(form: UploadForm, user: Any, *, is_dry: bool) -> list[Answer]:
    told = form.cleaned_data
    return enroll_list(form.rows, by=user, course=told["course"], invites=told["invites"], dry_run=is_dry)


def _refused_first(answers: list[Answer]) -> list[Answer]:
    refused = [one for one in answers if one.state is AnswerState.REFUSED]
    others = [one for one in answers if one.state is not AnswerState.REFUSED]
    return [*refused, *others[: max(0, ANSWERS_SHOWN - len(refused))]]


def _counts(answers: list[Answer]) -> list[tuple[str, str, int]]:
    """State, its words and how many, of those there are."""
    counted = Counter(answer.state for answer in answers)
    return [(state.value, str(state.label), counted[state]) for state in AnswerState if counted[state]]
