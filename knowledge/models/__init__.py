from knowledge.models.conversation import Answer, Citation, Conversation
from knowledge.models.passage import Embedding, Passage

__all__ = ["Answer", "Citation", "Conversation", "Embedding", "Passage"]
