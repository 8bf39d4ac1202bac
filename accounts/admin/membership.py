"""Who belongs to the organization."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.admin.people import PeopleAdmin
from accounts.models import Membership, Role
from accounts.services.members import change_role, reinstate_member, remove_member, suspend_member
from core.forms import OrganizationForm


class MembershipForm(OrganizationForm):
    class Meta:
        model = Membership
        fields = ["role"]


@admin.register(Membership)
class MembershipAdmin(PeopleAdmin):
    """People come by invitation and go by being removed."""

    form = MembershipForm
    list_display = ["person", "email", "role", "state", "last_active_at", "created_at"]
    list_filter = ["role", "is_active"]
    list_select_related = ["user", "organization"]
    search_fields = ["user__name", "user__email"]
    ordering = ["user__name", "user__email"]
    fields = ["person", "email", "role", "state_in_words", "last_active_at", "created_at"]
    readonly_fields = ["person", "email", "state_in_words", "last_active_at", "created_at"]
    actions = ["suspend_selected", "reinstate_selected", "remove_selected"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(removed_at__isnull=True).select_related("user", "organization")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        change_role(obj, role=Role(form.cleaned_data["role"]), by=request.user)

    @display(description=_("Person"), ordering="user__name")
    def person(self, membership: Membership) -> str:
        return str(membership.user)

    @display(description=_("E-mail"), ordering="user__email")
    def email(self, membership: Membership) -> str:
        return membership.user.email

    @display(description=_("State"), ordering="is_active", label={"active": "success", "suspended": "warning"})
    def state(self, membership: Membership) -> tuple[str, str]:
        return ("active", gettext("Active")) if membership.is_active else ("suspended", gettext("Suspended"))

    @display(description=_("State"))
    def state_in_words(self, membership: Membership) -> str:
        """On the member's own page, where there are no labels."""
        return self.state(membership)[1]

    @admin.action(description=_("Suspend"), permissions=["change"])
    def suspend_selected(self, request: HttpRequest, members: QuerySet) -> None:
        self.do_to_all(request, members, suspend_member, words=gettext("Suspended"))

    @admin.action(description=_("Reinstate"), permissions=["change"])
    def reinstate_selected(self, request: HttpRequest, members: QuerySet) -> None:
        self.do_to_all(request, members, reinstate_member, words=gettext("Reinstated"))

    @admin.action(description=_("Remove from the organization"), permissions=["change"])
    def remove_selected(self, request: HttpRequest, members: QuerySet) -> HttpResponse | None:
        """Asks first; the page that asks sends the same action again, with the answer."""
        if "confirmed" not in request.POST:
            return self._ask(request, members)
        self.do_to_all(request, list(members), remove_member, words=gettext("Removed"))
        return None

    def _ask(self, request: HttpRequest, members: QuerySet) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Remove from the organization"),
            "opts": self.opts,
            "members": members,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/accounts/membership/remove.html", context)
