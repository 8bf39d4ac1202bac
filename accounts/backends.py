"""Who a session belongs to, and Django's permission questions, which the admin asks, answered from memberships."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import BaseBackend

from accounts.models import Organization, User
from accounts.permissions import can
from core.tenancy import scoped_organization_id

CONTENT_APPS = frozenset({"media_library", "courses", "knowledge", "analytics"})
WEBHOOK_MODELS = frozenset({"webhookendpoint", "delivery"})
MEMBER_MODELS = frozenset({"membership", "invitation", "apitoken"})


class EmailBackend(AuthenticationBackend):
    """allauth's log-in by e-mail."""

    def get_user(self, user_id: Any) -> User | None:
        """Asked by every request; as text, because composing the query each time costs more than answering it."""
        for user in User.objects.raw("SELECT * FROM accounts_user WHERE id = %s", [user_id]):
            return user if self.user_can_authenticate(user) else None
        return None


class MembershipBackend(BaseBackend):
    """`has_perm("courses.change_course")` in the organization in scope. Superusers never get here."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        key = scoped_organization_id()
        if key is None or not user_obj.is_active:
            return False
        action = _action_for(perm)
        return action is not None and can(user_obj, action, Organization(pk=key))

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return self.has_perm(user_obj, f"{app_label}.view_any")


def _action_for(permission: str) -> str | None:
    app, _, name = permission.partition(".")
    verb, _, model = name.partition("_")
    if app == "analytics" and model in WEBHOOK_MODELS:
        return "webhooks.manage"
    if app in CONTENT_APPS:
        return "content.view" if verb == "view" else "content.edit"
    if app == "accounts" and (model in MEMBER_MODELS or verb == "view"):
        return "members.manage"
    if permission == "core.view_auditentry":
        return "activity.view"
    if (app, model) == ("accounts", "organization") and verb in {"view", "change"}:
        return "organization.edit"
    return None
