from media_library.models.media import Kind, Media, Publication, Source, Status
from media_library.models.rendition import Rendition
from media_library.models.transcript import Cue, Transcript
from media_library.models.watching import Device, Referrer, WatchRecord, WatchSession

__all__ = [
    "Cue",
    "Device",
    "Kind",
    "Media",
    "Publication",
    "Referrer",
    "Rendition",
    "Source",
    "Status",
    "Transcript",
    "WatchRecord",
    "WatchSession",
]
