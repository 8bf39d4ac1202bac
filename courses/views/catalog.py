"""Courses to choose from, and those one is in."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.access import find_course, is_maker, may_browse
from courses.cards import make_cards
from courses.entitlement import Sight, sight_of
from courses.models import ContentItem, Course
from courses.models.course import Level

CARDS_A_PAGE = 24


@login_not_required
@require_safe
def catalog(request: Any, organization: str) -> HttpResponse:
    """Published courses that this person may know of; words and a level narrow them, by plain links."""
    if not may_browse(request.user, request.organization):
        raise Http404
    words = request.GET.get("q", "").strip()[:100]
    level = request.GET.get("level", "")
    found = Course.objects.visible_to(request.user, request.organization).published().search(words)
    if level in Level.values:
        found = found.filter(level=level)
    page = Paginator(_for_cards(found.order_by("title", "pk"), request.user), CARDS_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "here": "catalog", "cards": make_cards(page.object_list), "page": page, "words": words, "level": level,
        "levels": _level_links(words, level), "kept": urlencode({"q": words, "level": level}),
        "is_maker": is_maker(request.user, request.organization),
        "is_granted": sight_of(request.user, request.organization) is Sight.OWN,
    }  # fmt: skip
    return render(request, "courses/catalog.html", context)


@require_safe
def my_courses(request: Any, organization: str) -> HttpResponse:
    """The courses one is in, the last opened first."""
    mine = Course.objects.visible_to(request.user, request.organization).published().of_learner(request.user)
    courses = _for_cards(mine.order_by("-enrollments__last_accessed_at"), request.user)
    page = Paginator(courses, CARDS_A_PAGE).get_page(request.GET.get("page"))
    context = {"here": "my_courses", "cards": make_cards(page.object_list), "page": page}
    return render(request, "courses/my_courses.html", context)


@login_not_required
@require_safe
def cover(request: Any, organization: str, course: str) -> FileResponse:
    """The course's picture, to whoever may see the course. Its address changes with it, so browsers keep it."""
    found = find_course(course, user=request.user, organization=request.organization)
    path = Course.objects.filter(pk=found.pk).with_cover(ContentItem.objects.with_picture()).get().cover_path
    if not path or not default_storage.exists(path):
        raise Http404
    response = FileResponse(default_storage.open(path), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=86400"
    return response


def _for_cards(courses: Any, user: Any) -> Any:
    return courses.with_enrollment_of(user).with_cover(ContentItem.objects.with_picture())


def _level_links(words: str, level: str) -> list[dict[str, Any]]:
    choices = [("", "All"), *Level.choices]
    return [
        {"label": label, "query": urlencode({"q": words, "level": value}), "is_on": value == level}
        for value, label in choices
    ]
