"""Who takes which course; where owners let members in, and shut a course to them."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminEmailInputWidget

from accounts.models import Membership
from core.admin import OrganizationAdmin, ReadOnly
from core.errors import Refused
from core.forms import OrganizationForm
from courses.models import Course, Enrollment
from courses.models.enrollment import Reason
from courses.services.enrolling import end_enrollment, find_member, grant_course


class GrantForm(OrganizationForm):
    """Which member is let into which course."""

    email = forms.EmailField(
        label=_("E-mail of the member"),
        help_text=_("Whatever their role. Customers see no courses but those they are let into."),
        widget=UnfoldAdminEmailInputWidget,
    )

    class Meta:
        model = Enrollment
        fields = ["course"]

    def clean_email(self) -> Membership:
        try:
            return find_member(self.cleaned_data["email"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from refusal


@admin.register(Enrollment)
class EnrollmentAdmin(ReadOnly, OrganizationAdmin):
    """Learners enroll by themselves; everybody else is let in here, by owners."""

    form = GrantForm
    fields = ["email", "course"]
    list_display = ["user", "course", "is_active", "started_at", "last_accessed_at", "completed_at"]
    list_select_related = ["user", "course", "course_completion"]
    list_filter = ["is_active", "source"]
    search_fields = ["user__email", "user__name", "course__title"]
    ordering = ["-last_accessed_at"]
    readonly_fields = ["done", "by_hand"]
    actions = ["end_selected"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*self.list_display, "done", "by_hand"] if obj else self.fields

    @admin.display(description=_("Completed"), ordering="course_completion__completed_at")
    def completed_at(self, enrollment: Enrollment) -> datetime | None:
        completion = getattr(enrollment, "course_completion", None)
        return completion and completion.completed_at

    @admin.display(description=_("Items done"))
    def done(self, enrollment: Enrollment) -> int:
        return enrollment.completions.count()

    @admin.display(description=_("Of these, videos marked as watched by hand"))
    def by_hand(self, enrollment: Enrollment) -> str:
        """What was not measured: nobody knew how long it is, or its player tells nothing."""
        titles = enrollment.completions.filter(reason=Reason.BY_HAND).values_list("item__title", flat=True)
        return ", ".join(titles) or "–"

    def has_grant_permission(self, request: HttpRequest) -> bool:
        """Letting people in is for those who decide who belongs here."""
        return request.user.has_perm("accounts.change_membership")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_grant_permission(request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "course":
            kwargs["queryset"] = Course.objects.published().order_by("title")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Enrollment, form: Any, change: bool) -> None:
        """Whoever was in the course before keeps that enrollment, and what was done in it."""
        granted = grant_course(obj.course, member=form.cleaned_data["email"], by=request.user)
        obj.pk, obj.user = granted.pk, granted.user

    def log_addition(self, request: HttpRequest, obj: Enrollment, message: Any) -> None:
        """The service has written it down."""

    @admin.action(description=_("Shut the course to them"), permissions=["grant"])
    def end_selected(self, request: HttpRequest, enrollments: QuerySet[Enrollment]) -> None:
        ended = list(enrollments.filter(is_active=True))
        for enrollment in ended:
            end_enrollment(enrollment, by=request.user)
        words = ngettext("%(count)d enrollment has ended.", "%(count)d enrollments have ended.", len(ended))
        self.message_user(request, words % {"count": len(ended)}, messages.SUCCESS)
