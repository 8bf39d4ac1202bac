"""The pages in front of every organization."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Membership, Organization
from accounts.services.joining import invitations_for

MOST_OPEN_ONES = 50


@login_not_required
@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    """Straight into the one organization there is to open; otherwise, or when asked to choose, the choice."""
    mine = _memberships(request.user)
    invitations = invitations_for(request.user) if request.user.is_authenticated else []
    open_ones = _open_ones(besides=mine)
    only = _only_page(mine, [] if request.user.is_authenticated else open_ones)
    if only and not invitations and "choose" not in request.GET:
        return redirect(only)
    context = {"mine": _places(mine), "open_ones": open_ones, "invitations": invitations}
    return render(request, "accounts/front_page.html", context)


@require_safe
@never_cache
def organization_menu(request: HttpRequest) -> HttpResponse:
    """The organizations one may switch to, as a part of the account menu that is fetched when it opens."""
    return render(request, "accounts/organization_menu.html", {"mine": _places(_memberships(request.user))})


def _memberships(user: Any) -> list[Membership]:
    return list(Membership.objects.of(user)) if user.is_authenticated else []


def _places(memberships: list[Membership]) -> list[dict[str, Any]]:
    return [
        {"name": one.organization.name, "role": one.get_role_display(), "address": _catalog(one.organization)}
        for one in memberships
    ]


def _open_ones(*, besides: list[Membership]) -> list[Organization]:
    known = [membership.organization_id for membership in besides]
    return list(Organization.objects.filter(is_open=True).exclude(pk__in=known)[:MOST_OPEN_ONES])


def _only_page(mine: list[Membership], open_ones: list[Organization]) -> str:
    """The one page to go on to; empty where there is a choice, or nothing."""
    choice = [membership.organization for membership in mine] or open_ones
    return _catalog(choice[0]) if len(choice) == 1 else ""


def _catalog(organization: Organization) -> str:
    return reverse("courses:catalog", args=[organization.slug])


@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """For load balancers: the process answers. Asks nobody else."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it where a page names no other, such as in the API's documentation."""
    return redirect(static("img/favicon.svg"))
