"""The back office of what is known of the library."""

from knowledge.admin import course_drafts

__all__ = ["course_drafts"]
