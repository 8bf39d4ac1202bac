from media_library.models.batches import ExtractionMode, Frame, FrameExtraction, Project, UploadBatch
from media_library.models.hosts import HostMessage, LengthReport, Outcome, Rung, SourceAccount
from media_library.models.images import LibraryImage
from media_library.models.importing import Import, ImportFormat, ImportRow, RowState
from media_library.models.listening import Download, FeedVisit, GoneFeed, ListenerKey
from media_library.models.media import Kind, Media, Publication, Source, Status
from media_library.models.pictures import Storyboard
from media_library.models.playlist import Playlist, PlaylistEntry, PlaylistStatus, PlaylistType
from media_library.models.podcast_imports import PodcastImport, ShowImportState
from media_library.models.podcasts import (
    Audience,
    Episode,
    EpisodeType,
    Medium,
    Podcast,
    PodcastPerson,
    Season,
    ShowStatus,
    ShowType,
)
from media_library.models.rendition import Rendition, RenditionKind
from media_library.models.shelving import Category, Contribution, Credit, MediaCategory, MediaTag, Tag
from media_library.models.site import Format, SiteConfiguration, SiteConfigurationChange, Weekday
from media_library.models.transcript import Cue, Method, Timing, Transcript
from media_library.models.upload import AllowanceReset, Upload, UploadMethod, UploadState
from media_library.models.watching import Device, Referrer, WatchRecord, WatchSession

__all__ = [
    "AllowanceReset",
    "Audience",
    "Category",
    "Contribution",
    "Credit",
    "Cue",
    "Device",
    "Download",
    "Episode",
    "EpisodeType",
    "ExtractionMode",
    "FeedVisit",
    "ShowImportState",
    "Format",
    "Frame",
    "FrameExtraction",
    "GoneFeed",
    "HostMessage",
    "Import",
    "ImportFormat",
    "ImportRow",
    "Kind",
    "LengthReport",
    "LibraryImage",
    "ListenerKey",
    "Media",
    "MediaCategory",
    "MediaTag",
    "Medium",
    "Method",
    "Outcome",
    "Playlist",
    "PlaylistEntry",
    "PlaylistStatus",
    "PlaylistType",
    "Podcast",
    "PodcastImport",
    "PodcastPerson",
    "Project",
    "Publication",
    "Referrer",
    "Rendition",
    "RenditionKind",
    "RowState",
    "Rung",
    "Season",
    "ShowStatus",
    "ShowType",
    "SiteConfiguration",
    "SiteConfigurationChange",
    "Source",
    "SourceAccount",
    "Status",
    "Storyboard",
    "Tag",
    "Timing",
    "Transcript",
    "Upload",
    "UploadBatch",
    "UploadMethod",
    "UploadState",
    "WatchRecord",
    "WatchSession",
    "Weekday",
]
