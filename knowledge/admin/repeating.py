"""Have I said this before? And what is said twice?"""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import can
from core.errors import Refused
from knowledge.links import anchor_in, destinations
from knowledge.models import Passage, Repetition
from knowledge.repeating.keeping import dismiss, list_again, look_again, repetitions_seen_by, standing
from knowledge.repeating.said_before import MAX_CHARACTERS, said_before
from knowledge.services.search import SearchResult
from media_library.wording import clock_time

PAGE = "back_office_repetitions"
PAIRS_A_PAGE = 50


def repetition_urls() -> list[Any]:
    """Below `/admin/repetitions/`."""
    within = admin.site.admin_view
    return [
        path("", within(repetitions_page), name=PAGE),
        path("again/", within(compare_again), name="back_office_repetitions_again"),
        path("<uuid:repetition_id>/", within(judge), name="back_office_repetition"),
    ]


@require_safe
def said_before_page(request: HttpRequest) -> HttpResponse:
    """A sentence or paragraph, and the places of the whole library nearest to it, drafts too."""
    if (elsewhere := _refused(request)) is not None:
        return elsewhere
    here = request.organization  # type: ignore[attr-defined]
    text, refusal, result = request.GET.get("text", ""), "", SearchResult()
    try:
        result = said_before(text, user=request.user, organization=here) if text.strip() else result
    except Refused as refused:
        refusal = refused.message
    places = destinations(result, user=request.user, organization=here)
    groups = [(group, [(one, places[one].url) for one in group.found]) for group in result.groups]
    context = {"text": text, "refusal": refusal, "result": result, "groups": groups, "most": MAX_CHARACTERS}
    return _page(request, "said_before", _("Have I said this before?"), context, status=400 if refusal else 200)


@require_safe
def repetitions_page(request: HttpRequest) -> HttpResponse:
    """Passages that stand in more than one place, as they were found last; `?dismissed=1`: on purpose."""
    if (elsewhere := _refused(request)) is not None:
        return elsewhere
    here, dismissed = request.organization, "dismissed" in request.GET  # type: ignore[attr-defined]
    found = repetitions_seen_by(request.user, here, dismissed=dismissed)
    page = Paginator(found, PAIRS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "pairs": [_pair(repetition, here.slug) for repetition in page.object_list],
        "page": page,
        "dismissed": dismissed,
        "standing": standing(),
        "can_change": can(request.user, "content.edit", here),
    }
    return _page(request, "repetitions", _("Said twice"), context)


@require_POST
def compare_again(request: HttpRequest) -> HttpResponse:
    _require_maker(request)
    look_again(by=request.user)
    messages.success(request, _("The library is being compared with itself. Come back in a moment."))
    return redirect(PAGE)


@require_POST
def judge(request: HttpRequest, repetition_id: UUID) -> HttpResponse:
    """With `again` it is listed again, else it is there on purpose."""
    here = _require_maker(request)
    found: Repetition = get_object_or_404(repetitions_seen_by(request.user, here, dismissed=None), pk=repetition_id)
    if "again" in request.POST:
        list_again(found, by=request.user)
        messages.success(request, _("It is listed again."))
        return redirect(f"{reverse(PAGE)}?dismissed=1")
    dismiss(found, by=request.user)
    messages.success(request, _("It is there on purpose, and is not listed any more."))
    return redirect(PAGE)


def _pair(repetition: Repetition, slug: str) -> dict[str, Any]:
    return {"one": repetition, "places": [_place(passage, slug) for passage in (repetition.first, repetition.second)]}


def _place(passage: Passage, slug: str) -> dict[str, Any]:
    if passage.media is not None:
        url = reverse("media_library:watch", args=[slug, passage.media_id]) + f"?t={int(passage.start or 0)}"
        return {"passage": passage, "title": passage.media.title, "where": clock_time(passage.start), "url": url}
    item: Any = passage.item
    url = reverse("courses:lesson", args=[slug, item.chapter.course.slug, item.pk]) + anchor_in(item, passage.heading)
    where = _("page %(page)s") % {"page": passage.page} if passage.page else item.chapter.course.title
    return {"passage": passage, "title": item.title, "where": where, "url": url}


def _page(request: HttpRequest, name: str, title: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title, **context}
    return render(request, f"admin/knowledge/{name}.html", context, status=status)


def _refused(request: HttpRequest) -> HttpResponse | None:
    organization = request.organization  # type: ignore[attr-defined]
    if organization is None and request.user.is_superuser:
        return redirect("admin:index")
    if organization is None or not request.user.has_perm("media_library.view_media"):
        raise PermissionDenied
    return None


def _require_maker(request: HttpRequest) -> Any:
    organization = request.organization  # type: ignore[attr-defined]
    if organization is None or not can(request.user, "content.edit", organization):
        raise PermissionDenied
    return organization
