"""What a person decides about their own account."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms.account import ProfileForm
from accounts.services.profile import rename
from accounts.services.sessions import end_session, end_sessions, open_sessions


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """The name others see."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        rename(request.user, name=form.cleaned_data["name"])
        messages.success(request, _("Your profile was saved."))
        return redirect("profile")
    return render(request, "accounts/profile.html", {"form": form})


@require_http_methods(["GET", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is logged in; each of them, or all the others, can be ended. Takes the place of allauth's page."""
    key = request.session.session_key or ""
    if request.method == "POST":
        _end(request, request.POST.get("session", ""), this=key)
        messages.success(request, _("Done. It takes effect with the next click there."))
        return redirect("sessions")
    return render(request, "usersessions/usersession_list.html", {"sessions": open_sessions(request.user, this=key)})


def _end(request: HttpRequest, chosen: str, *, this: str) -> None:
    if chosen == "others":
        end_sessions(request.user, keep=this)
    elif not end_session(request.user, chosen):
        raise Http404
