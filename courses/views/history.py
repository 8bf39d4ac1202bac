"""What a learner has watched, and when: “History”, a part of “My learning”."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.dashboard.watched import make_watched, records_of

ROWS_A_PAGE = 24


@require_safe
def history(request: Any, organization: str) -> HttpResponse:
    page = Paginator(records_of(request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    watched = make_watched(page.object_list, user=request.user, organization=request.organization)
    return render(request, "courses/history.html", {"here": "my_courses", "page": page, "watched": watched})
