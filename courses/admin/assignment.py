"""Making assignments in the back office."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from core.admin import OrganizationAdmin
from courses.admin.careful_form import CarefulForm
from courses.admin.in_course import InCourse
from courses.admin.markdown_widget import MarkdownWidget
from courses.models import Assignment, ContentItem
from courses.models.assignment import SubmissionState
from courses.services.assignments import delete_assignment, write_assignment

QUEUE = "admin:courses_submission_changelist"


class AssignmentForm(CarefulForm):
    class Meta:
        model = Assignment
        fields = [
            "title", "instructions", "points", "pass_mark", "due_at", "accepts_late", "takes_text", "max_files",
            "max_submissions",
        ]  # fmt: skip
        widgets = {"instructions": MarkdownWidget(attrs={"rows": 12})}


@admin.register(Assignment)
class AssignmentAdmin(OrganizationAdmin):
    form = AssignmentForm
    list_display = ["title", "due_at", "points", "pass_mark", "to_grade"]
    search_fields = ["title"]
    list_filter = [InCourse, ("due_at", admin.DateFieldListFilter)]
    ordering = ["title"]
    fieldsets = [
        (None, {"fields": ["title", "instructions", "opened_as"]}),
        (_("Grading"), {"fields": [("points", "pass_mark")]}),
        (_("Handing in"), {"fields": ["due_at", "accepts_late", "takes_text", ("max_files", "max_submissions")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        waiting = Count("submissions", filter=Q(submissions__state=SubmissionState.SUBMITTED))
        return super().get_queryset(request).annotate(waiting=waiting)

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @display(description=_("To grade"), ordering="waiting")
    def to_grade(self, assignment: Any) -> SafeString | str:
        if not assignment.waiting:
            return "–"
        words = ngettext("%(count)d submission", "%(count)d submissions", assignment.waiting)
        address = f"{reverse(QUEUE)}?assignment__id__exact={assignment.pk}"
        return format_html('<a href="{}">{}</a>', address, words % {"count": assignment.waiting})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What an item of a course holds stays."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not ContentItem.objects.filter(assignment=obj).exists())

    def save_model(self, request: HttpRequest, obj: Assignment, form: Any, change: bool) -> None:
        write_assignment(obj)

    def delete_model(self, request: HttpRequest, obj: Assignment) -> None:
        delete_assignment(obj)
