"""The page that says what the organization's files take."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from media_library.batches.standing import largest_batches
from media_library.services.allowance_report import allowances_seen_by
from media_library.services.storage_report import storage_report


@require_safe
def storage_page(request: HttpRequest) -> HttpResponse:
    """For those who make content in the organization one works in. A superuser who chose none is led to the choice."""
    organization = request.organization  # type: ignore[attr-defined]
    if organization is None and request.user.is_superuser:
        return redirect("admin:index")
    if organization is None or not request.user.has_perm("media_library.view_media"):
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        "title": _("Storage"),
        "report": storage_report(),
        "batches": largest_batches(),
        "allowances": allowances_seen_by(request.user, organization),
    }
    return render(request, "admin/media_library/storage.html", context)
