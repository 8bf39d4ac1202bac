"""What a person sees when a page cannot be shown."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from core.api import error_body

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
    return render(
        request,
        "error.html",
        {"title": "Not yours to open", "message": "Your role here does not include this page."},
        status=403,
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Renders without context: whatever failed may fail again."""
    if request.path.startswith(API):
        words = "Something went wrong on our side. Nothing you did is lost."
        return JsonResponse(error_body("internal_error", words), status=500)
    return HttpResponse(render_broken(), status=500)


def render_broken() -> str:
    return (
        "<!doctype html><html lang=en><title>Something went wrong</title>"
        "<h1>Something went wrong on our side</h1><p>Nothing you did is lost. Please try again in a moment.</p>"
        "<p><a href=/>To the first page</a></p></html>"
    )
