"""Loom."""

from collections.abc import Mapping
from typing import Any

from media_library.sources.errors import SourceError
from media_library.sources.protocol import Access, Collection, Description, Playback, Reference, Source


class Loom(Source):
    name = "loom"
    label = "Loom"
    key_field = "embed_id"

    def recognize(self, address: str) -> Reference | Collection | None:
        return None

    def address(self, reference: Reference) -> str:
        return f"https://loom.com/{reference.key}"

    def describe(self, reference: Reference, access: Access) -> Description:
        raise SourceError("not_found")

    def playback(self, reference: Reference, access: Access, *, facts: Mapping[str, Any]) -> Playback:
        return Playback(player=self.name)
