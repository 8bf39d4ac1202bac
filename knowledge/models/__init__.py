from knowledge.models.passage import Embedding, Passage

__all__ = ["Embedding", "Passage"]
