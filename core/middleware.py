"""Middleware that knows no organisation."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

#: Paths whose third-party pages need more than the site's own policy, and exactly what.
EXCEPTIONS = {
    "/admin/": {
        "script-src": ["'self'", "'unsafe-eval'"],
        "style-src": ["'self'", "'unsafe-inline'"],
    },  # Alpine in the admin's theme
    "/api/docs/": {"style-src": ["'self'", "'unsafe-inline'"]},  # Swagger UI
}


def content_security_exceptions(get_response: Handler) -> Handler:
    """Widen the content security policy on the paths that need it, and nowhere else."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for prefix, directives in EXCEPTIONS.items():
            if request.path.startswith(prefix):
                response._csp_update = directives  # type: ignore[attr-defined]
        return response

    return handle
