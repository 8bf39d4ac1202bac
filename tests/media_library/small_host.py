"""A host small enough to read: it stands where a real one does, and answers what a test tells it to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from media_library.models import Media
from media_library.sources import (
    SOURCES,
    Access,
    Check,
    Collection,
    Credential,
    Description,
    HostCaptions,
    Playback,
    Reference,
    Source,
    SourceError,
)

PREFIX = "https://small.test/"


@dataclass
class SmallHost(Source):
    """`told` is what it says of a video or how it fails; `asked` counts; `meanwhile` happens while it thinks."""

    name = "vimeo"
    label = "Small Host"
    key_field = "embed_id"
    credentials = (Credential("token", "Token", "From its settings."), Credential("key", "Key", "", is_long=True))

    told: Description | SourceError = field(default_factory=lambda: Description("A talk", duration=60.0))
    words: HostCaptions | SourceError = field(default_factory=lambda: SourceError("captions_absent"))
    listed: Sequence[str] | SourceError = ()
    finds: Sequence[Check] | SourceError = (Check("Read videos", works=True),)
    seen: list[dict[str, str]] = field(default_factory=list)
    asked: int = 0
    meanwhile: Callable[[], object] = object

    def recognize(self, address: str) -> Reference | Collection | None:
        if address.startswith(f"{PREFIX}lists/"):
            return Collection(self.name, address.removeprefix(f"{PREFIX}lists/"))
        return Reference(self.name, address.removeprefix(PREFIX)) if address.startswith(PREFIX) else None

    def address(self, reference: Reference) -> str:
        return f"{PREFIX}{reference.key}"

    def describe(self, reference: Reference, access: Access) -> Description:
        self.asked += 1
        self.meanwhile()
        return given(self.told)

    def captions(self, reference: Reference, access: Access) -> HostCaptions:
        return given(self.words)

    def items(self, collection: Collection, access: Access) -> Iterator[Reference]:
        yield from (Reference(self.name, key) for key in given(self.listed))

    def check(self, access: Access) -> Sequence[Check]:
        self.seen.append(dict(access.credentials))
        return given(self.finds)

    def playback(self, reference: Reference, access: Access, *, facts: Mapping[str, Any]) -> Playback:
        return Playback(player=self.name, attributes={"key": reference.key})


def given(answer: Any) -> Any:
    if isinstance(answer, SourceError):
        raise answer
    return answer


@pytest.fixture
def small_host(monkeypatch: pytest.MonkeyPatch) -> SmallHost:
    host = SmallHost()
    monkeypatch.setitem(SOURCES, "vimeo", host)
    return host


def hosted(key: str = "100001", **facts: Any) -> Media:
    """Media of the small host, as an import makes it."""
    return Media.objects.create(
        **{"source": "vimeo", "embed_id": key, "source_url": f"{PREFIX}{key}", "title": f"Video {key}", **facts}
    )
