"""Keys for integrators."""

from datetime import timedelta
from typing import Any, cast

from django.db import transaction

from accounts.models import ApiToken, Membership


def create_token(
    membership: Membership, *, name: str, scopes: list[str], lifetime: timedelta | None = None
) -> tuple[ApiToken, str]:
    """Make a token and answer it with its one readable copy, which is stored nowhere."""
    with transaction.atomic():
        made = ApiToken.objects.create(
            user=membership.user,
            membership=membership,
            name=name,
            scopes=scopes,
            expiry=lifetime,  # type: ignore[misc]  # knox adds it to now
        )
    return cast("tuple[ApiToken, str]", made)


def revoke_token(token_id: Any, *, by: Any) -> bool:
    """End one of the person's own tokens at once. Answers whether there was one."""
    deleted, _ = ApiToken.objects.filter(pk=token_id, user=by).delete()
    return bool(deleted)
