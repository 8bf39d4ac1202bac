"""How passages and cues are ranked, in SQL that knows the organization and what the person may see."""

from knowledge.ranking.asked import rows
from knowledge.ranking.cues import CueHit, cues_around, mark_words, rank_cues
from knowledge.ranking.notes import NoteHit, rank_notes
from knowledge.ranking.passages import (
    BEST,
    RANKED_WHOLE,
    SEARCHED_NEIGHBORS,
    Hit,
    Meaning,
    Ranking,
    keys_of,
    rank_passages,
    search_graph_until_enough,
)

__all__ = [
    "BEST",
    "RANKED_WHOLE",
    "SEARCHED_NEIGHBORS",
    "CueHit",
    "Hit",
    "Meaning",
    "NoteHit",
    "Ranking",
    "cues_around",
    "keys_of",
    "mark_words",
    "rank_cues",
    "rank_notes",
    "rank_passages",
    "rows",
    "search_graph_until_enough",
]
