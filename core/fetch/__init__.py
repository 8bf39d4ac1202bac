"""The one way out for anything that an address of a user's, or an answer of a host's, can reach.

Only jobs and commands go out (`network_allowed`). The name is resolved once, every address it has must be public, and
one of those very addresses is connected to; each redirect is a request of its own; bytes and seconds are bounded.

Own code, because the best library found, requests-hardened 1.3, pins addresses but looks at the first one only, knows
no trusted origins, bounds neither bytes nor seconds, and passes own headers and bodies on when redirected.
"""

from core.fetch.addresses import origin_of, refuse_odd_address
from core.fetch.arriving import forget_part
from core.fetch.client import Answer, Fetcher
from core.fetch.errors import FetchError
from core.fetch.limits import (
    CONNECT_SECONDS,
    MOST_BYTES,
    MOST_SECONDS,
    READ_SECONDS,
    network_allowed,
)
from core.fetch.session import MOST_REDIRECTS, GuardedAdapter, GuardedSession, Turn, no_turn

__all__ = [
    "CONNECT_SECONDS",
    "MOST_BYTES",
    "MOST_REDIRECTS",
    "MOST_SECONDS",
    "READ_SECONDS",
    "Answer",
    "FetchError",
    "Fetcher",
    "GuardedAdapter",
    "GuardedSession",
    "Turn",
    "forget_part",
    "network_allowed",
    "no_turn",
    "origin_of",
    "refuse_odd_address",
]
