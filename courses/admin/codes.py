"""Codes into courses."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.widgets import UnfoldAdminTextInputWidget

from core.forms import OrganizationForm
from courses.admin.owners import OwnersAdmin
from courses.models.access import EnrollmentCode
from courses.services.codes import change_code, delete_code, make_code

TERMS = ["code", "note", "max_uses", "expires_at", "days_of_access", "is_active"]


class CodeForm(OrganizationForm):
    code = forms.CharField(
        label=_("Code"),
        required=False,
        max_length=40,
        help_text=_("Letters, digits or hyphens. Empty: ten signs without look-alikes."),
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = EnrollmentCode
        fields = ["course", *TERMS]

    def clean_code(self) -> str:
        """An existing code keeps its word where none is typed."""
        typed: str = self.cleaned_data["code"].strip()
        return typed or (self.instance.code if self.instance.pk and not self.instance._state.adding else "")


@admin.register(EnrollmentCode)
class EnrollmentCodeAdmin(OwnersAdmin):
    """A code lets whoever has it into exactly one course, as its terms say."""

    form = CodeForm
    list_display = ["code", "course", "used", "expires_at", "days_of_access", "is_active", "note", "created_at"]
    list_select_related = ["course"]
    list_filter = [("course", RelatedDropdownFilter), "is_active"]
    search_fields = ["code", "note", "course__title"]
    ordering = ["-created_at"]
    fields = ["course", *TERMS]
    actions = ["switch_off_selected"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["course", "used"] if obj else []

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["course", *TERMS, "used"] if obj else ["course", *TERMS]

    @admin.display(description=_("Used"), ordering="uses")
    def used(self, code: EnrollmentCode) -> str:
        if code.max_uses is None:
            return str(code.uses)
        return gettext("%(uses)d of %(most)d") % {"uses": code.uses, "most": code.max_uses}

    def save_model(self, request: HttpRequest, obj: EnrollmentCode, form: Any, change: bool) -> None:
        terms = {name: form.cleaned_data[name] for name in TERMS}
        if change:
            change_code(obj, by=request.user, **terms)
            return
        made = make_code(obj.course, by=request.user, **terms)
        obj.pk, obj.code = made.pk, made.code

    def delete_model(self, request: HttpRequest, obj: EnrollmentCode) -> None:
        delete_code(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[EnrollmentCode]) -> None:
        for code in queryset:
            delete_code(code, by=request.user)

    @admin.action(description=_("Switch off"), permissions=["change"])
    def switch_off_selected(self, request: HttpRequest, codes: QuerySet[EnrollmentCode]) -> None:
        for code in codes:
            change_code(code, by=request.user, is_active=False)
