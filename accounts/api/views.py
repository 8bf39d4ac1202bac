"""The base of every API view: it opens the organisation's scope and asks who may."""

from typing import Any, ClassVar

from django.http import Http404
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import find_organization
from accounts.models import ApiToken, Organization
from accounts.models.token import Area
from accounts.permissions import can, role_in
from core.tenancy import enter_organization, leave_organization


class OrganizationView(GenericAPIView):
    """Answers 404 to whoever is no member, 403 to a member (or a token) that may not.

    `reads` and `writes` name the actions of `accounts.permissions` that safe and unsafe methods need.
    """

    area: ClassVar[Area] = Area.COURSES
    reads: ClassVar[str] = "course.learn"
    writes: ClassVar[str] = "content.edit"
    member_organization: Organization

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        token = enter_organization(None)
        try:
            response = super().dispatch(request, *args, **kwargs)
            # Serializers are lazy about nothing, but renderers run after `dispatch`: finish inside the scope.
            return response.render() if isinstance(response, Response) else response
        finally:
            leave_organization(token)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not request.user.is_authenticated:
            raise NotAuthenticated
        self.member_organization = _organization_of(request, kwargs["organization"])
        enter_organization(self.member_organization)
        action = self.reads if request.method in SAFE_METHODS else self.writes
        if not can(request.user, action, self.member_organization) or not _token_allows(request, self.area):
            raise PermissionDenied


def _organization_of(request: Request, slug: str) -> Organization:
    organization = find_organization(slug, request.user)
    if organization is None or role_in(request.user, organization) is None:
        raise Http404
    if isinstance(request.auth, ApiToken) and request.auth.membership.organization_id != organization.pk:
        raise Http404
    return organization


def _token_allows(request: Request, area: Area) -> bool:
    """A session may do what its person may; a token only what its scopes say too. Writing includes reading."""
    if not isinstance(request.auth, ApiToken):
        return True
    enough = {f"{area.value}:write"} | ({f"{area.value}:read"} if request.method in SAFE_METHODS else set())
    return not enough.isdisjoint(request.auth.scopes)
