"""What the back office's pages about people share: the services note what is done, and refuse in words."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest

from core.admin import NotedByServices, OrganizationAdmin
from core.errors import Refused
from core.tenancy import current_organization_id


class PeopleAdmin(NotedByServices, OrganizationAdmin):
    """Rows that are looked up before a scope exists: the organization in scope is asked for by hand."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(organization=current_organization_id())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def do_to_all(self, request: HttpRequest, rows: Iterable[Any], verb: Callable[..., Any], *, words: str) -> None:
        """One after the other; a refusal of one is told and does not keep the others."""
        done = [row for row in rows if self._do(request, row, verb)]
        if done:
            self.message_user(request, f"{words}: {', '.join(map(str, done))}.", messages.SUCCESS)

    def _do(self, request: HttpRequest, row: Any, verb: Callable[..., Any]) -> bool:
        try:
            verb(row, by=request.user)
        except Refused as refusal:
            self.message_user(request, f"{row}: {refusal.message}", messages.ERROR)
            return False
        return True
