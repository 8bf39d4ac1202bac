"""Courses to choose from."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.access import find_course, is_maker, may_browse
from courses.catalog.cards import cover_path_of, make_cards
from courses.catalog.collecting import read_shelves
from courses.catalog.listing import active, categories_of, filters, narrowed, sorting
from courses.catalog.wish import read_wish
from courses.entitlement import Sight, sight_of
from courses.models import ContentItem, Course

CARDS_A_PAGE = 24


@login_not_required
@require_safe
def catalog(request: Any, organization: str) -> HttpResponse:
    """Published courses that this person may know of; everything that narrows them is a plain link, to be shared."""
    if not may_browse(request.user, request.organization):
        raise Http404
    courses = Course.objects.visible_to(request.user, request.organization).published()
    categories = categories_of(courses)
    wish = read_wish(request.GET, categories=categories)
    shown = narrowed(courses, wish, categories).with_enrollment_of(request.user)
    page = Paginator(shown.with_cover(ContentItem.objects.with_picture()), CARDS_A_PAGE).get_page(
        request.GET.get("page")
    )
    is_whole = not wish.narrows and page.number == 1
    context = {
        "here": "catalog", "cards": make_cards(page.object_list), "page": page, "wish": wish,
        "filters": filters(wish, categories), "sorting": sorting(wish), "active": active(wish, categories),
        "kept": wish.query(), "collections": read_shelves(courses).inside(None) if is_whole else [],
        "is_maker": is_maker(request.user, request.organization),
        "is_granted": sight_of(request.user, request.organization) is Sight.OWN,
    }  # fmt: skip
    return render(request, "courses/catalog.html", context)


@login_not_required
@require_safe
def cover(request: Any, organization: str, course: str) -> FileResponse:
    """The course's picture, to whoever may see the course. Its address changes with it, so browsers keep it."""
    found = find_course(course, user=request.user, organization=request.organization)
    path = cover_path_of(found)
    if not path or not default_storage.exists(path):
        raise Http404
    response = FileResponse(default_storage.open(path), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=86400"
    return response
