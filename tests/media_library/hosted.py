"""Media at hosts, as an import would have made it, without any host being asked."""

from typing import Any

from django.utils import timezone

from media_library.models import Media, Publication
from media_library.sources import SOURCES, Reference

#: A key of the kind that each host gives.
KEYS = {
    "youtube": "AAAAAAAAAA1", "mux": "pb1", "loom": "0123456789abcdef0123456789abcdef", "vimeo": "123456789",
    "wistia": "abcde12345",
}  # fmt: skip


def hosted(source: str, creator: Any = None, *, secret: str = "", facts: Any = None, **given: Any) -> Media:
    """Published, and described by its host. In the scope of the organization."""
    host, key = SOURCES[source], KEYS[source]
    given = {"publication": Publication.PUBLISHED, "described_at": timezone.now(), "title": "Tides", **given}
    address = host.address(Reference(source, key, secret))
    names = {host.key_field: key, "source_url": address, "source_metadata": {"facts": facts or {}}}
    return Media.objects.create(source=source, creator=creator, **{**names, **given})
