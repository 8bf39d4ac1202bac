"""Putting chosen media into a batch: asked on a page of its own which one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.contrib.filters.admin import DropdownFilter

from core.errors import Refused
from media_library.admin.batch_form import batches_by_project
from media_library.batches.batches import put_in_batch
from media_library.models import Project, UploadBatch

NO_BATCH = "none"


class BatchFilter(DropdownFilter):
    title = gettext_lazy("batch")
    parameter_name = "batch"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(key, f"{project} / {name}") for project, batches in batches_by_project() for key, name in batches]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        key = key_or_none(self.value())
        return queryset.filter(batch=key) if key else queryset


class ProjectFilter(DropdownFilter):
    title = gettext_lazy("project")
    parameter_name = "project"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(key), title) for key, title in Project.objects.values_list("pk", "title")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        key = key_or_none(self.value())
        return queryset.filter(batch__project=key) if key else queryset


def key_or_none(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def put_selected(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
    """The action of the list: first the question, then, with an answer, the deed."""
    if "batch" not in request.POST:
        return _question(model_admin, request, queryset)
    try:
        batch = _chosen(request.POST["batch"])
        moved = put_in_batch(list(queryset.values_list("pk", flat=True)), batch, by=request.user)
    except Refused as refusal:
        model_admin.message_user(request, refusal.message, messages.ERROR)
        return None
    words = ngettext("%(count)d media moved.", "%(count)d media moved.", moved) % {"count": moved}
    model_admin.message_user(request, words, messages.SUCCESS)
    return None


def _chosen(text: str) -> UploadBatch | None:
    """Raises Refused: unknown_batch."""
    if text == NO_BATCH:
        return None
    key = key_or_none(text)
    found: UploadBatch | None = UploadBatch.objects.filter(pk=key).first() if key else None
    if found is None:
        raise Refused("unknown_batch", _("There is no such batch here."))
    return found


def _question(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Put into batch"),
        "opts": model_admin.opts,
        "chosen": [str(key) for key in queryset.values_list("pk", flat=True)],
        "checkbox": ACTION_CHECKBOX_NAME,
        "sent": {name: request.POST.get(name, "") for name in ("action", "opened_in")},
        "projects": batches_by_project(),
        "none": NO_BATCH,
    }
    return render(request, "admin/media_library/media/put_in_batch.html", context)
