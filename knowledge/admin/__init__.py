"""The back office of what is known of the library."""

from knowledge.admin.answers import AnswerAdmin
from knowledge.admin.course_drafts import CourseDraftAdmin, make_course
from knowledge.admin.drafts import DraftAdmin, drafts_panel
from knowledge.admin.labels import LabelAdmin
from knowledge.admin.media_labels import labels_panel

__all__ = [
    "AnswerAdmin", "CourseDraftAdmin", "DraftAdmin", "LabelAdmin", "drafts_panel", "labels_panel", "make_course",
]  # fmt: skip
