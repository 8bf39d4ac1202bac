from knowledge.models.draft import Draft, DraftKind, DraftState
from knowledge.models.label import Label, Labelling, MediaLabel
from knowledge.models.passage import Embedding, Passage
from knowledge.models.search_model import SearchModel, SearchModelState
from knowledge.models.spelling import Spelling

__all__ = [
    "Draft",
    "DraftKind",
    "DraftState",
    "Embedding",
    "Label",
    "Labelling",
    "MediaLabel",
    "Passage",
    "SearchModel",
    "SearchModelState",
    "Spelling",
]
