"""Connections are few: a thread that waits for somebody outside gives its own back meanwhile."""

from django.db import connection


def release_connection() -> None:
    """The next statement of this thread opens another one, for the role and organization in scope then.

    In a transaction it is kept.
    """
    if not connection.in_atomic_block:
        connection.close()
