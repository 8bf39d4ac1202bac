"""Written feeds, kept by each process until something changes that they tell."""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.utils import timezone

from media_library.podcasts.channel import Channel
from media_library.podcasts.feed import write_feed

#: Each process has its own: forgetting costs writing it once more. A feed of 500 episodes has a megabyte.
_written = LocMemCache("feeds", {"TIMEOUT": 3600, "OPTIONS": {"MAX_ENTRIES": 60}})

PACKING = 6  # of 1–9: a megabyte in some 20 ms, once for each change
MONTH = 30 * 24 * 3600  # seconds


@dataclass(frozen=True)
class Written:
    """A feed as it is sent; `since` says from when on it has read like this. `packed` is `body` as gzip."""

    state: str
    body: bytes
    packed: bytes
    digest: str
    since: datetime

    def as_told(self, *, packed: bool) -> tuple[bytes, str]:
        """What is sent, and its ETag: it names these very bytes, so each coding has its own (RFC 9110, 8.8.3.3)."""
        return (self.packed, f'"{self.digest}-gzip"') if packed else (self.body, f'"{self.digest}"')


def written_feed(address: str, *, state: str, build: Callable[[], Channel]) -> Written:
    """The feed of an address; built where `state` is not the one that the kept one was built in."""
    key = hashlib.sha256(address.encode()).hexdigest()
    kept: Written | None = _written.get(key)
    if kept is not None and kept.state == state:
        return kept
    body = write_feed(build())
    digest = hashlib.sha256(body).hexdigest()[:32]
    written = Written(state, body, gzip.compress(body, PACKING, mtime=0), digest, _since(key, digest))
    _written.set(key, written)
    return written


def _since(key: str, digest: str) -> datetime:
    """All processes tell the same. Two changes within a second are told a second apart: whole seconds are compared."""
    now = timezone.now().replace(microsecond=0)
    told, since = cache.get(f"feed:{key}", ("", now - timedelta(seconds=1)))
    if told == digest:
        return since
    since = max(now, since + timedelta(seconds=1))
    cache.set(f"feed:{key}", (digest, since), timeout=MONTH)
    return since
