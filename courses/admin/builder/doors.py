"""The course builder's doors: the outline and its verbs, the media picker, the check list, copies."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refused, error_body
from courses.admin.builder.asked import Asked, Done
from courses.admin.builder.forms import Change
from courses.admin.builder.picker import picker
from courses.admin.builder.rows import draw_chapters, draw_outline, read_rows
from courses.admin.builder.verbs import VERBS
from courses.models import Course
from courses.services.duplicating import duplicate_course
from courses.services.publishing import Fault, find_faults, publish_course, unpublish_course

Door = Callable[..., HttpResponse]
STALE = ("outline_changed", "gone")


def builder_urls(model_admin: Any) -> list[URLPattern]:
    """For `get_urls` of the admin of courses."""
    doors: dict[str, Door] = {
        "outline": require_POST(outline),
        "picker": require_GET(picker),
        "checklist": require_http_methods(["GET", "HEAD", "POST"])(checklist),
        "duplicate": require_POST(duplicate),
    }
    return [
        path(f"<uuid:course_id>/{name}/", _guarded(model_admin, door), name=f"courses_course_{name}")
        for name, door in doors.items()
    ]


def _guarded(model_admin: Any, door: Door) -> Any:
    """For makers, about courses of their organization."""

    def view(request: HttpRequest, course_id: UUID) -> HttpResponse:
        course = get_object_or_404(Course, pk=course_id)
        if not model_admin.has_change_permission(request, course):
            raise PermissionDenied
        return door(request, course)

    return model_admin.admin_site.admin_view(view)


def outline_context(course: Course) -> dict[str, Any]:
    """For the page of the course. Two statements."""
    return {
        "outline": draw_outline(read_rows(course)),
        "builder_urls": {name: reverse(f"admin:courses_course_{name}", args=[course.pk]) for name in
                         ("outline", "picker", "checklist", "duplicate")},
    }  # fmt: skip


def outline(request: HttpRequest, course: Course) -> HttpResponse:
    """POST of `do` and what that verb takes: what was done, and what of the outline stands otherwise now.

    A browser that posts a form without JavaScript is told on the page of the course.
    """
    answer = _answer(request, course)
    return _told_on_page(request, course, answer) if "text/html" in request.headers.get("Accept", "") else answer


def _told_on_page(request: HttpRequest, course: Course, answer: JsonResponse) -> HttpResponse:
    told = json.loads(answer.content)
    if "error" in told:
        messages.error(request, told["error"]["message"])
    else:
        messages.success(request, told["said"])
    return redirect(reverse("admin:courses_course_change", args=[course.pk]) + "#outline")


def _answer(request: HttpRequest, course: Course) -> JsonResponse:
    try:
        return JsonResponse(_do(request, course))
    except Refused as refusal:
        return _refused(refusal, course)
    except ValidationError as error:
        words = " ".join(error.messages)
        return _refused(Refused("invalid", words), course)
    except (Http404, ObjectDoesNotExist):
        words = _("This was deleted meanwhile. Nothing was changed: this is how the outline stands now.")
        return _refused(Refused("gone", words, status=409), course)


def _do(request: HttpRequest, course: Course) -> dict[str, Any]:
    """The revision and the rows that are answered are this verb's own: nobody else's change comes between.

    Raises Refused, ValidationError, Http404.
    """
    form_class, verb = VERBS.get(request.POST.get("do", ""), (None, None))
    if form_class is None or verb is None:
        raise Refused("unknown_verb", _("This page is of an older version. Please reload it."))
    asked = Asked(course, _cleaned(form_class(request.POST, request.FILES)), request.user)
    with transaction.atomic():
        done = verb(asked)
        return {"said": done.said, "focus": done.focus, "go": done.go, **_changed(course, done)}


def _cleaned(form: Change) -> dict[str, Any]:
    if not form.is_valid():
        fields = {name: [str(one) for one in errors] for name, errors in form.errors.items()}
        raise Refused("invalid", next(iter(fields.values()))[0], fields=fields)
    return form.cleaned_data


def _changed(course: Course, done: Done) -> dict[str, Any]:
    if done.confirm:
        return {"confirm": done.confirm}
    if done.chapters is None:
        return _whole(course)
    drawn = draw_chapters(read_rows(course, done.chapters)) if done.chapters else {}
    return {"revision": _revision(course), "chapters": drawn, "gone": done.gone, "place": done.place}


def _whole(course: Course) -> dict[str, Any]:
    return {"revision": _revision(course), "outline": draw_outline(read_rows(course))}


def _revision(course: Course) -> int:
    course.refresh_from_db(fields=["revision"])
    return course.revision


def _refused(refusal: Refused, course: Course) -> JsonResponse:
    """Whoever has an old outline gets the new one along."""
    fresh = _whole(course) if refusal.code in STALE else {}
    return JsonResponse({**error_body(refusal.code, refusal.message, refusal.fields), **fresh}, status=refusal.status)


def checklist(request: HttpRequest, course: Course) -> HttpResponse:
    """What is missing before the course can be shown; POST `publish` or `unpublish`."""
    if request.method == "POST":
        _change_publication(request, course, request.POST)
        return redirect("admin:courses_course_checklist", course.pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Check and publish: %(course)s") % {"course": course},
        "opts": Course._meta,
        "course": course,
        "faults": [{"words": fault.words, "url": _mended_at(course, fault)} for fault in find_faults(course)],
        "learners": course.enrollments.count(),
    }
    return render(request, "admin/courses/checklist.html", context)


def _mended_at(course: Course, fault: Fault) -> str:
    if fault.item is not None:
        return reverse("admin:courses_contentitem_change", args=[fault.item.pk])
    ending = f"#chapter-{fault.chapter.pk}" if fault.chapter else "#outline"
    return reverse("admin:courses_course_change", args=[course.pk]) + ending


def _change_publication(request: HttpRequest, course: Course, sent: QueryDict) -> None:
    try:
        if "publish" in sent:
            publish_course(course, by=request.user)
            messages.success(request, _("“%(course)s” is published.") % {"course": course})
        elif "unpublish" in sent:
            unpublish_course(course, by=request.user)
            messages.success(request, _("“%(course)s” is a draft again.") % {"course": course})
    except Refused as refusal:
        messages.error(request, refusal.message)


def duplicate(request: HttpRequest, course: Course) -> HttpResponse:
    try:
        copy = duplicate_course(course, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("admin:courses_course_change", course.pk)
    messages.success(request, _("This is the copy: a draft, without learners."))
    return redirect(reverse("admin:courses_course_change", args=[copy.pk]) + "#outline")
