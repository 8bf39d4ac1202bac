"""Where a request comes from."""

from allauth.core.internal.ratelimit import get_ip
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address of whoever asks; a forwarded header counts as far as TRUSTED_PROXY_COUNT says. IPv6 by /64.

    Raises PermissionDenied where a request has none.
    """
    return str(get_ip(request))
