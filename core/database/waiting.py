"""Connections are few: a thread that waits for somebody outside gives its own back meanwhile."""

from time import monotonic

from django.db import connection

AT_ONCE_SECONDS = 0.5  # who waits no longer keeps it: opening another one costs as much as a small page


def release_connection(*, waiting_since: float) -> None:
    """Gives it back where the wait is a long one by now (`time.monotonic()`).

    The next statement of this thread opens another, for the role and organization in scope then. In a transaction it
    is kept.
    """
    if monotonic() - waiting_since > AT_ONCE_SECONDS and not connection.in_atomic_block:
        connection.close()
