"""Adding from elsewhere in the back office: paste or choose, try first, import, and see what became of each row."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refused
from media_library.import_form import ImportForm
from media_library.importing import MOST_ROWS
from media_library.models import Import, ImportRow, RowState
from media_library.services.importing import (
    can_retry,
    counts_of,
    goes_on_at,
    preview_import,
    retry_import,
    start_import,
    stop_import,
)
from media_library.sources import labels

Door = Callable[..., HttpResponse]

ROWS_A_PAGE, IMPORTS_A_PAGE = 100, 20
TEMPLATES = "admin/media_library/imports"


def import_urls(model_admin: Any) -> list[URLPattern]:
    """For `get_urls` of the admin of media."""
    doors: dict[str, tuple[Door, str]] = {
        "import/": (require_http_methods(["GET", "HEAD", "POST"])(import_page), "import"),
        "imports/": (require_safe(import_list), "imports"),
        "imports/<uuid:import_id>/": (require_safe(result_page), "import_result"),
        "imports/<uuid:import_id>/rows/": (require_safe(rows_fragment), "import_rows"),
        "imports/<uuid:import_id>/retry/": (require_POST(retry), "import_retry"),
        "imports/<uuid:import_id>/stop/": (require_POST(stop), "import_stop"),
    }
    return [
        path(below, _guarded(model_admin, door), name=f"media_library_media_{name}")
        for below, (door, name) in doors.items()
    ]


class CountedPages(Paginator):
    """Pages of rows whose number is known already."""

    def __init__(self, rows: Any, per_page: int, *, count: int) -> None:
        super().__init__(rows, per_page)
        self.known = count

    @cached_property
    def count(self) -> int:
        return self.known


def import_page(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """The form; “Try first” shows below it what each row would become, and writes nothing."""
    form = ImportForm(request.POST or None, request.FILES or None)
    answers = None
    if request.method == "POST" and form.is_valid():
        try:
            if "try" not in request.POST:
                return redirect(_result(_start(request, form)))
            answers = preview_import(form.given.rows)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    context = {
        "title": _("Add from elsewhere"),
        "form": form,
        "hosts": ", ".join(labels()),
        "most_rows": MOST_ROWS,
        "answers": answers and answers[:ROWS_A_PAGE],
        "more_answers": max(len(answers or ()) - ROWS_A_PAGE, 0),
        "counts": answers and _labelled(Counter(answer.state for answer in answers)),
        "imports": _with_counts(Import.objects.select_related("by")[:5]),
    }
    return render(request, f"{TEMPLATES}/form.html", _frame(model_admin, request) | context)


def import_list(request: HttpRequest, model_admin: Any) -> HttpResponse:
    page = Paginator(Import.objects.select_related("by"), IMPORTS_A_PAGE).get_page(request.GET.get("page"))
    context = {"title": _("Imports"), "page": page, "imports": _with_counts(page.object_list)}
    return render(request, f"{TEMPLATES}/list.html", _frame(model_admin, request) | context)


def result_page(request: HttpRequest, model_admin: Any, import_id: UUID) -> HttpResponse:
    """What became of each row; asked again every two seconds while the work on them goes on."""
    context = _result_context(request, import_id)
    title = {"title": _("Import: %(name)s") % {"name": context["import"]}}
    return render(request, f"{TEMPLATES}/result.html", _frame(model_admin, request) | context | title)


def rows_fragment(request: HttpRequest, model_admin: Any, import_id: UUID) -> HttpResponse:
    return render(request, f"{TEMPLATES}/rows.html", _result_context(request, import_id))


def retry(request: HttpRequest, model_admin: Any, import_id: UUID) -> HttpResponse:
    batch = get_object_or_404(Import, pk=import_id)
    try:
        count = retry_import(batch, by=request.user)
        words = ngettext("%(count)d row is tried again.", "%(count)d rows are tried again.", count)
        messages.success(request, words % {"count": count})
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect(_result(batch))


def stop(request: HttpRequest, model_admin: Any, import_id: UUID) -> HttpResponse:
    batch = get_object_or_404(Import, pk=import_id)
    try:
        stop_import(batch, by=request.user)
        messages.success(request, _("This import is being stopped."))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect(_result(batch))


def _start(request: HttpRequest, form: ImportForm) -> Import:
    given = form.given
    return start_import(given.rows, format=given.format, name=given.name, by=request.user)


def _result(batch: Import) -> str:
    return reverse("admin:media_library_media_import_result", args=[batch.pk])


def _result_context(request: HttpRequest, import_id: UUID) -> dict[str, Any]:
    batch = get_object_or_404(Import.objects.select_related("by"), pk=import_id)
    counts = counts_of([batch])[batch.pk]
    state = request.GET.get("state", "")
    state = state if state in RowState.values else ""
    count = counts[state] if state else sum(counts.values())
    page = _rows(batch, state, count).get_page(request.GET.get("page"))
    is_waiting = bool(counts[RowState.WAITING])
    later = goes_on_at(batch) if is_waiting else None
    return {
        "import": batch,
        "counts": _labelled(counts),
        "total": sum(counts.values()),
        "state": state,
        "page": page,
        "rows": page.object_list,
        "is_waiting": is_waiting,
        "goes_on_at": later,
        "is_live": is_waiting and later is None,
        "can_retry": bool(counts[RowState.REFUSED]) and can_retry(batch),
        "rows_url": _rows_url(batch, state, page),
    }


def _rows(batch: Import, state: str, count: int) -> CountedPages:
    rows = ImportRow.objects.filter(batch=batch, **({"state": state} if state else {}))
    return CountedPages(rows.select_related("media", "found_in"), ROWS_A_PAGE, count=count)


def _rows_url(batch: Import, state: str, page: Page) -> str:
    address = reverse("admin:media_library_media_import_rows", args=[batch.pk])
    return f"{address}?state={state}&page={page.number}"


def _with_counts(imports: Iterable[Import]) -> list[tuple[Import, list[tuple[str, str, int]]]]:
    batches = list(imports)
    counts = counts_of(batches)
    return [(batch, _labelled(counts[batch.pk])) for batch in batches]


def _labelled(counts: Any) -> list[tuple[str, str, int]]:
    """State, its words and how many, of those that there are."""
    return [(str(state), str(state.label), counts[state]) for state in RowState if counts[state]]


def _frame(model_admin: Any, request: HttpRequest) -> dict[str, Any]:
    return {**model_admin.admin_site.each_context(request), "opts": model_admin.opts}


def _guarded(model_admin: Any, door: Door) -> Any:
    """For those who may add media."""

    def view(request: HttpRequest, **names: Any) -> HttpResponse:
        if not model_admin.has_add_permission(request):
            raise PermissionDenied
        return door(request, model_admin, **names)

    return model_admin.admin_site.admin_view(view)
