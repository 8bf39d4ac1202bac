"""Who was asked to come."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.admin.people import PeopleAdmin
from accounts.models import Invitation, Organization, Role
from accounts.models.invitation import InvitationState
from accounts.services.invitations import resend, revoke
from accounts.services.inviting import invite
from core.errors import Refused
from core.forms import OrganizationForm
from core.tenancy import current_organization_id

COLORS = {
    InvitationState.PENDING: "info", InvitationState.ACCEPTED: "success",
    InvitationState.EXPIRED: "warning", InvitationState.REVOKED: "danger",
}  # fmt: skip


class InvitationForm(OrganizationForm):
    class Meta:
        model = Invitation
        fields = ["email", "role"]

    def _get_validation_exclusions(self) -> set[str]:
        """An address that was asked already is no error: it gets a new link."""
        return super()._get_validation_exclusions() | {"organization"}

    def clean_email(self) -> str:
        if not (email := self.cleaned_data["email"].strip().lower()):
            raise ValidationError(gettext("Write an e-mail address."))
        return str(email)


@admin.register(Invitation)
class InvitationAdmin(PeopleAdmin):
    """Once sent, an invitation is resent or revoked, never edited: what it says is in somebody's mailbox."""

    form = InvitationForm
    list_display = ["email", "role", "status", "invited_by", "sent_at", "expires_at"]
    list_filter = ["role", "sent_at"]
    list_select_related = ["invited_by"]
    search_fields = ["email"]
    ordering = ["-sent_at"]
    fields = ["email", "role"]
    actions = ["resend_selected", "revoke_selected"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        organization = Organization(pk=current_organization_id())
        [answer] = invite(organization, [obj.email], role=Role(obj.role), by=request.user)
        if answer.invitation is None:
            raise Refused(answer.outcome.value, f"{obj.email}: {answer.outcome.label}.")
        obj.pk = answer.invitation.pk

    @display(description=_("State"), label=COLORS)
    def status(self, invitation: Invitation) -> tuple[str, str]:
        return invitation.state, str(invitation.state.label)

    @admin.action(description=_("Resend"), permissions=["add"])
    def resend_selected(self, request: HttpRequest, invitations: QuerySet) -> None:
        self.do_to_all(request, invitations, resend, words=gettext("Sent again"))

    @admin.action(description=_("Revoke"), permissions=["add"])
    def revoke_selected(self, request: HttpRequest, invitations: QuerySet) -> None:
        self.do_to_all(request, invitations, revoke, words=gettext("Revoked"))
