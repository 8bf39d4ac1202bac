"""“Course from media”: choose, watch it being made, compare, accept."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from unfold.decorators import display

from core.admin import OrganizationAdmin, list_action
from core.errors import Refused
from knowledge.admin.course_draft_picker import picking
from knowledge.course_drafts.accepting import accept_course_draft, comparison, dismiss_course_draft
from knowledge.course_drafts.comparing import ChangeKind
from knowledge.course_drafts.form import CourseDraftForm
from knowledge.course_drafts.starting import retry_course_draft, start_course_draft
from knowledge.course_drafts.status import standing_of
from knowledge.models import CourseDraft, CourseDraftState
from knowledge.models.course_draft import MOST_MEDIA
from knowledge.services.writing import drafting_writer

TEMPLATES = "admin/knowledge/course_drafts"
Door = Callable[..., HttpResponse]
COLORS = {
    CourseDraftState.GENERATING: "info",
    CourseDraftState.PROPOSED: "warning",
    CourseDraftState.READY: "success",
    CourseDraftState.FAILED: "danger",
}


@admin.register(CourseDraft)
class CourseDraftAdmin(OrganizationAdmin):
    list_display = ("name", "stands", "step", "by", "created_at")
    list_display_links = ("name",)
    list_filter = ("state",)
    list_select_related = ("course", "by")
    search_fields = ("title", "course__title")
    fields = ("title",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a proposal is dismissed; of what was made the course is what one deletes

    def get_urls(self) -> list[URLPattern]:
        doors: dict[str, Door] = {
            "status": require_safe(status_fragment),
            "accept": require_POST(accept),
            "dismiss": require_POST(dismiss),
            "retry": require_POST(retry),
        }
        pages = [
            path(f"<uuid:course_draft_id>/{name}/", self._guarded(door), name=f"knowledge_coursedraft_{name}")
            for name, door in doors.items()
        ]
        return [*pages, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return require_http_methods(["GET", "HEAD", "POST"])(new_page)(request, self)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        draft = self.get_object(request, object_id)
        if draft is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_change_permission(request, draft):
            raise PermissionDenied
        return require_safe(draft_page)(request, self, draft)

    def _guarded(self, door: Door) -> Any:
        def view(request: HttpRequest, course_draft_id: UUID) -> HttpResponse:
            if not self.has_change_permission(request):
                raise PermissionDenied
            rows = CourseDraft.objects.select_related("course", "by")
            return door(request, get_object_or_404(rows, pk=course_draft_id))

        return self.admin_site.admin_view(view)

    @display(description=gettext_lazy("Course"))
    def name(self, draft: CourseDraft) -> str:
        return str(draft.course)

    @display(description=gettext_lazy("State"), ordering="state", label=COLORS)
    def stands(self, draft: CourseDraft) -> tuple[str, str]:
        return draft.state, draft.get_state_display()


@list_action("media_library.Media")
@admin.action(description=gettext_lazy("Make a course of them"), permissions=["change"])
def make_course(page: Any, request: HttpRequest, media: QuerySet) -> HttpResponse | None:
    """Leads to the page on which one says how; the oldest first."""
    keys = list(media.order_by("pk").values_list("pk", flat=True)[: MOST_MEDIA + 1])
    if len(keys) > MOST_MEDIA:
        page.message_user(request, _("At most %d videos make one draft.") % MOST_MEDIA, messages.ERROR)
        return None
    query = QueryDict(mutable=True)
    query.setlist("videos", [str(key) for key in keys])
    return redirect(f"{reverse('admin:knowledge_coursedraft_add')}?{query.urlencode()}")


def new_page(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """The form. “Find” looks in the library and begins nothing; what is ticked stays chosen."""
    begins = request.method == "POST" and "draft" in request.POST
    told = request.POST if request.method == "POST" else request.GET
    form = CourseDraftForm(told if begins else None, initial=told.dict())
    if begins and form.is_valid():
        try:
            draft = start_course_draft(form.chosen, by=request.user, **form.wishes)
            return redirect("admin:knowledge_coursedraft_change", draft.pk)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    context = {
        "title": _("Course from media"),
        "form": form,
        "most": MOST_MEDIA,
        "has_model": drafting_writer() is not None,
        **picking(request, told),
    }
    return render(request, f"{TEMPLATES}/new.html", _frame(model_admin, request) | context)


def draft_page(request: HttpRequest, model_admin: Any, draft: CourseDraft) -> HttpResponse:
    changes = comparison(draft) if draft.state == CourseDraftState.PROPOSED else []
    context = {
        **standing_of(draft),
        "title": _("Draft: %(course)s") % {"course": draft.course},
        "changes": [change for change in changes if change.kind != ChangeKind.KEPT],
        "kept": [change for change in changes if change.kind == ChangeKind.KEPT],
    }
    return render(request, f"{TEMPLATES}/draft.html", _frame(model_admin, request) | context)


def status_fragment(request: HttpRequest, draft: CourseDraft) -> HttpResponse:
    return render(request, f"{TEMPLATES}/status.html", standing_of(draft))


def accept(request: HttpRequest, draft: CourseDraft) -> HttpResponse:
    """What is ticked, of what is proposed."""

    def accept_chosen() -> HttpResponse:
        accept_course_draft(draft, by=request.user, changes=request.POST.getlist("changes"))
        messages.success(request, _("The course has changed. What learners have done is kept."))
        return _page_of(draft)

    return _told(request, draft, accept_chosen)


def dismiss(request: HttpRequest, draft: CourseDraft) -> HttpResponse:
    def dismiss_it() -> HttpResponse:
        dismiss_course_draft(draft, by=request.user)
        messages.success(request, _("Dismissed. The course stays as it is."))
        return redirect("admin:knowledge_coursedraft_changelist")

    return _told(request, draft, dismiss_it)


def retry(request: HttpRequest, draft: CourseDraft) -> HttpResponse:
    def try_again() -> HttpResponse:
        retry_course_draft(draft, by=request.user, plain="plain" in request.POST)
        return _page_of(draft)

    return _told(request, draft, try_again)


def _told(request: HttpRequest, draft: CourseDraft, verb: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return verb()
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _page_of(draft)


def _page_of(draft: CourseDraft) -> HttpResponse:
    return redirect("admin:knowledge_coursedraft_change", draft.pk)


def _frame(model_admin: Any, request: HttpRequest) -> dict[str, Any]:
    return {**model_admin.admin_site.each_context(request), "opts": model_admin.opts}
