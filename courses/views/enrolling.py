"""Getting into a course with a code, and leaving one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts import guards
from core.errors import Refused
from courses.access import find_course
from courses.models import Enrollment
from courses.services.codes import redeem_code
from courses.services.enrolling import leave_course

DOOR = "enrollment_code"


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Your code"),
        max_length=40,
        help_text=gettext_lazy("Capitals or not, it is the same."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def redeem(request: Any, organization: str) -> HttpResponse:
    """“I have a code”: a link may bring it along, but only pressing the button uses it."""
    if request.method != "POST":
        form = CodeForm(initial={"code": request.GET.get("code", "")[:40].replace("\0", "")}, label_suffix="")
        return _page(request, form)
    form = CodeForm(request.POST, label_suffix="")
    enrollment = _redeem(request, form) if form.is_valid() else None
    if enrollment is None:
        return _page(request, form)
    messages.success(request, _("You are in: %(course)s.") % {"course": enrollment.course})
    return redirect("courses:course", organization, enrollment.course.slug)


def _page(request: Any, form: CodeForm) -> HttpResponse:
    return render(request, "courses/redeem.html", {"form": form, "here": "courses"})


def _redeem(request: Any, form: CodeForm) -> Enrollment | None:
    """None where it was refused; the form says why. A refusal counts as a wrong try."""
    try:
        guards.charge(request, DOOR, account=request.user.email)
        enrollment = redeem_code(form.cleaned_data["code"], user=request.user, organization=request.organization)
    except Refused as refusal:
        form.add_error("code", refusal.message)
        return None
    guards.give_back(request, DOOR, account=request.user.email)
    return enrollment


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: Any, organization: str, course: str) -> HttpResponse:
    """Asks first, and says what is kept."""
    found = find_course(course, user=request.user, organization=request.organization)
    if not found.enrollment_id:
        return redirect("courses:course", organization, course)
    if request.method != "POST":
        return render(request, "courses/leave.html", {"course": found})
    leave_course(found, user=request.user)
    messages.success(request, _("You have left %(course)s. What you did in it is kept.") % {"course": found})
    return redirect("courses:catalog", organization)
