from analytics.admin.media_day import MediaDayAdmin

__all__ = ["MediaDayAdmin"]
