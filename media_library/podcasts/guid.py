"""Which show a feed is, wherever it moves (Podcasting 2.0, `podcast:guid`). Pure."""

from uuid import UUID, uuid5

NAMESPACE = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")


def guid_of(url: str) -> UUID:
    """UUIDv5 of the address of its feed without scheme and trailing slashes."""
    return uuid5(NAMESPACE, url.partition("://")[2].rstrip("/") if "://" in url else url.rstrip("/"))
