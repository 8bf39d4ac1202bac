"""The search endpoint by meaning in a library of 100,000 passages ÷ the bare query of the graph, same `ef_search`.

No word of the questions is said anywhere, so only meaning answers. What asking the embedder takes is subtracted.
"""

import os
import statistics
from pathlib import Path
from typing import Any

from django.db import connection

from core.tenancy import organization_scope
from knowledge.models.passage import DEFAULT_MODEL
from knowledge.question import Question
from knowledge.ranking import RANKED_WHOLE, SEARCHED_NEIGHBORS, Meaning, rank_passages
from media_library.models import Media
from tests.benchmarks.asking import REQUESTS, Query, bare, beyond, doors_of, embedding, queries
from tests.benchmarks.ground import alternate, summary
from tests.benchmarks.passages import Library, Vectors, fill
from tests.benchmarks.people import found, maker

PASSAGES, ROUNDS, NEAREST = int(os.environ.get("PASSAGES", "100000")), 7, 10
BY_GRAPH = f"""
SELECT passage_id FROM knowledge_embedding WHERE model = '{DEFAULT_MODEL}'
ORDER BY vector <=> %s::halfvec(1536) LIMIT 50"""  # noqa: S608  (a constant)


def measure(data: Path) -> dict[str, Any]:
    here, vectors = found(), Vectors()
    person = maker(here)
    asked = queries([f"unheard{chr(ord('a') + n)}" for n in range(REQUESTS)], vectors)
    fill(Library(here, PASSAGES, 4, 10), vectors=vectors)
    with connection.cursor() as cursor:
        cursor.execute(f"SET hnsw.ef_search = {SEARCHED_NEIGHBORS}")
    with doors_of(asked, person=person, data=data) as doors:
        ours, theirs = alternate(doors.endpoint, lambda: bare([_by_graph], asked), rounds=ROUNDS)
        page = [doors.page() for _ in range(ROUNDS)]
        given = embedding(asked, here)
    with organization_scope(here):
        recall = statistics.fmean(_recall(query) for query in asked)
    return {
        "ratio": beyond(given, ours, theirs), "aim": 3, "unit": "ms",
        "ours": summary(ours), "of_it_embedding": round(given, 2), "bare": summary(theirs), "page": summary(page),
        "page_ratio": beyond(given, page, theirs),
        "recall_at_10": round(recall, 4), "recall_aim": 0.97, "passages": PASSAGES,
    }  # fmt: skip


def _by_graph(query: Query) -> tuple[str, list[Any]]:
    return BY_GRAPH, [query.literal]


def _recall(query: Query) -> float:
    exact, ours = (_nearest(query, ranked_whole=whole) for whole in (PASSAGES, RANKED_WHOLE))
    return len(ours & exact) / len(exact)


def _nearest(query: Query, *, ranked_whole: int) -> set[Any]:
    meaning = Meaning(DEFAULT_MODEL, query.vector)
    hits = rank_passages(
        Question(), visible=Media.objects.all(), meaning=meaning, limit=NEAREST, ranked_whole=ranked_whole
    )
    return {hit.passage_id for hit in hits}
