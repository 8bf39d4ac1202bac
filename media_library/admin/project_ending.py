"""Projects are given up in the back office: asked once more, with what goes and what stays."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.errors import Refused
from media_library.batches.projects import delete_project
from media_library.models import Frame, Media, Project, UploadBatch

LIST = "admin:media_library_project_changelist"


class EndedProjects:
    """Stands before the other base. What somebody brought in after the question is not given up with it."""

    actions = ["delete_selected"]

    def delete_view(self: Any, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        project = self.get_object(request, object_id)
        if project is None:
            raise Http404
        if not self.has_delete_permission(request, project):
            raise PermissionDenied
        if request.method != "POST":
            return self.ask_before_ending(request, [project])
        if self.end_projects(request, [project]):
            return redirect(LIST)
        return redirect("admin:media_library_project_change", project.pk)

    @admin.action(permissions=["delete"], description=gettext_lazy("Delete selected %(verbose_name_plural)s"))
    def delete_selected(self: Any, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Asked once more; each on its own: what is refused is told and stays, the rest goes and is noted."""
        if not request.POST.get("post"):
            answer: HttpResponse = self.ask_before_ending(request, list(queryset))
            return answer
        self.end_projects(request, queryset)
        return None

    def ask_before_ending(self: Any, request: HttpRequest, projects: list[Project]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": ngettext("Delete project", "Delete projects", len(projects)),
            "opts": self.opts,
            "going": _contents(projects),
            "is_chosen": request.method == "POST",
        }
        return render(request, "admin/media_library/project/end_projects.html", context)

    def end_projects(self: Any, request: HttpRequest, projects: Iterable[Project]) -> list[str]:
        """The names of those that are gone, which is told too."""
        gone = [str(project) for project in projects if self._ended(request, project)]
        if gone:
            said = ngettext(
                "%(count)d project is gone: %(names)s.", "%(count)d projects are gone: %(names)s.", len(gone)
            )
            messages.success(request, said % {"count": len(gone), "names": ", ".join(gone)})
        return gone

    def _ended(self: Any, request: HttpRequest, project: Project) -> bool:
        with_frames = str(project.pk) in request.POST.getlist("with_frames")
        try:
            with transaction.atomic():
                self.log_deletions(request, [project])
                delete_project(project, with_frames=with_frames, by=request.user)
        except Refused as refusal:
            messages.error(request, _("“%(project)s” stays: %(why)s") % {"project": project, "why": refusal.message})
            return False
        return True


def _contents(projects: list[Project]) -> list[dict[str, Any]]:
    """Each project with how much lies in its batches. Three statements, however many there are."""
    keys = [project.pk for project in projects]
    counted = {
        "batches": _counts(UploadBatch.objects.all(), "project", keys),
        "frames": _counts(Frame.objects.all(), "batch__project", keys),
        "media": _counts(Media.objects.all(), "batch__project", keys),
    }
    return [
        {"project": project, **{name: found.get(project.pk, 0) for name, found in counted.items()}}
        for project in projects
    ]


def _counts(rows: QuerySet[Any], project: str, keys: list[Any]) -> dict[Any, int]:
    found = rows.filter(**{f"{project}__in": keys}).order_by().values(project).annotate(count=Count("pk"))
    return dict(found.values_list(project, "count"))
