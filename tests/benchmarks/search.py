"""The search endpoint, by words and meaning, in 1 % of 100,000 passages ÷ the two bare SQL queries one after the other.

With it the search page, whose filters, pictures and frame come on top.
The embedder stands on loopback; what asking it takes is subtracted, since the vector of the question is given.
"""

import os
from pathlib import Path
from typing import Any

from knowledge.models.passage import DEFAULT_MODEL
from tests.benchmarks.asking import REQUESTS, Query, bare, beyond, doors_of, embedding, queries
from tests.benchmarks.ground import alternate, summary
from tests.benchmarks.passages import Library, Vectors, fill, word
from tests.benchmarks.people import found, maker

PASSAGES, ROUNDS = int(os.environ.get("PASSAGES", "100000")), 7
CUES, WORDS = 40, 12  # of each passage, and of each cue, where somebody asks
MEDIUM = range(700, 700 + 3 * REQUESTS)  # words that some fifty of a thousand passages say
BY_WORDS = """
SELECT id FROM knowledge_passage, to_tsquery('english', %s) AS asked
WHERE organization_id = %s AND search_vector @@ asked ORDER BY ts_rank(search_vector, asked, 1) DESC LIMIT 50"""
BY_MEANING = """
SELECT passage_id FROM knowledge_embedding WHERE organization_id = %s AND model = %s
ORDER BY vector <=> %s::halfvec(1536) LIMIT 50"""


def measure(data: Path) -> dict[str, Any]:
    here, vectors = found(), Vectors()
    person, asked = maker(here), queries(_texts(), vectors)
    share = max(PASSAGES // 100, 100)
    fill(Library(here, share, CUES, WORDS), Library(found("others"), PASSAGES - share, 4, 10), vectors=vectors)

    def by_words(query: Query) -> tuple[str, list[Any]]:
        return BY_WORDS, [query.text.replace(" ", " | "), here.pk]

    def by_meaning(query: Query) -> tuple[str, list[Any]]:
        return BY_MEANING, [here.pk, DEFAULT_MODEL, query.literal]

    with doors_of(asked, person=person, data=data) as doors:
        ours, theirs = alternate(doors.endpoint, lambda: bare([by_words, by_meaning], asked), rounds=ROUNDS)
        page = [doors.page() for _ in range(ROUNDS)]
        given = embedding(asked, here)
    return {
        "ratio": beyond(given, ours, theirs), "aim": 2, "unit": "ms", "ours": summary(ours),
        "of_it_embedding": round(given, 2), "bare": summary(theirs), "page": summary(page),
        "page_ratio": beyond(given, page, theirs), "passages": PASSAGES,
    }  # fmt: skip


def _texts() -> list[str]:
    """Three words each."""
    ranks = iter(MEDIUM)
    return [" ".join(map(word, three)) for three in zip(ranks, ranks, ranks, strict=True)]
