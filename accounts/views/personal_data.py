"""A person's own data: having it all, and having it erased."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.erasure import ErasureForm
from accounts.services.erasure import erase_account, organizations_without_other_owner
from accounts.services.exports import latest_export, open_export, request_export, state_of
from core.errors import Refused
from core.holdings import all_holdings

FILE_NAME = "lectern-data.zip"


@require_http_methods(["GET", "POST"])
def my_data(request: HttpRequest) -> HttpResponse:
    """What there is, a button that asks for all of it, and how far that is."""
    if request.method == "POST":
        return _ask(request)
    export = latest_export(request.user)
    context = {"export": export, "state": state_of(export) if export else None, "places": all_holdings()}
    return render(request, "accounts/my_data.html", context)


@require_safe
def download_by_link(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The link of the mail: opens for the person it was sent to, logged in."""
    return _send_file(request, secret=secret)


@reauthentication_required
@require_safe
def download(request: HttpRequest) -> HttpResponseBase:
    """Without the link of the mail, for whoever has just proved who they are: an open browser is not enough."""
    return _send_file(request)


@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """What goes and what stays, and the last question."""
    form = ErasureForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid() and _is_erased(request, form):
        logout(request)
        messages.success(request, _("Your account was erased. Good-bye."))
        return redirect("home")
    context = {"form": form, "places": all_holdings(), "alone_in": organizations_without_other_owner(request.user)}
    return render(request, "accounts/erase.html", context)


@reauthentication_required
def _ask(request: HttpRequest) -> HttpResponse:
    """For whoever has just proved who they are, as with the file itself."""
    try:
        request_export(request.user)
        messages.success(request, _("We are putting your data together. A link comes by mail."))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("my_data")


def _send_file(request: HttpRequest, *, secret: str | None = None) -> HttpResponseBase:
    try:
        file = open_export(request.user, secret=secret)
    except Refused as refusal:
        context = {"title": _("No file here"), "message": refusal.message}
        return render(request, "error.html", context, status=refusal.status)
    response = FileResponse(file, as_attachment=True, filename=FILE_NAME, content_type="application/zip")
    response["Cache-Control"] = "no-store"
    return response


def _is_erased(request: HttpRequest, form: ErasureForm) -> bool:
    """Answers False where that was refused; the form then says why."""
    try:
        erase_account(request.user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    return True
