"""Working on an assignment: one form for the text, the files, and handing both in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.handing_in.form import SubmissionForm
from courses.learn_space.lessons import find_own_item
from courses.models import Assignment, Enrollment, SubmissionFile
from courses.services.submissions import attach_file, remove_file, save_draft, submit
from courses.views.refusals import refusals_told


@require_POST
def work_on(request: Any, organization: str, course: str, item_id: UUID) -> HttpResponse:
    """Whichever button it was: what was written and added is kept first, so that no refusal loses it."""
    item, enrollment = find_own_item(item_id, course=course, user=request.user, organization=request.organization)
    if item.assignment is None:
        raise Http404
    form = SubmissionForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, form.first_error())
    else:
        with refusals_told(request):
            _keep(item.assignment, enrollment, form.cleaned_data)
            _finish(request, item.assignment, enrollment)
    return redirect("courses:lesson", organization=organization, course=course, item_id=item_id)


def _keep(assignment: Assignment, enrollment: Enrollment, sent: dict[str, Any]) -> None:
    save_draft(assignment, enrollment=enrollment, text=sent["text"])
    if sent["remove"]:
        theirs = SubmissionFile.objects.filter(submission__assignment=assignment, submission__enrollment=enrollment)
        for file in theirs.filter(pk=sent["remove"]):
            remove_file(file)
    for given in sent["added"]:
        attach_file(assignment, enrollment=enrollment, file=given)


def _finish(request: Any, assignment: Assignment, enrollment: Enrollment) -> None:
    if "submit" not in request.POST:
        messages.success(request, _("Your draft is saved."))
        return
    handed_in = submit(assignment, enrollment=enrollment)
    late = _("You have handed this in, after the due date.")
    messages.success(request, late if handed_in.is_late else _("You have handed this in."))
