"""What a public site must not do. These run with every command and before the web server answers anybody."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register  # noqa: A004

#: Asked by `config.start` before anything is served; checks of other parts of the house may carry it too.
START = "start"
Found = Sequence[CheckMessage]


@register(START, Tags.security)
def public_address_is_https(**_: Any) -> Found:
    if not settings.PUBLIC_URL or _is_public_address(settings.PUBLIC_URL):
        return []
    words = f"LECTERN_URL is {settings.PUBLIC_URL!r}. A public site has an address like https://learn.example.org."
    return [Error(words, hint="On a machine of your own leave LECTERN_URL empty.", id="lectern.E001")]


@register(START, Tags.security)
def public_site_does_not_debug(**_: Any) -> Found:
    if not (settings.PUBLIC_URL and settings.DEBUG):
        return []
    words = "DEBUG is on while LECTERN_URL makes this a public site: error pages would show code and settings."
    return [Error(words, hint="Remove DEBUG from the environment.", id="lectern.E002")]


@register(START, Tags.security)
def public_site_knows_its_hosts(**_: Any) -> Found:
    if not settings.PUBLIC_URL or "*" not in settings.ALLOWED_HOSTS:
        return []
    words = "ALLOWED_HOSTS contains '*': anybody could have links of our mails point to a host of theirs."
    return [Error(words, hint="Name the hosts, or leave ALLOWED_HOSTS empty.", id="lectern.E003")]


@register(START, Tags.security)
def metrics_token_is_long(**_: Any) -> Found:
    if not settings.METRICS_TOKEN or len(settings.METRICS_TOKEN) >= 20:
        return []
    words = "METRICS_TOKEN is too short: whoever guesses it reads what this installation does."
    return [Error(words, hint="20 random characters are the least; empty, there are no metrics.", id="lectern.E005")]


@register(START, Tags.security)
def public_site_has_a_real_key(**_: Any) -> Found:
    if not settings.PUBLIC_URL or (len(settings.SECRET_KEY) >= 50 and len(set(settings.SECRET_KEY)) >= 10):
        return []
    words = "SECRET_KEY is too short or too simple for a public site: 50 characters are the least."
    hint = "python -c 'import secrets; print(secrets.token_urlsafe(64))' makes one."
    return [Error(words, hint=hint, id="lectern.E004")]


@register(Tags.security, deploy=True)
def proxies_are_counted(**_: Any) -> Found:
    if not settings.SECURE_PROXY_SSL_HEADER or settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return []
    words = "BEHIND_PROXY is set but TRUSTED_PROXY_COUNT is 0: everybody seems to come from the proxy's address."
    return [Warning(words, hint="Set TRUSTED_PROXY_COUNT to the number of proxies.", id="lectern.W001")]


@register(Tags.security, deploy=True)
def mail_leaves_the_house(**_: Any) -> Found:
    if not settings.PUBLIC_URL or not settings.EMAIL_BACKEND.endswith(("console.EmailBackend", "dummy.EmailBackend")):
        return []
    words = "EMAIL_URL is not set: mail is written to the log, so nobody can confirm an address or reset a password."
    return [Info(words, id="lectern.I001")]


def _is_public_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(parts.hostname)
