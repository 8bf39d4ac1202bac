"""How an organization looks, for everybody who may know of it: its middleware answers 404 to all others."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts.accent import accent_css
from accounts.models import Organization

#: Both addresses change with what they answer. Not for shared caches: a closed organization's are its members'.
CACHED = "private, max-age=31536000, immutable"


@login_not_required
@require_safe
def accent(request: Any, organization: str) -> HttpResponse:
    """The accent tokens of the learner pages."""
    return send_accent(request.organization, version=request.GET.get("v", ""))


def send_accent(organization: Organization, *, version: str) -> HttpResponse:
    """To whoever may see how this organization looks. Raises Http404."""
    color = organization.accent_color
    if not color:
        raise Http404
    response = HttpResponse(accent_css(color), content_type="text/css; charset=utf-8")
    is_current = version == color.removeprefix("#")
    response["Cache-Control"] = CACHED if is_current else "private, max-age=60"
    return response


@login_not_required
@require_safe
def logo(request: Any, organization: str, name: str) -> FileResponse:
    """The logo of today; the name is compared, never used as a path."""
    return send_logo(request.organization, name)


def send_logo(organization: Organization, name: str) -> FileResponse:
    """To whoever may see how this organization looks. Raises Http404."""
    path = organization.logo_path
    if not path or name != organization.logo_name or not default_storage.exists(path):
        raise Http404
    response = FileResponse(default_storage.open(path), content_type="image/png")
    response["Cache-Control"] = CACHED
    return response
