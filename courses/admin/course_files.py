"""Courses as files in the back office: “Export” on the page of a course, “Import a course” above the list."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Refused
from core.forms import OpenedHereForm
from courses.files.sent import sent_file
from courses.models import Course
from courses.services.exporting import export_course, export_name
from courses.services.importing import Imported, import_course


class CourseFileForm(OpenedHereForm):
    file = forms.FileField(label=_("Course file"), allow_empty_file=True)


def course_file_urls(model_admin: Any) -> list[URLPattern]:
    """For `get_urls` of the admin of courses."""

    @require_safe
    def export(request: HttpRequest, course_id: UUID) -> FileResponse:
        course = get_object_or_404(Course, pk=course_id)
        if not model_admin.has_change_permission(request, course):
            raise PermissionDenied
        with_media = request.GET.get("with_media") == "1"
        return sent_file(lambda file: export_course(course, to=file, with_media=with_media), name=export_name(course))

    @require_http_methods(["GET", "HEAD", "POST"])
    def bring(request: HttpRequest) -> HttpResponse:
        if not model_admin.has_add_permission(request):
            raise PermissionDenied
        return import_page(request, model_admin)

    guarded = model_admin.admin_site.admin_view
    return [
        path("import/", guarded(bring), name="courses_course_import"),
        path("<uuid:course_id>/export/", guarded(export), name="courses_course_export"),
    ]


def import_page(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """“Try first” says what would come; “Import” leads to the new course."""
    form = CourseFileForm(request.POST or None, request.FILES or None)
    answer = _answer(request, form) if request.method == "POST" and form.is_valid() else None
    if answer is not None and answer.course is not None:
        model_admin.log_addition(request, answer.course, [{"added": {}}])
        return redirect(reverse("admin:courses_course_change", args=[answer.course.pk]) + "#outline")
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": gettext("Import a course"),
        "form": form,
        "answer": answer,
    }
    return render(request, "admin/courses/course/import.html", context)


def _answer(request: HttpRequest, form: CourseFileForm) -> Imported | None:
    try:
        return import_course(form.cleaned_data["file"], by=request.user, dry_run="import" not in request.POST)
    except Refused as refusal:
        form.add_error("file", refusal.message)
        return None
