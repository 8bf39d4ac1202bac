"""The pages in front of every organisation."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from accounts.models import Membership, Organization


@login_not_required
@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    """Straight into the one organisation there is to open; otherwise the choice."""
    mine = (
        [membership.organization for membership in Membership.objects.of(request.user)]
        if request.user.is_authenticated
        else []
    )
    open_ones = list(Organization.objects.filter(is_open=True).exclude(pk__in=[one.pk for one in mine])[:50])
    choice = mine or open_ones
    if len(choice) == 1:
        return redirect("courses:catalog", organization=choice[0].slug)
    return render(request, "accounts/front_page.html", {"mine": mine, "open_ones": open_ones})


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
