from media_library.admin import episode_switch, pictures, replacing, sound, steps, taking, usage
from media_library.admin.episodes import EpisodeAdmin
from media_library.admin.images import LibraryImageAdmin
from media_library.admin.listeners import ListenerKeyAdmin
from media_library.admin.media import MediaAdmin
from media_library.admin.playlists import PlaylistAdmin
from media_library.admin.podcasts import PodcastAdmin
from media_library.admin.projects import ProjectAdmin
from media_library.admin.shelves import CategoryAdmin, TagAdmin
from media_library.admin.site import SiteConfigurationAdmin
from media_library.admin.watching import WatchRecordAdmin

__all__ = [
    "CategoryAdmin",
    "EpisodeAdmin",
    "LibraryImageAdmin",
    "ListenerKeyAdmin",
    "MediaAdmin",
    "PlaylistAdmin",
    "ProjectAdmin",
    "PodcastAdmin",
    "SiteConfigurationAdmin",
    "TagAdmin",
    "WatchRecordAdmin",
    "episode_switch",
    "pictures",
    "replacing",
    "sound",
    "steps",
    "taking",
    "usage",
]
