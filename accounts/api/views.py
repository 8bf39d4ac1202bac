"""The base of every API view: it opens the organization's scope and asks who may."""

from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import find_organization
from accounts.models import ApiToken, Organization
from accounts.models.membership import MAKERS
from accounts.models.token import Area
from accounts.permissions import can, role_in
from accounts.scopes import SAFE_METHODS, in_words, is_enough, scope_needed
from accounts.second_factor import lacks_second_factor
from core.errors import Refused
from core.tenancy import enter_organization, leave_organization


class OrganizationView(GenericAPIView):
    """Answers 404 to whoever is no member, 403 to a member (or a token) that may not.

    `reads` and `writes` name the actions of `accounts.permissions` that safe and unsafe methods need; `area` is what
    a token needs a scope of. Each view names its own: a test fails where one would inherit it.
    """

    area: ClassVar[Area]
    reads: ClassVar[str] = "course.learn"
    writes: ClassVar[str] = "content.edit"
    #: They change nothing; POST is one where it asks with more words than an address takes.
    reading_methods: ClassVar[frozenset[str]] = SAFE_METHODS
    metadata_class = None  # /api/schema/ says what there is, to whoever asks, without looking at rows
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
        self._check_scope(request)
        self._check_second_factor(request)
        action = self.reads if request.method in self.reading_methods else self.writes
        if not can(request.user, action, self.member_organization):
            raise PermissionDenied

    def scope_needed(self, method: str) -> str:
        return scope_needed(self.area, "GET" if method in self.reading_methods else method)

    def _check_scope(self, request: Request) -> None:
        """A session may do what its person may; a token only what its scopes say too."""
        needed = self.scope_needed(request.method or "")
        if isinstance(request.auth, ApiToken) and not is_enough(request.auth.scopes, needed):
            words = _("This token may not do that. It needs the scope %(scope)s: %(words)s.")
            raise Refused("scope_missing", words % {"scope": needed, "words": in_words(needed)}, status=403)

    def _check_second_factor(self, request: Request) -> None:
        """Of makers' sessions; a token was made by somebody who had it."""
        if isinstance(request.auth, ApiToken) or role_in(request.user, self.member_organization) not in MAKERS:
            return
        if lacks_second_factor(request.user):
            raise Refused("second_factor_missing", _("This asks for two-factor log-in. Turn it on first."), status=403)


def _organization_of(request: Request, slug: str) -> Organization:
    """That of the address, for its members; a token knows no other than its own. Raises Http404."""
    token = request.auth if isinstance(request.auth, ApiToken) else None
    organization = token.organization if token else find_organization(slug, request.user)
    if organization is None or organization.slug != slug or role_in(request.user, organization) is None:
        raise Http404
    return organization
