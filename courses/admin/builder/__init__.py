"""The course builder: its doors in the back office, and what can be done there."""

from courses.admin.builder.doors import builder_urls, outline_context

__all__ = ["builder_urls", "outline_context"]
