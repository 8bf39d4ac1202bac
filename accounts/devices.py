"""Browsers in which an account was opened before.

Their tries at the log-in are counted apart. Otherwise whoever floods an account from ever new addresses would keep
its own person out for as long as they go on.
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from core.secrets import digest_of, new_secret

KEPT = timedelta(days=365)
SALT = "accounts.devices"


def device_of(request: HttpRequest, *, account: str) -> str | None:
    """The name of this browser, if that account was opened in it before."""
    try:
        known = signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return None
    return str(known["device"]) if known["account"] == _trace(account) else None


def remember(response: HttpResponse, *, account: str) -> None:
    """Know this browser from now on; the cookie says nothing to others and opens nothing by itself."""
    value = signing.dumps({"account": _trace(account), "device": new_secret()[1]}, salt=SALT)
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME, value, max_age=KEPT, httponly=True, samesite="Lax", secure=settings.PUBLIC
    )


def _trace(account: str) -> str:
    return digest_of(account.strip().lower())
