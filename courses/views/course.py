"""One course, seen from outside, and entering it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.access import find_course, is_maker
from courses.availability import Opening, Period, opening_of_course
from courses.catalog.cards import version_of
from courses.feeds import lessons_with_sound
from courses.learn_space.course_links import course_links
from courses.learn_space.lessons import lock, place_at, read_outline
from courses.learn_space.next_step import next_step
from courses.learn_space.outline import OutlineRow, next_row, render_outline, standing, total_seconds
from courses.markdown import render as markdown
from courses.models import Certificate, ContentItem, Course
from courses.services.enrolling import enroll_oneself
from courses.views.enroll_box import enroll_box
from courses.views.refusals import refusals_told
from media_library.wording import words_for_duration


@login_not_required
@require_safe
def course_page(request: Any, organization: str, course: str) -> HttpResponse:
    """What one will learn, the outline with one's own states, and one button that says the next step."""
    found = find_course(course, user=request.user, organization=request.organization)
    rows = _outline(request, found)
    return render(request, "courses/course.html", {"course": found, **_facts(request, found, rows)})


@require_http_methods(["GET", "POST"])
def enroll(request: Any, organization: str, course: str) -> HttpResponse:
    """Enter the course, after joining an open organization where needed; coming back from log-in shows the course."""
    found = find_course(course, user=request.user, organization=request.organization)
    if request.method == "POST":
        with refusals_told(request):
            enroll_oneself(found, user=request.user, organization=request.organization)
            return redirect("courses:learn", organization=organization, course=course)
    return redirect("courses:course", organization=organization, course=course)


@require_safe
def learn(request: Any, organization: str, course: str) -> HttpResponse:
    """On to where learning goes on; the player then finds its second."""
    found = find_course(course, user=request.user, organization=request.organization)
    rows = _outline(request, found)
    item = next_row(rows, found.last_item_id)
    if item is None or not (found.enrollment_id or is_maker(request.user, request.organization)):
        if item is None:
            messages.info(request, _("There is nothing to learn in this course yet."))
        return redirect("courses:course", organization=organization, course=course)
    return redirect("courses:lesson", organization=organization, course=course, item_id=item.id)


def _outline(request: Any, course: Any) -> Sequence[OutlineRow]:
    """In preview a maker sees drafts, like everything else of the course."""
    maker = is_maker(request.user, request.organization)
    rows = read_outline(course.pk, user=request.user, enrollment_id=course.enrollment_id, is_maker=maker)
    return rows if maker or not course.enrollment_id else lock(rows, place_at(course, request.organization))


def _opening(request: Any, course: Any) -> Opening:
    """Of the course as a whole, to whoever looks at it: one may enter before it opens, and waits."""
    period = Period(course.opens_at, course.closes_at, course.enrollment_ends_at)
    return opening_of_course(period, now=timezone.now(), zone=request.organization.zone)


def _facts(request: Any, course: Any, rows: Sequence[OutlineRow]) -> dict[str, Any]:
    address = reverse("courses:course", args=[request.organization.slug, course.slug])
    maker = is_maker(request.user, request.organization)
    opens, look = course.enrollment_id or maker, _look(course, is_maker=maker)
    return {
        "about": markdown(course.description),
        "objectives": [line for line in course.objectives.splitlines() if line.strip()],
        "outline": render_outline(rows, prefix=f"{address}learn/" if opens else "", about=_about_chapters(course)),
        "items": len(rows),
        "chapters": len({row.chapter_id for row in rows}), "time": words_for_duration(total_seconds(rows) or None),
        "people": [Face.of(person) for person in course.instructors.order_by("name", "pk") if person.name],
        "category": course.category, "collections": course.collections.order_by("title", "pk"),
        "cover": version_of(look["cover_path"]), "may_preview": opens and not course.enrollment_id,
        "may_make": maker, "links": course_links(has_sound=look["has_sound"]) if opens else (),
        "box": enroll_box(course, request.user, request.organization), **_next(request, course, rows),
    }  # fmt: skip


def _look(course: Any, *, is_maker: bool) -> dict[str, Any]:
    """`cover_path` in the storage, and `has_sound`: whether a lesson of it can be heard. One statement."""
    sounding = Exists(lessons_with_sound(OuterRef("pk"), is_maker=is_maker))
    shown = Course.objects.filter(pk=course.pk).with_cover(ContentItem.objects.with_picture())
    found: dict[str, Any] = shown.annotate(has_sound=sounding).values("cover_path", "has_sound").get()
    return found


def _about_chapters(course: Any) -> dict[UUID, str]:
    """As HTML, by key; of the course page alone: beside a lesson the outline is short."""
    told = course.chapters.exclude(description="").values_list("pk", "description")
    return {key: markdown(description) for key, description in told}


def _next(request: Any, course: Any, rows: Sequence[OutlineRow]) -> dict[str, Any]:
    """How far one is and what comes next: the certificate of whoever has completed the course, else a lesson."""
    return {
        "step": next_step(rows, last_item_id=course.last_item_id) if course.enrollment_id else None,
        "opening": _opening(request, course), "at": standing(rows),
        "certificate": _certificate(course) if course.learner_completed_at else "",
    }  # fmt: skip


def _certificate(course: Any) -> str:
    """Of a completed course: held, to_get (a press away), or empty where it gives none or took it back."""
    held = Certificate.objects.filter(enrollment=course.enrollment_id).first()
    if held is None:
        return "to_get" if course.awards_certificate else ""
    return "held" if held.revoked_at is None else ""


@dataclass(frozen=True)
class Face:
    """Somebody by name; `initials` stand for a picture."""

    name: str
    initials: str

    @classmethod
    def of(cls, person: Any) -> "Face":
        words = str(person).split()
        return cls(str(person), "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper())
