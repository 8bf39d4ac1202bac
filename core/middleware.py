"""Middleware that knows no organization."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.content_policy import widen_policy
from core.errors import error_body

Handler = Callable[[HttpRequest], HttpResponse]

#: Paths whose third-party pages need more than the site's own policy, and exactly what.
EXCEPTIONS = {
    "/admin/": {
        "script-src": ["'unsafe-eval'"],
        "style-src": ["'unsafe-inline'"],
    },  # Alpine in the admin's theme
    "/api/docs/": {"style-src": ["'unsafe-inline'"]},  # Swagger UI
}


def content_security_exceptions(get_response: Handler) -> Handler:
    """Widen the content security policy on the paths that need it, and nowhere else."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for prefix, directives in EXCEPTIONS.items():
            if request.path.startswith(prefix):
                widen_policy(response, directives)
        return response

    return handle


def refuse_nul(get_response: Handler) -> Handler:
    """Answer 400 to an address with a NUL character: no text in the database can hold one, so it names nothing."""

    def handle(request: HttpRequest) -> HttpResponse:
        return _bad_address(request) if _has_nul(request) else get_response(request)

    return handle


def _has_nul(request: HttpRequest) -> bool:
    """Looks at what views will read: a request may name any encoding for its query, and in UTF-7 `+AAA-` is NUL."""
    words = (text for name, values in request.GET.lists() for text in (name, *values))
    return any("\x00" in text for text in (request.path, *words))


def _bad_address(request: HttpRequest) -> HttpResponse:
    message = _("This address holds a character that no address here can have.")
    if request.path.startswith("/api/"):
        return JsonResponse(error_body("invalid_address", message), status=400)
    return render(request, "error.html", {"title": _("Not an address"), "message": message}, status=400)
