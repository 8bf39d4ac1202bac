"""The page that says where words come from and what they cost, and its calls as a file."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.ai.subjects import Subject, named_subjects
from core.csv_lines import csv_response
from core.errors import Refused
from core.models import AiCall
from media_library.services.words_report import PURPOSES, calls_of, words_report

CALLS_A_PAGE = 50
COLUMNS = ("started_at", "purpose", "provider", "model", "unit", "quantity", "price", "cost", "state", "subject_id")
CALLS_NAMED_AT_ONCE = 500


@require_safe
def words_page(request: HttpRequest) -> HttpResponse:
    """For those who make content in the organization one works in. A superuser who chose none is led to the choice."""
    if (elsewhere := _refused(request)) is not None:
        return elsewhere
    month, refusal = request.GET.get("month", ""), ""
    try:
        report = words_report(month)
    except Refused as refused:
        month, refusal = "", refused.message
        report = words_report()
    page = Paginator(calls_of(month), CALLS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": _("Words and costs"),
        "report": report,
        "refusal": refusal,
        "page": page,
        "calls": _named(page),
    }
    return render(request, "admin/media_library/words.html", context, status=400 if refusal else 200)


@require_safe
def words_file(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Each call of a month as CSV."""
    if (elsewhere := _refused(request)) is not None:
        return elsewhere
    try:
        report = words_report(request.GET.get("month", ""))
    except Refused as refused:
        return HttpResponse(refused.message, status=refused.status, content_type="text/plain")
    month = f"{report.month:%Y-%m}"
    calls = calls_of(month).values_list(*COLUMNS).iterator(chunk_size=CALLS_NAMED_AT_ONCE)
    return csv_response(f"ai-calls-{month}.csv", (*COLUMNS, "subject"), _with_names(calls))


def _with_names(calls: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Each call, and in the end the title of what it was for."""
    while lines := list(islice(calls, CALLS_NAMED_AT_ONCE)):
        named = named_subjects({line[-1] for line in lines if line[-1]})
        yield from ((*line, named[line[-1]].title if line[-1] in named else "") for line in lines)


def _named(page: Page) -> list[dict[str, Any]]:
    """The calls of a page, each with the words for its purpose and with what it was for."""
    calls: list[AiCall] = list(page.object_list)
    named = named_subjects({call.subject_id for call in calls if call.subject_id})
    return [
        {"call": call, "purpose": PURPOSES.get(call.purpose, call.purpose), "subject": _subject_of(call, named)}
        for call in calls
    ]


def _subject_of(call: AiCall, named: Mapping[UUID, Subject]) -> Subject | None:
    return named.get(call.subject_id) if call.subject_id else None


def _refused(request: HttpRequest) -> HttpResponse | None:
    organization = request.organization  # type: ignore[attr-defined]
    if organization is None and request.user.is_superuser:
        return redirect("admin:index")
    if organization is None or not request.user.has_perm("media_library.view_media"):
        raise PermissionDenied
    return None
