"""Keys for integrators. A token does what its scopes say, and never more than its person may."""

from datetime import timedelta
from hmac import compare_digest
from typing import Any, cast

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from knox.crypto import hash_token
from knox.settings import CONSTANTS

from accounts.models import ApiToken, Membership
from accounts.services.locking import lock_membership
from core.audit import record
from core.tenancy import organization_scope

MINUTE = timedelta(minutes=1)


def create_token(
    membership: Membership, *, name: str, scopes: list[str], lifetime: timedelta | None = None, by: Any = None
) -> tuple[ApiToken, str]:
    """Make a token and answer it with its one readable copy, which is stored nowhere. Written down like its end.

    Raises Refused: account_closed, membership_ended (403), whatever the membership was when it was read.
    """
    with organization_scope(membership.organization_id), transaction.atomic():
        held = lock_membership(membership)
        made = ApiToken.objects.create(
            user=held.user,
            organization_id=held.organization_id,
            membership=held,
            name=name,
            scopes=scopes,
            expiry=lifetime,  # type: ignore[misc]  # knox adds it to now
        )
        token, secret = cast("tuple[ApiToken, str]", made)
        record("token_made", by=by, row=token, detail=", ".join(scopes))
    return token, secret


def find_token(secret: str) -> ApiToken | None:
    """The token of a secret with its user, membership and organization, as long as it works. One statement.

    It works until it expires or is revoked, while the account is active and the membership is. Whatever else is the
    matter, the answer is None.
    """
    digest = hash_token(secret)
    candidates = working_tokens().filter(token_key=secret[: CONSTANTS.TOKEN_KEY_LENGTH])
    return next((token for token in candidates if compare_digest(token.digest, digest)), None)


def working_tokens() -> QuerySet[ApiToken]:
    """Those that open something, with their user, membership and organization."""
    living = Q(expiry__isnull=True) | Q(expiry__gt=timezone.now())
    holders = {"user__is_active": True, "user__erased_at__isnull": True, "membership__is_active": True}
    return ApiToken.objects.filter(living, **holders).select_related("user", "membership", "organization")


def revoke_token(token: ApiToken, *, by: Any) -> None:
    """End a token at once, and write down who did."""
    with organization_scope(token.organization_id), transaction.atomic():
        record("token_revoked", by=by, row=token)
        token.delete()


def note_use(token: ApiToken) -> None:
    """Remember when a token was last used, to the minute."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > MINUTE:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
