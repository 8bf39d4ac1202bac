from media_library.admin import pictures, sound, steps, usage
from media_library.admin.media import MediaAdmin
from media_library.admin.shelves import CategoryAdmin, TagAdmin
from media_library.admin.site import SiteConfigurationAdmin

__all__ = ["CategoryAdmin", "MediaAdmin", "SiteConfigurationAdmin", "TagAdmin", "pictures", "sound", "steps", "usage"]
