from knowledge.models.conversation import Answer, Citation, Conversation
from knowledge.models.course_draft import (
    CourseDraft,
    CourseDraftEntry,
    CourseDraftState,
    CourseDraftStep,
    LessonState,
)
from knowledge.models.draft import Draft, DraftKind, DraftState
from knowledge.models.frame_note import FrameNote
from knowledge.models.label import Label, Labelling, MediaLabel
from knowledge.models.passage import Embedding, Passage
from knowledge.models.repetition import KnownBy, Repetition, RepetitionSearch
from knowledge.models.search_model import SearchModel, SearchModelState
from knowledge.models.spelling import Spelling

__all__ = [
    "Answer",
    "Citation",
    "Conversation",
    "CourseDraft",
    "CourseDraftEntry",
    "CourseDraftState",
    "CourseDraftStep",
    "Draft",
    "DraftKind",
    "DraftState",
    "Embedding",
    "FrameNote",
    "KnownBy",
    "Label",
    "Labelling",
    "LessonState",
    "MediaLabel",
    "Passage",
    "Repetition",
    "RepetitionSearch",
    "SearchModel",
    "SearchModelState",
    "Spelling",
]
