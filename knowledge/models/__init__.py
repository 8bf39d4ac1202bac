from knowledge.models.course_draft import (
    CourseDraft,
    CourseDraftEntry,
    CourseDraftState,
    CourseDraftStep,
    LessonState,
)
from knowledge.models.passage import Embedding, Passage

__all__ = [
    "CourseDraft",
    "CourseDraftEntry",
    "CourseDraftState",
    "CourseDraftStep",
    "Embedding",
    "LessonState",
    "Passage",
]
