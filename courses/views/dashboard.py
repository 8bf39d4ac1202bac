"""“My learning”: continue, due, in progress, completed, certificates."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.catalog.cards import make_cards
from courses.dashboard.due import read_due
from courses.dashboard.overview import certificates_of, courses_of, finished, go_on

CARDS_A_PAGE = 48


@require_safe
def my_courses(request: Any, organization: str) -> HttpResponse:
    """Further pages are lists only: where to go on and what is due stand on the first."""
    user, here = request.user, request.organization
    page = Paginator(courses_of(user, here), CARDS_A_PAGE).get_page(request.GET.get("page"))
    courses = list(page.object_list)
    cards = make_cards(courses)
    shown = list(zip(courses, cards, strict=True))
    certificates = certificates_of(user)
    first = go_on(shown, user=user, organization=here) if page.number == 1 else None
    left = [card for course, card in shown if course.learner_completed_at is None]
    context = {
        "here": "my_courses", "cards": cards, "page": page, "certificates": certificates,
        "open_cards": [card for card in left if first is None or card is not first.card],
        "finished": finished(shown, certificates),
        "go_on": first,
        "due": read_due(user, here) if page.number == 1 else [],
    }  # fmt: skip
    return render(request, "courses/my_courses.html", context)
