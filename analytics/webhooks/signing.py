"""Secrets and signatures of Standard Webhooks: `v1,` and the base64 of an HMAC-SHA256 over `id.timestamp.body`."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """256 random bits, as integrators' libraries take them."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed_headers(message_id: str, *, timestamp: int, body: bytes, with_secrets: Iterable[str]) -> dict[str, str]:
    """What goes with a message sent at `timestamp` (seconds since 1970). Of several secrets each one signs."""
    content = f"{message_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(secret, content) for secret in with_secrets),
    }


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
