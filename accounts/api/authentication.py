"""How integrators prove who they are."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from knox.settings import CONSTANTS
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, Throttled

from accounts.models import ApiToken
from accounts.origin import address_of
from accounts.services.limits import TooManyTries, charge
from accounts.services.tokens import find_token, note_use


class Token(TokenAuthentication):
    """`Authorization: Token lectern_…`. The user counts as a member of the token's organization only."""

    def authenticate(self, request: Any) -> Any:
        """Raises Throttled where wrong secrets of one token come too often; the right one opens all the same."""
        try:
            return super().authenticate(request)
        except AuthenticationFailed:
            _charge_mistake(request)
            raise

    def authenticate_credentials(self, token: bytes) -> tuple[Any, ApiToken]:
        """Raises AuthenticationFailed, in the same words for a wrong secret and for one that works no more."""
        found = find_token(token.decode("utf-8", "replace"))
        if found is None:
            raise AuthenticationFailed(_("This token is wrong, or works no longer."))
        note_use(found)
        found.user.roles = {found.organization_id: found.membership.role}
        return found.user, found


def _charge_mistake(request: Any) -> None:
    """Counted for the part of a token by which it is recognized."""
    sent = get_authorization_header(request).split()[-1].decode("utf-8", "replace")
    try:
        charge("token", account=sent[: CONSTANTS.TOKEN_KEY_LENGTH], address=address_of(request))
    except TooManyTries as refusal:
        raise Throttled(wait=refusal.seconds) from refusal


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.authentication.Token"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "`Token lectern_…`"}
