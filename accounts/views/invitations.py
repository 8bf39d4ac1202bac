"""An owner's pages about who was asked to come."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.members import InviteForm
from accounts.models import Invitation
from accounts.services import invitations as verbs
from accounts.services.inviting import Answer, Outcome, invite
from accounts.views.owners import owners_only, refusals_told
from core.errors import Refused

INVITATIONS_A_PAGE = 50
ANSWERS = "invitation_answers"  # of the last list that was sent, kept in the session until they are shown
SENT = (Outcome.INVITED, Outcome.RENEWED)


@require_http_methods(["GET", "HEAD", "POST"])
@owners_only
def invitation_list(request: Any, organization: str) -> HttpResponse:
    """Those without an answer, a form for more, and what became of each line that was just sent."""
    form = InviteForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid() and _invite(request, form):
        return redirect("accounts:invitations", organization)
    waiting = Invitation.objects.unanswered().filter(organization=request.organization).select_related("invited_by")
    page = Paginator(waiting.order_by("-sent_at", "pk"), INVITATIONS_A_PAGE).get_page(request.GET.get("page"))
    context = {"here": "members", "page": page, "form": form, "answers": _answers(request)}
    return render(request, "accounts/invitations.html", context)


@require_POST
@owners_only
def resend(request: Any, organization: str, invitation_id: UUID) -> HttpResponse:
    with refusals_told(request):
        sent = verbs.resend(_find(request, invitation_id), by=request.user)
        messages.success(request, _("A new link is on its way to %(email)s.") % {"email": sent.email})
    return redirect("accounts:invitations", organization)


@require_POST
@owners_only
def revoke(request: Any, organization: str, invitation_id: UUID) -> HttpResponse:
    with refusals_told(request):
        found = _find(request, invitation_id)
        verbs.revoke(found, by=request.user)
        messages.success(request, _("The invitation of %(email)s was revoked.") % {"email": found.email})
    return redirect("accounts:invitations", organization)


def _find(request: Any, invitation_id: UUID) -> Invitation:
    return get_object_or_404(Invitation, pk=invitation_id, organization=request.organization)


def _invite(request: Any, form: InviteForm) -> bool:
    """Answers whether the list was taken; if not, the form says why and keeps what was typed."""
    try:
        answers = invite(
            request.organization, form.cleaned_data["emails"], role=form.cleaned_data["role"], by=request.user
        )
    except Refused as refusal:
        form.add_error("emails" if refusal.fields else None, refusal.message)
        return False
    request.session[ANSWERS] = {
        "organization": str(request.organization.pk),
        "rows": [[answer.line, answer.outcome.value] for answer in answers],
    }
    _tell(request, answers)
    return True


def _tell(request: Any, answers: list[Answer]) -> None:
    if count := sum(answer.outcome in SENT for answer in answers):
        words = ngettext("%(count)d invitation is on its way.", "%(count)d invitations are on their way.", count)
        messages.success(request, words % {"count": count})


def _answers(request: Any) -> list[dict[str, Any]]:
    """Shown once, and only where they were asked for."""
    kept = request.session.pop(ANSWERS, None)
    if kept is None or kept["organization"] != str(request.organization.pk):
        return []
    return [{"line": line, "words": Outcome(value).label, "is_sent": value in SENT} for line, value in kept["rows"]]
