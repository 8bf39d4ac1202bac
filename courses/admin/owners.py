"""What the back office's pages about learners share: owners decide who gets in, creators look on."""

from typing import Any

from django.http import HttpRequest

from core.admin import NotedByServices, OrganizationAdmin


class OwnersAdmin(NotedByServices, OrganizationAdmin):
    """The services note what is done, and refuse in words that the form shows."""

    def _decides(self, request: HttpRequest) -> bool:
        """Letting people in is for those who decide who belongs here."""
        return request.user.has_perm("accounts.change_membership")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._decides(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._decides(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._decides(request)
