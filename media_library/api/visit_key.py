"""How a player proves whose visit it reports to: by the key it got when the visit began.

Everybody who watches sends a report every ten seconds. Looking up session and account each time would cost more than
counting what was played. The key says both and opens nothing but reports to that visit, also after logging out; whether
the person is still a member is asked every time.
"""

from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from accounts.models import User
from media_library.models import WatchSession

HEADER = "X-Visit-Key"
SALT = "media_library.visit"


def key_of(session: WatchSession) -> str:
    """What the player of this visit sends along."""
    return Signer(salt=SALT).sign(f"{session.pk}:{session.user_id}").partition(":")[2]


class VisitKey(BaseAuthentication):
    """`X-Visit-Key`, for the visit that the address names. Of the person only the key is known then."""

    def authenticate(self, request: Any) -> tuple[User, None] | None:
        """Raises AuthenticationFailed for a key that is not of this visit."""
        if not (key := request.headers.get(HEADER)):
            return None
        visit = request.parser_context["kwargs"]["session_id"]
        try:
            _visit, _colon, user = Signer(salt=SALT).unsign(f"{visit}:{key}").partition(":")
        except BadSignature as error:
            raise AuthenticationFailed(_("This key is not that of this visit.")) from error
        return User(pk=UUID(user)), None

    def authenticate_header(self, request: Any) -> str:
        """A wrong key answers 401, not 403."""
        return "Visit"


class VisitKeyScheme(OpenApiAuthenticationExtension):
    target_class = "media_library.api.visit_key.VisitKey"
    name = "visit"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": HEADER, "description": "`key` of the answer that began it"}
