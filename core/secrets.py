"""Secrets that open something (stored as digests) and secrets we must read again (stored sealed)."""

import base64
import hashlib
import secrets

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes


def new_secret() -> tuple[str, str]:
    """A secret for a link, 256 bits in URL-safe letters, and the digest to store of it."""
    secret = secrets.token_urlsafe(32)
    return secret, digest_of(secret)


def digest_of(secret: str) -> str:
    """SHA-256 in hex. Without salt: the secrets are random and long, and are found by their digest."""
    return hashlib.sha256(secret.encode()).hexdigest()


def seal(text: str) -> str:
    """Encrypted and authenticated with a key derived from SECRET_KEY."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed, also under one of SECRET_KEY_FALLBACKS. Raises cryptography.fernet.InvalidToken."""
    return _box().decrypt(sealed.encode()).decode()


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _derived(key: str | bytes) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"lectern seal " + force_bytes(key)).digest())
