"""What a person sees when a page cannot be shown."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.services.limits import COOL_OFF, TooManyTries, when_again
from core.errors import RETRY_SECONDS, UNAVAILABLE, Refused, error_body

API = "/api/"
EXPIRED = "This form is too old or came from another window. Go back, reload the page and send it again."


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the right token: forged, or opened before the last log-in."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse(error_body("form_expired", EXPIRED), status=403)
    return render(request, "error.html", {"title": "This form has expired", "message": EXPIRED}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return JsonResponse(error_body("not_found", "There is nothing here."), status=404)
    message = "Nothing is here for you. It may have moved, or belong to somebody else."
    return render(request, "error.html", {"title": "Not found", "message": message}, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not for this role; or refused for a reason of its own (`core.errors.Refused`), which is then told."""
    context = {"title": "Not yours to open", "message": "Your role here does not include this page."}
    if isinstance(exception, Refused):
        if request.headers.get("Accept", "").startswith("application/json"):
            body = error_body(exception.code, exception.message, exception.fields)
            return JsonResponse(body, status=exception.status)
        context = {"title": _("This is not open to you now"), "message": exception.message}
    return render(request, "error.html", context, status=403)


def too_many_tries(request: HttpRequest, refusal: TooManyTries) -> HttpResponse:
    """A door that was tried too often says when it opens again."""
    if request.headers.get("Accept", "").startswith("application/json"):
        response: HttpResponse = JsonResponse(error_body(refusal.code, refusal.message), status=refusal.status)
    else:
        context = {"title": _("That was tried too often"), "message": when_again(refusal.seconds)}
        response = render(request, "accounts/too_many_tries.html", context, status=refusal.status)
    response["Retry-After"] = str(refusal.seconds)
    return response


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """allauth's own limits, which are shorter than ours and do not tell how long they last."""
    return too_many_tries(request, TooManyTries(int(COOL_OFF.total_seconds())))


def broken(request: HttpRequest) -> HttpResponse:
    """Renders without context: whatever failed may fail again. A database that is away comes back: 503 says so."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return _unavailable(request)
    if request.path.startswith(API):
        words = "Something went wrong on our side. Nothing you did is lost."
        return JsonResponse(error_body("internal_error", words), status=500)
    return HttpResponse(render_broken(), status=500)


def _unavailable(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        response: HttpResponse = JsonResponse(error_body(*UNAVAILABLE), status=503)
    else:
        response = HttpResponse(render_broken(), status=503)
    response["Retry-After"] = RETRY_SECONDS
    return response


def render_broken() -> str:
    return (
        "<!doctype html><html lang=en><title>Something went wrong</title>"
        "<h1>Something went wrong on our side</h1><p>Nothing you did is lost. Please try again in a moment.</p>"
        "<p><a href=/>To the first page</a></p></html>"
    )
