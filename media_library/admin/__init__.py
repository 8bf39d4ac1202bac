from media_library.admin import episode_switch, pictures, replacing, sound, steps, usage
from media_library.admin.episodes import EpisodeAdmin
from media_library.admin.images import LibraryImageAdmin
from media_library.admin.media import MediaAdmin
from media_library.admin.playlists import PlaylistAdmin
from media_library.admin.podcasts import PodcastAdmin
from media_library.admin.shelves import CategoryAdmin, TagAdmin
from media_library.admin.site import SiteConfigurationAdmin
from media_library.admin.watching import WatchRecordAdmin

__all__ = [
    "CategoryAdmin",
    "EpisodeAdmin",
    "LibraryImageAdmin",
    "MediaAdmin",
    "PlaylistAdmin",
    "PodcastAdmin",
    "SiteConfigurationAdmin",
    "TagAdmin",
    "WatchRecordAdmin",
    "episode_switch",
    "pictures",
    "replacing",
    "sound",
    "steps",
    "usage",
]
