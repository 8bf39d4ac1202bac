"""Addresses that were asked into courses, and why they are not in yet."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.views import ChangeList

from core.errors import Refused
from courses.admin.owners import OwnersAdmin
from courses.models.access import CourseInvitation
from courses.services.course_invitations import try_again, why_they_wait, withdraw


class ExplainedInvitations(ChangeList):
    """Why each one waits, in two statements a page."""

    result_list: Any

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        waits = why_they_wait(rows)
        for row in rows:
            row.waits = waits[row.pk]
        self.result_list = rows


@admin.register(CourseInvitation)
class CourseInvitationAdmin(OwnersAdmin):
    """Made where lists are: addresses are pasted there, one or many. Here one sees what waits, and takes it back."""

    list_display = ["email", "course", "waits", "ends_at", "invited_by", "created_at", "expires_at", "accepted_at"]
    list_select_related = ["course", "invited_by"]
    list_filter = [("course", RelatedDropdownFilter), ("accepted_at", admin.EmptyFieldListFilter)]
    search_fields = ["email", "course__title"]
    ordering = ["-created_at"]
    fields = ["email", "course", "ends_at", "invited_by", "created_at", "expires_at", "accepted_at"]
    readonly_fields = ["invited_by", "created_at", "expires_at", "accepted_at"]
    actions = ["try_selected"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return redirect("admin:courses_enrollment_upload")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ExplainedInvitations

    @admin.display(description=_("Waits because"))
    def waits(self, invitation: Any) -> str:
        return getattr(invitation, "waits", "") or "–"

    def delete_model(self, request: HttpRequest, obj: CourseInvitation) -> None:
        withdraw(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[CourseInvitation]) -> None:
        for invitation in queryset:
            withdraw(invitation, by=request.user)

    @admin.action(description=_("Try again"), permissions=["add"])
    def try_selected(self, request: HttpRequest, invitations: QuerySet[CourseInvitation]) -> None:
        for invitation in invitations.filter(accepted_at__isnull=True).select_related("course"):
            try:
                try_again(invitation, by=request.user)
                self.message_user(request, f"{invitation.email}: {invitation.course}", messages.SUCCESS)
            except Refused as refusal:
                self.message_user(request, f"{invitation.email}: {refusal.message}", messages.ERROR)
