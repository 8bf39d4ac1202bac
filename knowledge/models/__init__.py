from knowledge.models.label import Label, Labelling, MediaLabel
from knowledge.models.passage import Embedding, Passage

__all__ = ["Embedding", "Label", "Labelling", "MediaLabel", "Passage"]
