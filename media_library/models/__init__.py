from media_library.models.media import Kind, Media, Publication, Source, Status
from media_library.models.pictures import Storyboard
from media_library.models.rendition import Rendition, RenditionKind
from media_library.models.shelving import Category, Contribution, Credit, MediaCategory, MediaTag, Tag
from media_library.models.site import Format, SiteConfiguration, SiteConfigurationChange, Weekday
from media_library.models.transcript import Cue, Transcript
from media_library.models.upload import AllowanceReset, Upload, UploadMethod, UploadState
from media_library.models.watching import Device, Referrer, WatchRecord, WatchSession

__all__ = [
    "AllowanceReset",
    "Category",
    "Contribution",
    "Credit",
    "Cue",
    "Device",
    "Format",
    "Kind",
    "Media",
    "MediaCategory",
    "MediaTag",
    "Publication",
    "Referrer",
    "Rendition",
    "RenditionKind",
    "SiteConfiguration",
    "SiteConfigurationChange",
    "Source",
    "Status",
    "Storyboard",
    "Tag",
    "Transcript",
    "Upload",
    "UploadMethod",
    "UploadState",
    "WatchRecord",
    "WatchSession",
    "Weekday",
]
