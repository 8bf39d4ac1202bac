"""The upload page. What it does, scripts do against the API (static/js/upload.js); this draws it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from media_library.admin.batch_form import batches_by_project
from media_library.models import Media, Project
from media_library.models.site import Format
from media_library.services.allowance import allowance_of
from media_library.services.site import site_configuration
from media_library.wording import words_for_size

SHOWN = ("GET", "HEAD")
ANY_MEDIA = "00000000-0000-0000-0000-000000000000"  # the script puts a real key in its place
#: What a file picker offers: beside what the system knows as video or audio, what some systems do not.
PICKED = ("video/*", "audio/*", ".mkv", ".mov", ".avi", ".flac", ".ogg", ".m4a", ".vtt", ".srt")


def upload_page(
    model_admin: Any, request: HttpRequest, *, replaces: Media | None = None, **facts: Any
) -> HttpResponse:  # fmt: skip
    """Where files are dropped, and how much may come; one that `replaces` the file of media, or new ones."""
    if request.method not in SHOWN:
        return HttpResponseNotAllowed(SHOWN)
    organization = request.organization  # type: ignore[attr-defined]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Upload") if replaces is None else _("Replace the file"),
        "replaces": replaces,
        "opts": model_admin.opts,
        "uploads_url": reverse("uploads", args=[organization.slug]),
        "media_url": reverse("admin:media_library_media_change", args=[ANY_MEDIA]),
        "accept": ",".join(PICKED),
        **_allowance(request, organization),
        **({} if replaces else _batches(request)),
        **facts,
    }
    return render(request, "admin/media_library/media/upload.html", context)


def _batches(request: HttpRequest) -> dict[str, Any]:
    """What the files can be brought in with, and the projects for a new batch."""
    return {
        "projects": batches_by_project(),
        "chosen_batch": request.GET.get("batch", ""),
        "all_projects": list(Project.objects.values_list("pk", "title")),
    }


def _allowance(request: HttpRequest, organization: Any) -> dict[str, Any]:
    allowance = allowance_of(request.user, organization=organization)
    return {
        "allowance": allowance,
        "used_words": words_for_size(allowance.used),
        "allowed_words": words_for_size(allowance.allowed),
        "largest_words": words_for_size(allowance.largest_file),
        "formats": ", ".join(Format(name).label for name in site_configuration().formats),
    }
