"""Signed addresses: a token that says what it opens and until when, made here without asking Mux."""

import base64
import binascii
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from media_library.sources.protocol import Access

VIDEO, PICTURE = "v", "t"
HOUR = 3600.0


class NoKey(Exception):
    """There is no signing key, or none that can be used."""


def lifetime_for(duration: float | None) -> float:
    """Seconds that somebody may take to watch it: twice its length and an hour."""
    return 2 * (duration or 0) + HOUR


def signed(url: str, key: str, access: Access, *, audience: str, seconds: float, **claims: Any) -> str:
    """The address of something of a playback id with a token; `claims` are what a picture's query would say.

    Raises NoKey.
    """
    return f"{url}?token={token_for(key, access.credentials, audience=audience, seconds=seconds, **claims)}"


def token_for(
    key: str, credentials: Mapping[str, str], *, audience: str, seconds: float, **claims: Any
) -> str:  # fmt: skip
    """RS256, for that playback id and audience, for so many seconds from now. Raises NoKey."""
    name = credentials.get("signing_key_id", "")
    private = private_key(credentials.get("signing_private_key", ""))
    if not name:
        raise NoKey
    said = {**claims, "sub": key, "aud": audience, "exp": int(time.time() + seconds), "kid": name}
    return jwt.encode(said, private, algorithm="RS256", headers={"kid": name})


@lru_cache(maxsize=32)
def private_key(text: str) -> RSAPrivateKey:
    """As Mux shows it once, a PEM in base64, or the PEM itself. Raises NoKey."""
    try:
        pem = text.strip().encode() if "-----BEGIN" in text else base64.b64decode("".join(text.split()), validate=True)
        found = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, binascii.Error) as error:  # not base64, no PEM, broken, or with a password
        raise NoKey from error
    if not isinstance(found, RSAPrivateKey):
        raise NoKey
    return found
