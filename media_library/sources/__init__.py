"""The hosts of videos: one adapter file and one line here for each.

Django is not set up when the settings read the options of each: nothing here imports a model.
"""

from collections.abc import Iterable

from media_library.sources.errors import NotOneVideo, SourceError
from media_library.sources.loom import Loom
from media_library.sources.mux import Mux
from media_library.sources.protocol import (
    Access,
    Check,
    Collection,
    Credential,
    Description,
    Forged,
    HostCaptions,
    HostFile,
    Lesson,
    Message,
    Option,
    Playback,
    Reference,
    Source,
    Tells,
)
from media_library.sources.vimeo import Vimeo
from media_library.sources.whop import Whop
from media_library.sources.wistia import Wistia
from media_library.sources.youtube import YouTube

SOURCES: dict[str, Source] = {
    source.name: source for source in (YouTube(), Mux(), Loom(), Vimeo(), Wistia(), Whop())
}  # fmt: skip


def recognize(address: str) -> Reference | Collection | None:
    """What an address names, at whatever host; None where no host knows it. Raises NotOneVideo."""
    found = (source.recognize(address) for source in SOURCES.values())
    return next((one for one in found if one is not None), None)


def labels() -> Iterable[str]:
    """Of the hosts whose addresses can be pasted: what is only synchronized is no part of it."""
    return [source.label for source in SOURCES.values() if not source.stored_as]


__all__ = [
    "SOURCES",
    "Access",
    "Check",
    "Collection",
    "Credential",
    "Description",
    "Forged",
    "HostCaptions",
    "HostFile",
    "Lesson",
    "Message",
    "NotOneVideo",
    "Option",
    "Playback",
    "Reference",
    "Source",
    "SourceError",
    "Tells",
    "labels",
    "recognize",
]
