from analytics.admin.media_day import MediaDayAdmin
from analytics.admin.media_panel import media_panel

__all__ = ["MediaDayAdmin", "media_panel"]
