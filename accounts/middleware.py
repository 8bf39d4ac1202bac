"""Opens the scope of the organisation that the address names, or that the back office's session chose."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.access import back_office_membership, find_organization
from accounts.models import Organization
from core.tenancy import NoOrganization, enter_organization, leave_organization


class OrganizationMiddleware:
    """`request.organization` and the scope of everything the request does.

    An address of an organisation the person may not know of answers 404. API views open their scope themselves:
    they authenticate later than middleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.organization = None  # type: ignore[attr-defined]
        token = enter_organization(None)
        try:
            return self.get_response(request)
        finally:
            leave_organization(token)
            timezone.deactivate()

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        if request.path.startswith("/api/v1/"):
            return
        if request.path.startswith("/admin/"):
            self._enter_back_office(request)
        elif slug := kwargs.get("organization"):
            self._enter_address(request, slug)

    def _enter_address(self, request: HttpRequest, slug: str) -> None:
        organization = find_organization(slug, request.user)
        if organization is None:
            raise Http404
        self._enter(request, organization)

    def _enter_back_office(self, request: HttpRequest) -> None:
        if (membership := back_office_membership(request)) is not None:
            request.user.roles[membership.organization_id] = membership.role  # type: ignore[union-attr]
            self._enter(request, membership.organization)

    def _enter(self, request: HttpRequest, organization: Organization) -> None:
        """Its rows, and its clock on every page."""
        request.organization = organization  # type: ignore[attr-defined]
        enter_organization(organization)
        timezone.activate(organization.zone)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A superuser of no organisation has nothing to see on its pages, and is told so."""
        if isinstance(error, NoOrganization) and request.path.startswith("/admin/"):
            return redirect("admin:index")
        return None
