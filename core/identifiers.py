"""UUIDv7: keys that are ordered by time and tell an outsider nothing that can be guessed."""

from datetime import datetime
from uuid import UUID

from uuid_utils import compat


def uuid7() -> UUID:
    """A new key; those of one process rise, even within a millisecond."""
    return compat.uuid7()


def first_of(moment: datetime) -> UUID:
    """The smallest UUIDv7 of that millisecond (RFC 9562, section 5.7): the border of a time range of keys."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | (0x7 << 76) | (0b10 << 62))


def moment_of(key: UUID) -> float:
    """Seconds since 1970 at which a UUIDv7 was made."""
    return (key.int >> 80) / 1000
