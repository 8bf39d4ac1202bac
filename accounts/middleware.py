"""Opens the scope of the organization that the address names, or that the back office's session chose."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts.access import back_office_organization, find_organization
from accounts.models import Organization
from core.audit import acts_as_platform, record
from core.tenancy import NoOrganization, enter_organization, leave_organization

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
#: Where one chooses the organization to work in: inside none, so that entering one says nothing in another.
BETWEEN_ORGANIZATIONS = frozenset({"organizations", "choose_organization", "leave_organization"})


def opens_own_scope(view: Any) -> Any:
    """For what is asked so often that it finds its organization itself, and seldom: files behind a signed link."""
    view.opens_own_scope = True
    return view


class LoginMiddleware(LoginRequiredMiddleware):
    """Asks who is logged in only for views that want somebody to be: a segment of a film costs no statement."""

    def process_view(self, request: HttpRequest, view_func: Any, *given: Any) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, *given)


class OrganizationMiddleware:
    """`request.organization` and the scope of everything the request does.

    An address of an organization the person may not know of answers 404. API views open their scope themselves:
    they authenticate later than middleware, and let nobody in who is no member. So do files (`opens_own_scope`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.organization = None  # type: ignore[attr-defined]
        request.platform_actor = None  # type: ignore[attr-defined]
        token = enter_organization(None)
        try:
            response = self.get_response(request)
            _note_platform_act(request, response)
            return response
        finally:
            leave_organization(token)
            timezone.deactivate()

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        if request.path.startswith("/api/v1/") or getattr(view, "opens_own_scope", False):
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
        if request.resolver_match is not None and request.resolver_match.url_name in BETWEEN_ORGANIZATIONS:
            return
        if (organization := back_office_organization(request)) is not None:
            self._enter(request, organization)

    def _enter(self, request: HttpRequest, organization: Organization) -> None:
        """Its rows, and its clock on every page."""
        request.organization = organization  # type: ignore[attr-defined]
        enter_organization(organization)
        timezone.activate(organization.zone)
        if request.method not in SAFE_METHODS and acts_as_platform(request.user):
            request.platform_actor = request.user  # type: ignore[attr-defined]  # before they join, or log out

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A superuser who has chosen no organization yet is shown which there are."""
        if isinstance(error, NoOrganization) and request.path.startswith("/admin/"):
            return redirect("admin:index")
        return None


def _note_platform_act(request: HttpRequest, response: HttpResponse) -> None:
    """Whatever a superuser sends to an organization they are no member of can be read there by its owners."""
    if (actor := request.platform_actor) is not None:  # type: ignore[attr-defined]
        record("sent", by=actor, detail=f"{request.method} {request.path} {response.status_code}")
