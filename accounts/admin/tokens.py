from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from accounts.models import ApiToken
from accounts.scopes import in_words
from accounts.services.tokens import revoke_token
from core.admin import OrganizationAdmin, ReadOnly
from core.tenancy import current_organization_id


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnly, OrganizationAdmin):
    """The keys of all members, for owners: to look at and to revoke. What they are is stored nowhere."""

    list_display = ["name", "user", "prefix", "may", "created", "expiry", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["name", "token_key", "user__email", "user__name"]
    ordering = ["-created"]
    fields = ["name", "user", "prefix", "may", "created", "expiry", "last_used_at"]
    readonly_fields = fields
    actions = ["revoke_selected"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        """Tokens are looked up before there is a scope, so this one is set by hand."""
        tokens: QuerySet[ApiToken] = super().get_queryset(request)
        return tokens.filter(organization=current_organization_id())

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.delete_apitoken")

    @admin.action(description=_("Revoke"), permissions=["revoke"])
    def revoke_selected(self, request: HttpRequest, tokens: QuerySet[ApiToken]) -> None:
        revoked = list(tokens)
        for token in revoked:
            revoke_token(token, by=request.user)
        words = ngettext("%(count)d token was revoked.", "%(count)d tokens were revoked.", len(revoked))
        self.message_user(request, words % {"count": len(revoked)}, messages.SUCCESS)

    @display(description=_("Begins with"))
    def prefix(self, token: ApiToken) -> str:
        return f"{token.token_key}…"

    @display(description=_("May"))
    def may(self, token: Any) -> str:
        return ", ".join(in_words(scope) for scope in token.scopes)
