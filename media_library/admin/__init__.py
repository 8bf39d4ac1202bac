from media_library.admin.media import MediaAdmin

__all__ = ["MediaAdmin"]
