"""What the back office's pages about learners share: owners decide who gets in, creators look on."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from core.admin import OrganizationAdmin
from core.errors import Refused


class OwnersAdmin(OrganizationAdmin):
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

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What a service refuses is told on the form, with all that was typed; nothing of it is saved."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)  # the class is this request's own
        return form

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The service has noted it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The service has noted it."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        """The service notes it."""
