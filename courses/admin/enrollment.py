"""Who takes which course, how far they are; where owners let members in, and shut a course to them."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RelatedDropdownFilter
from unfold.views import ChangeList
from unfold.widgets import UnfoldAdminEmailInputWidget

from accounts.models import Membership
from core.errors import Refused
from core.forms import OrganizationForm
from courses.admin.enrollment_upload import upload_urls
from courses.admin.owners import OwnersAdmin
from courses.models import Completion, Course, Enrollment
from courses.models.enrollment import Reason
from courses.progress.counting import NOTHING, standing_of, standings_of
from courses.services.enrolling import change_end, end_enrollment, find_member, grant_course, let_in_again


class GrantForm(OrganizationForm):
    """Which member is let into which course."""

    email = forms.EmailField(
        label=_("E-mail of the member"),
        help_text=_("Whatever their role. Customers see no courses but those they are let into."),
        widget=UnfoldAdminEmailInputWidget,
    )

    class Meta:
        model = Enrollment
        fields = ["course", "ends_at"]

    def clean_email(self) -> Membership:
        try:
            return find_member(self.cleaned_data["email"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from refusal


class EndForm(OrganizationForm):
    class Meta:
        model = Enrollment
        fields = ["ends_at"]


class CountedEnrollments(ChangeList):
    """How far everybody on the page is, in one statement."""

    result_list: Any

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        standings = standings_of(row.pk for row in rows)
        for row in rows:
            row.standing = standings[row.pk]
        self.result_list = rows


class ProgressFilter(DropdownFilter):
    title = _("progress")
    parameter_name = "progress"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _("Nothing done")), ("some", _("Under way")), ("all", _("Completed"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        done = Exists(Completion.objects.filter(enrollment=OuterRef("pk")).exclude(reason=Reason.EXCUSED))
        match self.value():
            case "none":
                return queryset.filter(~done)
            case "some":
                return queryset.filter(done, course_completion__isnull=True)
            case "all":
                return queryset.filter(course_completion__isnull=False)
        return queryset


@admin.register(Enrollment)
class EnrollmentAdmin(OwnersAdmin):
    """Learners enroll by themselves; everybody else is let in here, by owners."""

    list_display = ["user", "course", "is_active", "progress", "completed_at", "source", "ends_at", "last_accessed_at"]
    list_select_related = ["user", "course", "course_completion"]
    list_filter = [("course", RelatedDropdownFilter), ProgressFilter, "is_active", "source"]
    search_fields = ["user__email", "user__name", "course__title"]
    ordering = ["-last_accessed_at"]
    actions = ["end_selected", "reopen_selected"]
    change_list_template = "admin/courses/enrollment/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        return [*upload_urls(self), *super().get_urls()]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change=change, **{**kwargs, "form": EndForm if obj else GrantForm})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*self.get_readonly_fields(request, obj), "ends_at"] if obj else ["email", "course", "ends_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = [name for name in self.list_display if name != "ends_at"]
        return [*shown, "started_at", "by_hand"] if obj else ["by_hand"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CountedEnrollments

    @admin.display(description=_("Completed"), ordering="course_completion__completed_at")
    def completed_at(self, enrollment: Enrollment) -> datetime | None:
        completion = getattr(enrollment, "course_completion", None)
        return completion and completion.completed_at

    @admin.display(description=_("Progress"))
    def progress(self, enrollment: Any) -> str:
        at = getattr(enrollment, "standing", None) or standing_of(enrollment.pk)
        if at == NOTHING:
            return "–"
        words = gettext("%(done)d of %(total)d (%(percent)d %%)")
        return words % {"done": at.completed, "total": at.total, "percent": at.percentage or 0}

    @admin.display(description=_("Videos marked as watched by hand"))
    def by_hand(self, enrollment: Enrollment) -> str:
        """What was not measured: nobody knew how long it is, or its player tells nothing."""
        titles = enrollment.completions.filter(reason=Reason.BY_HAND).values_list("item__title", flat=True)
        return ", ".join(titles) or "–"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ending keeps what was done; nothing else is needed."""
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "course":
            kwargs["queryset"] = Course.objects.published().order_by("title")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Enrollment, form: Any, change: bool) -> None:
        """Whoever was in the course before keeps that enrollment, and what was done in it."""
        if change:
            change_end(obj, form.cleaned_data["ends_at"], by=request.user)
            return
        member, ends_at = form.cleaned_data["email"], form.cleaned_data["ends_at"]
        granted = grant_course(obj.course, member=member, by=request.user, ends_at=ends_at)
        obj.pk, obj.user = granted.pk, granted.user

    @admin.action(description=_("Shut the course to them"), permissions=["change"])
    def end_selected(self, request: HttpRequest, enrollments: QuerySet[Enrollment]) -> None:
        ended = list(enrollments.filter(is_active=True))
        for enrollment in ended:
            end_enrollment(enrollment, by=request.user)
        words = ngettext("%(count)d enrollment has ended.", "%(count)d enrollments have ended.", len(ended))
        self.message_user(request, words % {"count": len(ended)}, messages.SUCCESS)

    @admin.action(description=_("Let them in again"), permissions=["change"])
    def reopen_selected(self, request: HttpRequest, enrollments: QuerySet[Enrollment]) -> None:
        opened = 0
        for enrollment in enrollments.select_related("user", "course"):
            try:
                let_in_again(enrollment, by=request.user)
                opened += 1
            except Refused as refusal:
                self.message_user(request, f"{enrollment.user}: {refusal.message}", messages.ERROR)
        if opened:
            words = ngettext("%(count)d learner is in.", "%(count)d learners are in.", opened)
            self.message_user(request, words % {"count": opened}, messages.SUCCESS)
