"""How integrators prove who they are."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication

from accounts.services.tokens import note_use


class Token(TokenAuthentication):
    """`Authorization: Token lectern_…`. The user counts as a member of the token's organisation only."""

    def authenticate(self, request: Any) -> Any:
        found = super().authenticate(request)
        if found is not None:
            found[0].roles.clear()
            note_use(found[1])
        return found


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.authentication.Token"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "`Token lectern_…`"}
