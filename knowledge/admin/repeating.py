"""Have I said this before? And what is said twice?"""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.errors import Refused
from knowledge.links import destinations
from knowledge.models import Passage
from knowledge.services.repeating import MAX_CHARACTERS, Repetition, repetitions, said_before
from knowledge.services.search import SearchResult
from media_library.wording import clock_time


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
    """Passages that stand in more than one place."""
    if (elsewhere := _refused(request)) is not None:
        return elsewhere
    slug = request.organization.slug  # type: ignore[attr-defined]
    pairs = [_pair(repetition, slug) for repetition in repetitions()]
    return _page(request, "repetitions", _("Said twice"), {"pairs": pairs})


def _pair(repetition: Repetition, slug: str) -> dict[str, Any]:
    return {"one": repetition, "places": [_place(passage, slug) for passage in (repetition.first, repetition.second)]}


def _place(passage: Passage, slug: str) -> dict[str, Any]:
    if passage.media is not None:
        url = reverse("media_library:watch", args=[slug, passage.media_id]) + f"?t={int(passage.start or 0)}"
        return {"passage": passage, "title": passage.media.title, "where": clock_time(passage.start), "url": url}
    item: Any = passage.item
    url = reverse("courses:lesson", args=[slug, item.chapter.course.slug, item.pk])
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
