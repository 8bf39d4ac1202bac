from knowledge.models.draft import Draft, DraftKind, DraftState
from knowledge.models.passage import Embedding, Passage

__all__ = ["Draft", "DraftKind", "DraftState", "Embedding", "Passage"]
