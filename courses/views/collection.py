"""A collection: what it is about, the collections inside of it, and its courses in order."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from courses.access import is_maker, may_browse
from courses.catalog.cards import make_cards
from courses.catalog.collecting import read_shelves
from courses.markdown import render as markdown
from courses.models import Collection, ContentItem, Course

CARDS_A_PAGE = 24


@login_not_required
@require_safe
def collection_page(request: Any, organization: str, collection: str) -> HttpResponse:
    """To makers with drafts; one without a course that this person sees is not there for them."""
    user, here = request.user, request.organization
    if not may_browse(user, here):
        raise Http404
    found = get_object_or_404(Collection, slug=collection)
    maker = is_maker(user, here)
    courses = Course.objects.visible_to(user, here)
    shelves = read_shelves(courses)
    if not maker and not shelves.by_key[found.pk].courses:
        raise Http404
    held = courses.filter(entries__collection=found.pk).order_by("entries__position", "pk")
    shown = held.with_enrollment_of(user).with_cover(ContentItem.objects.with_picture())
    page = Paginator(shown, CARDS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "here": "catalog", "collection": found, "about": markdown(found.description), "page": page,
        "cards": make_cards(page.object_list), "above": shelves.above(found.pk),
        "inside": shelves.inside(found.pk, empty=maker), "is_maker": maker,
    }  # fmt: skip
    return render(request, "courses/collection.html", context)
