"""What somebody sees who was asked to become a member."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import guards
from accounts.invited import forget_invitation, keep_invitation, kept_invitation
from accounts.models import Invitation, Membership
from accounts.origin import address_of
from accounts.services.invitations import pending_by_secret
from accounts.services.joining import accept_invitation, invitations_for, is_addressed_to
from core.errors import Refused


@login_not_required
@require_safe
@never_cache
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of the mail: remembers who came with it and leads on to an address that holds no secret.

    Changes nothing, so that a mail program may look at it. Wrong links are counted; a right one always opens.
    """
    invitation = pending_by_secret(secret)
    if invitation is None:
        guards.charge(request, "invitation", account=address_of(request))
        return _invalid(request)
    keep_invitation(request, invitation)
    response = redirect("answer_invitation")
    response["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer_invitation(request: HttpRequest) -> HttpResponse:
    """Says who asks and as what, and takes the answer."""
    invitation = kept_invitation(request)
    if invitation is None:
        return _invalid(request)
    if request.method == "POST":
        return _join(request, invitation)
    return render(request, "accounts/invitation.html", _context(request.user, invitation))


@require_POST
def join_by_address(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Accept an invitation of one's proven address without its mail."""
    found = [one for one in invitations_for(request.user) if one.pk == invitation_id]
    if not found:
        raise Http404
    return _join(request, found[0])


def _context(user: Any, invitation: Invitation) -> dict[str, Any]:
    return {
        "invitation": invitation,
        "is_mine": user.is_authenticated and is_addressed_to(invitation, user),
        "masked": _masked(invitation.email),
        "next": reverse("answer_invitation"),
    }


def _masked(email: str) -> str:
    """Enough to know one's own address by, too little to learn somebody else's."""
    return f"{email[0]}…@{email.rpartition('@')[2]}"


def _join(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("answer_invitation"))
    try:
        membership = accept_invitation(invitation.digest, by=request.user)
    except Refused as refusal:
        return _refused(request, refusal)
    forget_invitation(request)
    return _welcome(request, membership)


def _welcome(request: HttpRequest, membership: Membership) -> HttpResponse:
    messages.success(request, _("Welcome to %(name)s.") % {"name": membership.organization})
    return redirect("courses:catalog", membership.organization.slug)


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    if refusal.status == 404:
        return _invalid(request)
    messages.error(request, refusal.message)
    return redirect("home")


def _invalid(request: HttpRequest) -> HttpResponse:
    """One page for links that were used, ran out, were revoked, or never were: it says nothing about any of them."""
    response = render(request, "accounts/invitation_invalid.html", status=404)
    response["Referrer-Policy"] = "same-origin"  # without any, browsers' log-out form would be taken for a foreign one
    return response
