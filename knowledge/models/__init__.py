from knowledge.models.course_draft import (
    CourseDraft,
    CourseDraftEntry,
    CourseDraftState,
    CourseDraftStep,
    LessonState,
)
from knowledge.models.draft import Draft, DraftKind, DraftState
from knowledge.models.passage import Embedding, Passage

__all__ = [
    "CourseDraft",
    "CourseDraftEntry",
    "CourseDraftState",
    "CourseDraftStep",
    "Draft",
    "DraftKind",
    "DraftState",
    "Embedding",
    "LessonState",
    "Passage",
]
