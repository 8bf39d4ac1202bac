from knowledge.models.passage import Embedding, Passage
from knowledge.models.spelling import Spelling

__all__ = ["Embedding", "Passage", "Spelling"]
