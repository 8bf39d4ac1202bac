"""How passages and cues are ranked, in SQL that knows the organization and what the person may see."""

from knowledge.ranking.cues import CueHit, cues_around, mark_words, rank_cues
from knowledge.ranking.passages import BEST, RANKED_WHOLE, SEARCHED_NEIGHBORS, Hit, Meaning, Ranking, rank_passages

__all__ = [
    "BEST",
    "RANKED_WHOLE",
    "SEARCHED_NEIGHBORS",
    "CueHit",
    "Hit",
    "Meaning",
    "Ranking",
    "cues_around",
    "mark_words",
    "rank_cues",
    "rank_passages",
]
