"""An owner's pages about who belongs to the organization."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.members import RoleForm
from accounts.models import Membership, Organization, Role
from accounts.permissions import can
from accounts.services.members import change_role, reinstate_member, remove_member, suspend_member
from accounts.views.owners import owners_only, refusals_told

MEMBERS_A_PAGE = 50


@require_safe
@owners_only
def member_list(request: Any, organization: str) -> HttpResponse:
    """Who is in, by name; words and a role narrow it by plain links."""
    words = request.GET.get("q", "").strip()[:100]
    role = request.GET.get("role", "")
    members = Membership.objects.present_in(request.organization)
    found = members.search(words).filter(**({"role": role} if role in Role.values else {}))
    page = Paginator(found.select_related("user").by_name(), MEMBERS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "here": "members", "page": page, "words": words, "role": role, "roles": _role_links(members, words, role),
        "kept": urlencode({"q": words, "role": role}),
    }  # fmt: skip
    return render(request, "accounts/members.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@owners_only
def member(request: Any, organization: str, membership_id: UUID) -> HttpResponse:
    """One member: role, and what else an owner may decide."""
    found = _find(request.organization, membership_id)
    form = RoleForm(request.POST or None, initial={"role": found.role}, label_suffix="")
    if request.method == "POST" and form.is_valid():
        with refusals_told(request):
            change_role(found, role=Role(form.cleaned_data["role"]), by=request.user)
            messages.success(request, _("The role was changed."))
        return _back(request, found)
    return render(request, "accounts/member.html", {"here": "members", "member": found, "form": form})


@require_POST
@owners_only
def suspend(request: Any, organization: str, membership_id: UUID) -> HttpResponse:
    words = _("%(name)s is suspended: nothing opens here for them.")
    return _decide(request, membership_id, suspend_member, words=words)


@require_POST
@owners_only
def reinstate(request: Any, organization: str, membership_id: UUID) -> HttpResponse:
    return _decide(request, membership_id, reinstate_member, words=_("%(name)s is back."))


@require_http_methods(["GET", "HEAD", "POST"])
@owners_only
def remove(request: Any, organization: str, membership_id: UUID) -> HttpResponse:
    """Asks, then removes."""
    found = _find(request.organization, membership_id)
    if request.method != "POST":
        return render(request, "accounts/remove_member.html", {"here": "members", "member": found})
    with refusals_told(request):
        remove_member(found, by=request.user)
        messages.success(request, _("%(name)s was removed.") % {"name": found.user})
        return _away(request)
    return _back(request, found)


def _decide(request: Any, membership_id: UUID, verb: Callable[..., Membership], *, words: str) -> HttpResponse:
    """Do it, and tell it in `words`, where `%(name)s` is whom it was done to; or tell why not."""
    found = _find(request.organization, membership_id)
    with refusals_told(request):
        verb(found, by=request.user)
        messages.success(request, words % {"name": found.user})
    return _back(request, found)


def _find(organization: Organization, membership_id: UUID) -> Membership:
    present = Membership.objects.present_in(organization).select_related("user", "organization")
    return get_object_or_404(present, pk=membership_id)


def _away(request: Any) -> HttpResponse:
    """The list; home for an owner who removed themselves."""
    request.user.roles.clear()
    manages = can(request.user, "members.manage", request.organization)
    return redirect("accounts:members", request.organization.slug) if manages else redirect("home")


def _back(request: Any, membership: Membership) -> HttpResponse:
    """To the member's page, or home for an owner who has just stopped being one."""
    request.user.roles.clear()  # they may have changed their own
    if not can(request.user, "members.manage", request.organization):
        return redirect("home")
    return redirect("accounts:member", request.organization.slug, membership.pk)


def _role_links(members: Any, words: str, role: str) -> list[dict[str, Any]]:
    """Everybody, then each role with how many have it."""
    counts = members.order_by().aggregate(**{one: Count("pk", filter=Q(role=one)) for one in Role.values})
    choices: list[tuple[str, Any, int]] = [("", _("All"), sum(counts.values()))]
    choices += [(value, label, counts[value]) for value, label in Role.choices]
    return [
        {"label": label, "count": count, "query": urlencode({"q": words, "role": value}), "is_on": value == role}
        for value, label, count in choices
    ]
