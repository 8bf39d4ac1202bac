"""Keys for integrators."""

from datetime import timedelta
from typing import Any, cast

from django.db import transaction
from django.utils import timezone

from accounts.models import ApiToken, Membership

MINUTE = timedelta(minutes=1)


def create_token(
    membership: Membership, *, name: str, scopes: list[str], lifetime: timedelta | None = None
) -> tuple[ApiToken, str]:
    """Make a token and answer it with its one readable copy, which is stored nowhere."""
    with transaction.atomic():
        made = ApiToken.objects.create(
            user=membership.user,
            organization_id=membership.organization_id,
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


def note_use(token: ApiToken) -> None:
    """Remember when a token was last used, to the minute."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > MINUTE:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
