"""The back office of what is known of the library."""

from knowledge.admin.course_drafts import CourseDraftAdmin, make_course
from knowledge.admin.drafts import DraftAdmin, drafts_panel

__all__ = ["CourseDraftAdmin", "DraftAdmin", "drafts_panel", "make_course"]
