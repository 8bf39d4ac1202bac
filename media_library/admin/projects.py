"""Projects in the back office: their batches, how each one goes, and what happened."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import display

from core.admin import OrganizationAdmin, OrganizationInline, panel
from core.admin.placed import PlacedRowsAdmin
from core.errors import Refused
from media_library.admin.batch_form import NewBatchForm
from media_library.admin.batch_rows import BatchForm, BatchFormSet
from media_library.admin.project_ending import EndedProjects
from media_library.batches.batches import delete_batch
from media_library.batches.history import History
from media_library.batches.projects import WRITTEN, save_project
from media_library.batches.standing import standings
from media_library.batches.unused import ends_at
from media_library.models import Project, UploadBatch

PAGE = "history"  # in the query: which page of what happened
ON_A_PAGE = 20


class BatchInline(OrganizationInline):
    """Renamed, dated and put in order here; given up on a page that asks once more."""

    model = UploadBatch
    form = BatchForm
    formset = BatchFormSet
    fields = ["position", "name", "date"]
    ordering_field = "position"
    verbose_name = gettext_lazy("batch")
    verbose_name_plural = gettext_lazy("batches")
    can_delete = False
    hide_title = True  # it stands in its field


@admin.register(Project)
class ProjectAdmin(EndedProjects, PlacedRowsAdmin, OrganizationAdmin):
    inlines = [BatchInline]
    fields = ["title", "description"]
    list_display = ["title", "batch_count", "created_by", "created_at"]
    list_select_related = ["created_by"]
    search_fields = ["title", "description", "batches__name"]
    ordering = ["title", "pk"]
    change_form_template = "admin/media_library/project/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(batch_total=Count("batches"))

    def get_urls(self) -> list[URLPattern]:
        make, end = (self.admin_site.admin_view(view) for view in (require_POST(self.make_view), self.end_view))
        return [
            path("batches/new/", make, name="media_library_project_batch"),
            path("batches/<uuid:batch_id>/end/", end, name="media_library_project_batch_end"),
            *super().get_urls(),
        ]

    @display(description=gettext_lazy("Batches"), ordering="batch_total")
    def batch_count(self, project: Any) -> int:
        return int(project.batch_total)

    def save_model(self, request: HttpRequest, obj: Project, form: Any, change: bool) -> None:
        save_project(obj, by=request.user, written=set(form.changed_data) & set(WRITTEN))

    def make_view(self, request: HttpRequest) -> HttpResponse:
        """A batch is made from the upload page, and chosen there."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form, chosen = NewBatchForm(request.POST), ""
        try:
            chosen = f"?batch={form.make(by=request.user).pk}"
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect(f"{form.way_back}{chosen}")

    def end_view(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """Asked once more, with what goes."""
        batch = get_object_or_404(UploadBatch.objects.select_related("project"), pk=batch_id)
        if not self.has_change_permission(request, batch.project):
            raise PermissionDenied
        if request.method != "POST":
            return render(request, "admin/media_library/project/end_batch.html", self._question(request, batch))
        try:
            delete_batch(batch, with_frames=True, by=request.user)
            messages.success(request, _("“%(batch)s” is gone; its media stay in the library.") % {"batch": batch})
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect("admin:media_library_project_change", batch.project_id)

    def _question(self, request: HttpRequest, batch: UploadBatch) -> dict[str, Any]:
        context = {"title": _("Delete batch"), "opts": self.opts, "batch": batch}
        return {**self.admin_site.each_context(request), **context, "standing": standings([batch])[batch.pk]}


@panel("media_library.Project")
def standing_panel(request: HttpRequest, project: Project) -> SafeString:
    """Each batch with how far it is and what it takes, in order."""
    batches = list(UploadBatch.objects.filter(project=project).order_by("position", "pk"))
    found = standings(batches)
    rule = {"days": settings.UNUSED_BATCH_DAYS, "notice_days": settings.UNUSED_BATCH_NOTICE_DAYS}
    context = {"rows": [(batch, found[batch.pk], ends_at(batch)) for batch in batches], **rule}
    return render_to_string("admin/media_library/project/standing.html", context, request)


@panel("media_library.Project")
def history_panel(request: HttpRequest, project: Project) -> SafeString:
    """Who brought in what, which frames were asked for, and what failed; the latest first."""
    told: Any = History(project)
    page = Paginator(told, ON_A_PAGE).get_page(request.GET.get(PAGE))
    return render_to_string("admin/media_library/project/history.html", {"page": page, "name": PAGE}, request)
