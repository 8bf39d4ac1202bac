"""The one helper through which settings read the environment, and what follows from where Lectern runs."""

import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env

env = Env()


def secret_key(data: Path, *, public: bool) -> str:
    """The signing key: from SECRET_KEY, or a private file of the data folder on a machine of one's own.

    Raises ImproperlyConfigured where the site is public and no key is set: one made up would differ between hosts.
    """
    if key := env.str("SECRET_KEY", ""):
        return key
    if public:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. LECTERN_URL makes this a public site, which needs its own long random key."
        )
    return _own_secret_key(data / "secret_key")


def _own_secret_key(file: Path) -> str:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        if not file.exists():
            draft.rename(file)  # whole or not at all: two processes may start together
        draft.unlink(missing_ok=True)
    return file.read_text()


def allowed_hosts(url: str) -> list[str]:
    """Host names this site answers to: that of its public address, or just this machine."""
    extra: list[str] = env.list("ALLOWED_HOSTS", [])
    return [host for host in [urlsplit(url).hostname, *extra] if host] or ["localhost", "127.0.0.1", "[::1]"]
