"""Passwords, and what ends with an old one."""

from typing import Any

from django.db import transaction

from accounts.models import ApiToken
from accounts.services.sessions import end_sessions
from accounts.services.tokens import revoke_token


def change_password(user: Any, password: str, *, keep_session: str | None, revoke_tokens: bool = False) -> None:
    """A person who knows the old password gives another one. Every other session ends; tokens only when asked."""
    with transaction.atomic():
        _set(user, password)
        end_sessions(user, keep=keep_session)
        if revoke_tokens:
            _revoke_all_tokens(user)


def reset_password(user: Any, password: str) -> None:
    """A person who may have been robbed of the old one: all sessions and all API tokens end."""
    with transaction.atomic():
        _set(user, password)
        end_sessions(user)
        _revoke_all_tokens(user)


def _set(user: Any, password: str) -> None:
    """Sessions that nobody listed end too: each carries a digest of the password it was opened with."""
    user.set_password(password)
    user.save(update_fields=["password"])


def _revoke_all_tokens(user: Any) -> None:
    """In each organization its owners read it."""
    for token in ApiToken.objects.filter(user=user):
        revoke_token(token, by=user)
