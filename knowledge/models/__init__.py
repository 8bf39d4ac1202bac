from knowledge.models.passage import Embedding, Passage
from knowledge.models.search_model import SearchModel, SearchModelState

__all__ = ["Embedding", "Passage", "SearchModel", "SearchModelState"]
